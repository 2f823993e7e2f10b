#include "sink.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <future>
#include <mutex>
#include <new>
#include <utility>

#include "base/time.h"
#include "figure_taker.h"
#include "ingest/delivery_counts.h"
#include "ingest/intake.h"
#include "ingest/submission.h"
#include "replay/retry.h"
#include "signature/verifier.h"
#include "storage/database.h"
#include "storage/spool/spool.h"

namespace crmsink {

struct Sink::Impl {
  Options options;
  bool is_sqlite = false;
  std::unique_ptr<ServerLock> server_lock;  // of the one local file that this is the server of
  // All that were ever in use: somebody may still be checking with an older one.
  std::vector<std::unique_ptr<const Verifier>> verifiers;
  std::atomic<const Verifier*> verifier{nullptr};
  std::mutex reloading;
  std::atomic<bool> release_due{false};  // when the database is back
  std::function<void(const Event&)> on_event;
  DeliveryCounts counts;
  std::array<std::atomic<std::uint64_t>, 5> faults{};  // by Verdict::Fault
  std::unique_ptr<Intake> intake;                      // its threads use everything above
  std::unique_ptr<FigureTaker> figures;                // last: its thread uses the intake

  std::unique_ptr<Submission> Prepare(Arrival& arrival, Verdict& verdict) const {
    auto submission = std::make_unique<Submission>();
    Delivery& delivery = submission->delivery;
    delivery.path = std::move(arrival.path);
    delivery.body = std::move(arrival.body);
    delivery.received_at = options.clock();
    delivery.signature_scheme = std::move(verdict.scheme);
    delivery.signature_key = std::move(verdict.key);
    delivery.signature = std::move(verdict.signature);
    if (verdict.kind == Verdict::Kind::kUnverified) {
      submission->holding = Holding::kUnverified;
      submission->reason = "its signature fits no known key";
    } else {
      ReadSubmission(*submission, on_event);
    }
    return submission;
  }

  Result<void> UseKeys(const std::vector<std::string>& extra_keys) {
    auto created = Verifier::Create({.required = options.signature_required,
                                     .legacy_rsa = options.legacy_rsa,
                                     .builtin_keys = options.builtin_keys,
                                     .extra_pem = extra_keys});
    if (!created) return tl::unexpected(created.error());
    verifiers.push_back(std::make_unique<const Verifier>(*std::move(created)));
    verifier = verifiers.back().get();
    return {};
  }

  std::atomic<std::uint64_t>& FaultCount(Verdict::Fault fault) { return faults[static_cast<std::size_t>(fault)]; }

  void AfterOutage(Store& store);

