#include "ingest/drainer.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "ingest/submission.h"

namespace crmsink {
namespace {

// What one group holds in memory, and how long it keeps live deliveries of the same entities waiting.
constexpr std::size_t kMostDeliveries = 100;
constexpr std::size_t kMostBytes = std::size_t{4} << 20;
constexpr std::size_t kMostTold = 100;

}  // namespace

Drainer::Drainer(Options options, Spool& spool, Outage& outage)
    : options_(std::move(options)),
      spool_(spool),
      outage_(outage),
      writer_(options_.writing, nullptr),
      limit_(kMostDeliveries),
      pause_(options_.first_pause),
      dice_(std::random_device()()),
      thread_([this] { Run(); }) {}

Drainer::~Drainer() { Stop(); }

void Drainer::Stop() {
  stopped_ = true;
  outage_.Stop();
  if (thread_.joinable()) thread_.join();
  writer_.Close();
}

void Drainer::Run() {
  while (!stopped_) {
    Next next = Next::kPause;
    try {
      next = Step();
    } catch (const std::exception& e) {
      TellStuck({ErrorCode::kInternal, std::string("draining: ") + e.what()});
    }
    if (next == Next::kWait && !outage_.AwaitRing()) return;
    if (next == Next::kPause && !outage_.Pause(NextPause())) return;
  }
}

Drainer::Next Drainer::Step() {
  auto entries = spool_.Oldest(after_, limit_, kMostBytes);
  if (entries) return entries->empty() ? AtTheEnd() : Drain(*entries);
  // A spool that cannot be read is no reason to keep others from a database that is there.
  TellStuck(entries.error());
  if (outage_.away()) LooksForDatabase();
  return Next::kPause;
}

Drainer::Next Drainer::AtTheEnd() {
  after_ = 0;
  if (spool_.size().deliveries > 0) return Next::kPause;  // what was passed over, or has just come
  if (const auto drained = std::exchange(drained_since_empty_, 0); drained > 0 && options_.on_drained) {
    options_.on_drained(drained);
  }
  if (outage_.away() && !LooksForDatabase()) return Next::kPause;
  pause_ = options_.first_pause;
  return Next::kWait;
}

Drainer::Next Drainer::Drain(std::vector<Spool::Entry>& entries) {
  std::vector<Submission> submissions(entries.size());
  std::vector<Submission*> group;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    submissions[i].delivery = std::move(entries[i].delivery);
    submissions[i].may_be_stored = true;  // by a commit of unknown outcome, or before this program was killed
    ReadSubmission(submissions[i]);
    group.push_back(&submissions[i]);
  }
  const auto written = writer_.Write(group);
  const auto is_kept = [](const std::optional<Ack>& ack) { return ack && ack->status != AckStatus::kBusy; };
  const auto end = std::ranges::find_if_not(written.acks, is_kept);
  const auto kept = static_cast<std::size_t>(end - written.acks.begin());
  const std::span<const Spool::Entry> all(entries);
  if (kept > 0) Remove(all.first(kept));
  if (kept < entries.size()) {
    return AfterFailure(all.subspan(kept),
                        written.failure.value_or(Error{ErrorCode::kInternal, "the database has no room for it"}));
  }
  limit_ = std::min(limit_ * 2, kMostDeliveries);
  return Next::kAgain;
}

void Drainer::Remove(std::span<const Spool::Entry> entries) {
  if (options_.on_deleting) options_.on_deleting();
  if (const auto done = spool_.Delete(entries); !done) TellStuck(done.error());
  drained_ += entries.size();
  drained_since_empty_ += entries.size();
  pause_ = options_.first_pause;
  Back();
}

Drainer::Next Drainer::AfterFailure(std::span<const Spool::Entry> left, const Error& failure) {
  limit_ = std::max(left.size() / 2, std::size_t{1});
  if (left.size() > 1 && outage_.away()) return Next::kPause;
  if (const auto there = writer_.Probe(); !there) {
    outage_.Begin(there.error());
  } else if (left.size() == 1) {
    after_ = left.front().id;
    TellStuck({failure.code, "a delivery stays in the spool for now: " + failure.message});
  }
  return Next::kPause;
}

bool Drainer::LooksForDatabase() {
  if (!writer_.Probe()) return false;
  Back();
  return true;
}

void Drainer::Back() {
  if (!outage_.End()) return;
  told_.clear();
  if (options_.on_back) options_.on_back(spool_.size().deliveries);
  if (options_.after_outage && writer_.store() != nullptr) options_.after_outage(*writer_.store());
}

void Drainer::TellStuck(const Error& error) {
  if (told_.size() >= kMostTold || !told_.insert(error.message).second) return;
  if (options_.on_stuck) options_.on_stuck(error);
}

// Between a half and all of what it would be, so that many do not come back at once.
std::chrono::milliseconds Drainer::NextPause() {
  const auto most = pause_.count();
  pause_ = std::min(pause_ * 2, options_.longest_pause);
  return std::chrono::milliseconds(std::uniform_int_distribution<std::int64_t>(most / 2, most)(dice_));
}

}  // namespace crmsink
