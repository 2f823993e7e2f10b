#include "replay/retry.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "ingest/submission.h"
#include "storage/database.h"

namespace crmsink {
namespace {

constexpr const char* kWriter = "retry";
// What one transaction holds in memory, and how long it keeps others waiting.
constexpr std::size_t kGroup = 100;
constexpr std::size_t kGroupBytes = std::size_t{4} << 20;
// Each waits two seconds for the writer that is in the way.
constexpr int kTries = 5;

class Run {
 public:
  Run(Store& store, const RetryOptions& options) : store_(store), options_(options) {
    std::ranges::sort(options_.ids);
    // Not std::ranges::unique: Clang 14, which builds the fuzzers, does not compile it with GCC 12's library.
    options_.ids.erase(std::unique(options_.ids.begin(), options_.ids.end()), options_.ids.end());
  }

  Result<RetryReport> All() {
    Reporter progress(options_.on_progress, "deliveries tried again", options_.ids.size());
    while (true) {
      auto held = NextGroup();
      if (!held) return tl::unexpected(held.error());
      if (held->empty()) return report_;
      if (auto done = TryGroup(*held); !done) return tl::unexpected(done.error());
      progress.Add(held->size());
    }
  }

 private:
  struct Try {
    const HeldDelivery* held;
    std::unique_ptr<Submission> submission;
  };

  Result<std::vector<HeldDelivery>> NextGroup() {
    auto reading = store_.Begin(Store::Mode::kRead);
    if (!reading) return tl::unexpected(reading.error());
    std::vector<HeldDelivery> group;
    for (std::size_t bytes = 0; group.size() < kGroup && bytes < kGroupBytes;) {
      const bool chosen = !options_.ids.empty();
      if (chosen && next_id_ == options_.ids.size()) break;
      auto held = (*reading)->HeldAfter(options_.where, chosen ? options_.ids[next_id_] - 1 : after_, 1);
      if (!held) return tl::unexpected(held.error());
      if (chosen && (held->empty() || held->front().id != options_.ids[next_id_])) {
        return Fail(ErrorCode::kInvalid, "there is no number " + std::to_string(options_.ids[next_id_]));
      }
      if (held->empty()) break;
      ++next_id_;
      after_ = held->front().id;
      bytes += held->front().delivery.body.size();
      group.push_back(std::move(held->front()));
    }
    return group;
  }

  Result<void> TryGroup(const std::vector<HeldDelivery>& group) {
    std::vector<Try> tries;
    for (const HeldDelivery& held : group) {
      ++report_.tried;
      if (auto submission = Prepare(held)) tries.push_back({&held, std::move(submission)});
    }
    if (tries.empty()) return {};
    const auto outcome = Commit(tries);
    if (!outcome && outcome.error().code != ErrorCode::kData) return tl::unexpected(outcome.error());
    if (!outcome) return TryOneByOne(group);
    for (std::size_t i = 0; i < tries.size(); ++i) Note(tries[i], outcome->acks[i].status);
    return {};
  }

  // The database refuses the data of one of them.
  Result<void> TryOneByOne(const std::vector<HeldDelivery>& group) {
    for (const HeldDelivery& held : group) {
      std::vector<Try> one;
      if (auto submission = Prepare(held, false)) one.push_back({&held, std::move(submission)});
      if (one.empty()) continue;
      const auto outcome = Commit(one);
      if (outcome) {
        Note(one[0], outcome->acks[0].status);
      } else if (outcome.error().code == ErrorCode::kData) {
        Stay(held, "the database refuses it: " + outcome.error().message);
      } else {
        return tl::unexpected(outcome.error());
      }
    }
    return {};
  }

  // Empty where it stays.
  std::unique_ptr<Submission> Prepare(const HeldDelivery& held, bool tell = true) {
    auto submission = std::make_unique<Submission>();
    submission->delivery = held.delivery;
    submission->origin = {options_.where, held.id};
    if (options_.where == Holding::kUnverified && !Verify(submission->delivery)) {
      if (tell) Stay(held, "its signature fits no known key");
      return nullptr;
    }
    ReadSubmission(*submission);
    return submission;
  }

  bool Verify(Delivery& delivery) const {
    Arrival arrival{.path = delivery.path, .body = delivery.body, .ghl_signatures = {}, .wh_signatures = {}};
    auto& header = delivery.signature_scheme == "ed25519" ? arrival.ghl_signatures : arrival.wh_signatures;
    header.push_back(delivery.signature);
    Verdict verdict = options_.verifier->Check(arrival);
    if (verdict.kind != Verdict::Kind::kAuthentic) return false;
    delivery.signature_scheme = std::move(verdict.scheme);
    delivery.signature_key = std::move(verdict.key);
    delivery.signature = std::move(verdict.signature);
    return true;
  }

  Result<GroupOutcome> Commit(const std::vector<Try>& tries) {
    std::vector<Submission*> submissions;
    for (const Try& one : tries) submissions.push_back(one.submission.get());
    for (int i = 1;; ++i) {
      auto outcome = CommitGroup(store_, submissions, kWriter);
      if (outcome || outcome.error().code != ErrorCode::kUnavailable || i == kTries) return outcome;
    }
  }

  void Note(const Try& one, AckStatus status) {
    if (status == AckStatus::kStored) {
      ++report_.stored;
    } else if (status == AckStatus::kDuplicate) {
      ++report_.duplicate;
    } else if (status == AckStatus::kQuarantined && options_.where == Holding::kUnverified) {
      ++report_.quarantined;
    } else {
      Stay(*one.held, one.submission->reason);
    }
  }

  void Stay(const HeldDelivery& held, std::string_view reason) {
    ++report_.stayed;
    if (options_.on_stay) options_.on_stay(held, reason);
  }

  Store& store_;
  RetryOptions options_;
  std::int64_t after_ = 0;
  std::size_t next_id_ = 0;
  RetryReport report_;
};

}  // namespace

Result<RetryReport> Retry(Store& store, const RetryOptions& options) { return Run(store, options).All(); }

Result<RetryReport> Retry(const std::string& url, const RetryOptions& options) {
  const auto store = OpenStore(url, {});
  if (!store) return tl::unexpected(store.error());
  return Retry(**store, options);
}

}  // namespace crmsink