  void Submit(Arrival& arrival, std::function<void(Ack)>& done) {
    Verdict verdict = verifier.load()->Check(arrival);
    if (verdict.fault != Verdict::Fault::kNone) ++FaultCount(verdict.fault);
    if (verdict.kind == Verdict::Kind::kUnsigned) {
      counts.Add(DeliveryCounts::kOther, AckStatus::kUnsigned);
      return done({AckStatus::kUnsigned, ""});
    }
    const bool unverified = verdict.kind == Verdict::Kind::kUnverified;
    auto submission = Prepare(arrival, verdict);
    const auto counted = [this, done, unverified, slot = counts.SlotOf(submission->event)](Ack ack) {
      ack.unverified = unverified;
      counts.Add(slot, ack.status);
      done(std::move(ack));
    };
    if (!intake->Submit(std::move(submission), counted)) counted({});
  }
};

namespace {

// What was held until its key is known. It is checked also where arrivals are not: those who sent it were not let in.
Result<void> ReleaseHeld(Store& store, const Sink::Options& set) {
  const auto verifier =
      Verifier::Create({.legacy_rsa = set.legacy_rsa, .builtin_keys = set.builtin_keys, .extra_pem = set.extra_keys});
  if (!verifier) return tl::unexpected(verifier.error());
  const auto report = Retry(store, {.where = Holding::kUnverified, .verifier = &*verifier});
  if (!report) return tl::unexpected(report.error());
  const std::uint64_t released = report->tried - report->stayed;
  if (released > 0 && set.on_release) set.on_release(released);
  return {};
}

bool IsAway(const Error& error) { return error.code == ErrorCode::kUnavailable || error.code == ErrorCode::kUnknown; }

// A start waits no longer for a server that does not let it in, where there is a spool: the next try has more time.
constexpr std::chrono::milliseconds kConnectingAtStart{1'500};

OpenOptions StoreOptions(const Sink::Options& set) {
  return {.create = true,
          .migrate = true,
          .synchronous = set.synchronous,
          .vfs = set.vfs,
          .checkpoint_frames = set.checkpoint_frames,
          .on_migration = set.on_migration};
}

// Everything but the spool and what follows an outage.
Intake::Options IntakeOptions(const Sink::Options& set, bool is_sqlite) {
  Intake::Options options;
  options.open = [database = set.database, open = StoreOptions(set)] { return OpenStore(database, open); };
  options.keeps_failed = is_sqlite;
  options.writer = set.writer;
  options.writers = is_sqlite ? 1 : std::max(set.writers, std::size_t{1});
  options.queue = {.deliveries = set.queue_deliveries, .bytes = set.queue_bytes};
  options.clock = set.clock;
  options.on_first_event = set.on_first_event;
  options.on_failure = set.on_failure;
  options.on_away = set.on_away;
  options.on_back = set.on_back;
  options.on_drained = set.on_drained;
  options.on_stuck = set.on_stuck;
  if (set.on_step) {
    options.on_commit = [step = set.on_step] { step(Sink::Step::kDatabaseCommitted); };
    options.on_spooled = [step = set.on_step] { step(Sink::Step::kSpoolCommitted); };
    options.on_deleting = [step = set.on_step] { step(Sink::Step::kSpoolDeleting); };
  }
  return options;
}

}  // namespace

Sink::Sink(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Result<std::unique_ptr<Sink>> Sink::Open(Options options) {
  if (!options.clock) options.clock = SystemNow;
  auto impl = std::make_unique<Impl>();
  impl->options = std::move(options);
  if (impl->options.on_event) {
    impl->on_event = [tell = impl->options.on_event](const Event& event) { tell(event.event_id, event.type); };
  }
  const Options& set = impl->options;
  if (auto done = impl->UseKeys(set.extra_keys); !done) return tl::unexpected(done.error());

  const auto url = DatabaseUrl::Parse(set.database);
  if (!url) return tl::unexpected(url.error());
  const bool is_sqlite = url->backend == DatabaseUrl::Backend::kSqlite;
  impl->is_sqlite = is_sqlite;
  const bool has_spool = !is_sqlite && set.spool_enabled;
  if (is_sqlite || has_spool) {
    auto lock = is_sqlite ? ServerLock::Take(url->file, "database") : ServerLock::Take(set.spool_file, "spool-file");
    if (!lock) return tl::unexpected(lock.error());
    impl->server_lock = *std::move(lock);
  }
  auto intake = IntakeOptions(set, is_sqlite);
  if (has_spool) {
    auto spool = Spool::Open(set.spool_file, set.spool_bytes);
    if (!spool) return tl::unexpected(spool.error());
    intake.spool = *std::move(spool);
    intake.after_outage = [impl = impl.get()](Store& store) { impl->AfterOutage(store); };
  }
  OpenOptions at_start = StoreOptions(set);
  if (has_spool) at_start.connecting = kConnectingAtStart;
  auto store = OpenStore(set.database, at_start);
  if (store) {
    if (auto done = ReleaseHeld(**store, set); !done) store = tl::unexpected(done.error());
  }
  if (!store && !(has_spool && IsAway(store.error()))) return tl::unexpected(store.error());
  impl->release_due = !store;
  impl->intake = std::make_unique<Intake>(std::move(intake), std::move(store));
  impl->figures = std::make_unique<FigureTaker>(
      FigureTaker::Options{.database = set.database, .spool_file = has_spool ? set.spool_file : ""},
      impl->intake->last_events());
  return std::unique_ptr<Sink>(new Sink(std::move(impl)));
}

void Sink::Impl::AfterOutage(Store& store) {
  if (!release_due.exchange(false)) return;
  const std::lock_guard lock(reloading);
  const auto done = ReleaseHeld(store, options);
  if (done) return;
  release_due = true;
  if (options.on_stuck) options.on_stuck(done.error());
}

Sink::~Sink() { Close(); }

void Sink::Submit(Arrival arrival, std::function<void(Ack)> done) {
  try {
    impl_->Submit(arrival, done);
  } catch (const std::bad_alloc&) {
    // Nothing was queued: what throws is before the queue.
    impl_->counts.Add(DeliveryCounts::kOther, AckStatus::kBusy);
    done({});
  }
}

Ack Sink::Accept(Arrival arrival) {
  std::promise<Ack> outcome;
  Submit(std::move(arrival), [&outcome](Ack ack) { outcome.set_value(std::move(ack)); });
  return outcome.get_future().get();
}

Result<void> Sink::ReloadKeys(std::vector<std::string> extra_keys) {
  const std::lock_guard lock(impl_->reloading);
  if (auto done = impl_->UseKeys(extra_keys); !done) return done;
  Options& set = impl_->options;
  set.extra_keys = std::move(extra_keys);
  impl_->release_due = true;
  Intake& intake = *impl_->intake;
  if (intake.away() || !impl_->release_due.exchange(false)) return {};  // when it is back; or it has just been done
  const auto store = OpenStore(set.database, {.synchronous = set.synchronous, .vfs = set.vfs});
  auto done = store ? ReleaseHeld(**store, set) : Result<void>(tl::unexpected(store.error()));
  if (done || !intake.has_spool() || !IsAway(done.error())) return done;
  impl_->release_due = true;
  intake.BeginOutage(done.error());
  return {};
}

void Sink::CountRefusal(std::string_view kind, std::string_view detail) { impl_->intake->CountRefusal(kind, detail); }

bool Sink::Ready() const { return impl_->intake->Ready(); }

Sink::Counters Sink::counters() const {
  const Intake::Counters now = impl_->intake->counters();
  const auto of = [this](AckStatus outcome) { return impl_->counts.Of(outcome); };
  const auto faults = [this](Verdict::Fault fault) { return impl_->FaultCount(fault).load(); };
  Counters counters{.stored = of(AckStatus::kStored),
                    .duplicate = of(AckStatus::kDuplicate),
                    .quarantined = of(AckStatus::kQuarantined),
                    .unsigned_ = of(AckStatus::kUnsigned),
                    .held = of(AckStatus::kHeld),
                    .busy = of(AckStatus::kBusy),
                    .commits = now.commits.commits,
                    .folds = now.commits.folds,
                    .commit_failures = now.commits.failures,
                    .queue_deliveries = now.queue.deliveries,
                    .queue_bytes = now.queue.bytes,
                    .spooled = of(AckStatus::kSpooled),
                    .drained = now.drained,
                    .spool_deliveries = now.spool.deliveries,
                    .spool_bytes = now.spool.bytes,
                    .spool_oldest_received_at = now.spool.oldest_received_at,
                    .away = now.away,
                    .signature_missing = faults(Verdict::Fault::kMissing),
                    .signature_malformed = faults(Verdict::Fault::kMalformed),
                    .signature_unknown_key = faults(Verdict::Fault::kUnknownKey),
                    .signature_legacy_off = faults(Verdict::Fault::kLegacyOff),
                    .commit_micros = now.commit_micros,
                    .group_deliveries = now.group_deliveries,
                    .queue_limit = impl_->options.queue_deliveries,
                    .spool_limit_bytes = impl_->intake->has_spool() ? impl_->options.spool_bytes : 0};
  for (const auto& line : impl_->counts.ByType()) {
    counters.by_type.push_back({line.type, line.outcome, line.deliveries});
  }
  return counters;
}

std::shared_ptr<const Sink::Figures> Sink::figures() { return impl_->figures->Latest(); }

std::vector<std::pair<std::string, Millis>> Sink::last_events() const { return impl_->intake->last_events().All(); }

void Sink::Close() {
  // Whoever closes a SQLite file last empties its WAL: that is to be the intake. A server may hang: both wait at once.
  if (impl_->figures != nullptr) impl_->is_sqlite ? impl_->figures->Stop() : impl_->figures->BeginStop();
  if (impl_->intake != nullptr) impl_->intake->Stop();
  if (impl_->figures != nullptr) impl_->figures->Stop();
  impl_->server_lock.reset();
}

}  // namespace crmsink
