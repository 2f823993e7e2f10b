#include "account.h"

#include <algorithm>

#include "base/sha256.h"

namespace crmsink::soak {
namespace {

constexpr std::size_t kShownBad = 100;

// "stored" of {"status":"stored",...}; the number of anything but a 200.
std::string ClassOf(const http::RawAnswer& answer) {
  constexpr std::string_view kBefore = R"({"status":")";
  if (answer.status == 0) return "unanswered";
  if (answer.status != 200 || !answer.body.starts_with(kBefore)) return std::to_string(answer.status);
  return answer.body.substr(kBefore.size(), answer.body.find('"', kBefore.size()) - kBefore.size());
}

}  // namespace

Digest DigestOf(std::string_view body) {
  const auto whole = Sha256({body});
  Digest half;
  std::copy_n(whole.begin(), half.size(), half.begin());
  return half;
}

void Account::Note(Intent intent, const fault::MadeEvent& event, const http::RawAnswer& answer,
                   std::chrono::milliseconds took) {
  const std::string outcome = ClassOf(answer);
  const Digest digest = DigestOf(event.body);
  const bool is_kept = outcome == "stored" || outcome == "duplicate" || outcome == "spooled";
  const std::lock_guard lock(mutex_);
  ++answers_[outcome];
  if (intent == Intent::kUnsigned) forged_.insert(event.event_id);
  if (outcome == "unanswered") return;
  slowest_ = std::max(slowest_, took);
  bool is_right = outcome == "429" || outcome == "quarantined" || is_kept;
  if (intent == Intent::kUnsigned) is_right = answer.status == 401;
  if (intent == Intent::kEvent && outcome == "quarantined") is_right = false;
  if (!is_right && bad_.size() < kShownBad) bad_.push_back(outcome + ": " + answer.body);
  if (!is_right) return;
  if (intent == Intent::kEvent && is_kept) events_[event.event_id] = {digest, event.table, event.entity_id};
  if (intent == Intent::kNoEvent && outcome != "429") quarantined_[digest] = event.body;
}

std::string Account::Shown() const {
  const std::lock_guard lock(mutex_);
  std::string text;
  for (const auto& [outcome, count] : answers_) {
    text += (text.empty() ? "" : ", ") + outcome + ' ' + std::to_string(count);
  }
  return text;
}

std::size_t Account::acknowledged() const {
  const std::lock_guard lock(mutex_);
  return events_.size();
}

std::chrono::milliseconds Account::slowest() const {
  const std::lock_guard lock(mutex_);
  return slowest_;
}

std::vector<std::string> Account::bad() const {
  const std::lock_guard lock(mutex_);
  return bad_;
}

}  // namespace crmsink::soak
