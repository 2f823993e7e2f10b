#include "sink.h"

#include <atomic>
#include <future>
#include <mutex>
#include <new>
#include <utility>

#include "base/time.h"
#include "ingest/committer.h"
#include "ingest/submission.h"
#include "replay/retry.h"
#include "signature/verifier.h"
#include "storage/database.h"

namespace crmsink {

struct Sink::Impl {
  Options options;
  std::unique_ptr<ServerLock> lock;
  // All that were ever in use: somebody may still be checking with an older one.
  std::vector<std::unique_ptr<const Verifier>> verifiers;
  std::atomic<const Verifier*> verifier{nullptr};
  std::mutex reloading;
  std::unique_ptr<Committer> committer;
  std::atomic<std::uint64_t> stored{0}, duplicate{0}, quarantined{0}, unsigned_{0}, held{0}, busy{0};

  void Count(AckStatus status) {
    switch (status) {
      case AckStatus::kStored:
        ++stored;
        return;
      case AckStatus::kDuplicate:
        ++duplicate;
        return;
      case AckStatus::kQuarantined:
        ++quarantined;
        return;
      case AckStatus::kUnsigned:
        ++unsigned_;
        return;
      case AckStatus::kHeld:
        ++held;
        return;
      case AckStatus::kBusy:
        ++busy;
        return;
    }
  }

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
      ReadSubmission(*submission);
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

  void Submit(Arrival& arrival, std::function<void(Ack)>& done) {
    Verdict verdict = verifier.load()->Check(arrival);
    if (verdict.kind == Verdict::Kind::kUnsigned) {
      Count(AckStatus::kUnsigned);
      return done({AckStatus::kUnsigned, ""});
    }
    auto submission = Prepare(arrival, verdict);
    const auto counted = [this, done](Ack ack) {
      Count(ack.status);
      done(std::move(ack));
    };
    if (!committer->Submit(std::move(submission), counted)) counted({});
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

}  // namespace

Sink::Sink(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Result<std::unique_ptr<Sink>> Sink::Open(Options options) {
  if (!options.clock) options.clock = SystemNow;
  auto impl = std::make_unique<Impl>();
  impl->options = std::move(options);
  const Options& set = impl->options;
  if (auto done = impl->UseKeys(set.extra_keys); !done) return tl::unexpected(done.error());

  const auto url = DatabaseUrl::Parse(set.database);
  if (!url) return tl::unexpected(url.error());
  if (url->backend == DatabaseUrl::Backend::kSqlite) {
    auto lock = ServerLock::Take(url->file, "database");
    if (!lock) return tl::unexpected(lock.error());
    impl->lock = *std::move(lock);
  }
  const auto open = [database = set.database, synchronous = set.synchronous, vfs = set.vfs,
                     on_migration = set.on_migration] {
    return OpenStore(
        database,
        {.create = true, .migrate = true, .synchronous = synchronous, .vfs = vfs, .on_migration = on_migration});
  };
  auto store = open();
  if (!store) return tl::unexpected(store.error());
  if (auto done = ReleaseHeld(**store, set); !done) return tl::unexpected(done.error());
  impl->committer = std::make_unique<Committer>(Committer::Options{.open = open,
                                                                   .writer = set.writer,
                                                                   .max_deliveries = set.queue_deliveries,
                                                                   .max_bytes = set.queue_bytes,
                                                                   .clock = set.clock,
                                                                   .on_first_event = set.on_first_event,
                                                                   .on_failure = set.on_failure},
                                                *std::move(store));
  return std::unique_ptr<Sink>(new Sink(std::move(impl)));
}

Sink::~Sink() { Close(); }

void Sink::Submit(Arrival arrival, std::function<void(Ack)> done) {
  try {
    impl_->Submit(arrival, done);
  } catch (const std::bad_alloc&) {
    // Nothing was queued: what throws is before the queue.
    impl_->Count(AckStatus::kBusy);
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
  const auto store = OpenStore(set.database, {.synchronous = set.synchronous, .vfs = set.vfs});
  if (!store) return tl::unexpected(store.error());
  return ReleaseHeld(**store, set);
}

void Sink::CountRefusal(std::string_view kind, std::string_view detail) {
  impl_->committer->CountRefusal(kind, detail);
}

bool Sink::Ready() const { return impl_->committer->healthy(); }

Sink::Counters Sink::counters() const {
  const auto queue = impl_->committer->counters();
  return {.stored = impl_->stored,
          .duplicate = impl_->duplicate,
          .quarantined = impl_->quarantined,
          .unsigned_ = impl_->unsigned_,
          .held = impl_->held,
          .busy = impl_->busy,
          .commits = queue.commits,
          .folds = queue.folds,
          .commit_failures = queue.failures,
          .queue_deliveries = queue.deliveries,
          .queue_bytes = queue.bytes};
}

void Sink::Close() {
  if (impl_->committer != nullptr) impl_->committer->Stop();
  impl_->lock.reset();
}

}  // namespace crmsink
