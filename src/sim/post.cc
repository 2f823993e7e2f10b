#include "sim/post.h"

#include <httplib.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace crmsink::sim {
namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

struct Target {
  std::string server;  // scheme, host and port
  std::string prefix;  // of each path
};

Result<Target> ParseUrl(const std::string& url) {
  const auto scheme = url.find("://");
  if (scheme == std::string::npos || (!url.starts_with("http://") && !url.starts_with("https://"))) {
    return Fail(ErrorCode::kInvalid, "--post wants a URL like http://127.0.0.1:8080, not " + url);
  }
  const auto slash = url.find('/', scheme + 3);
  Target target{url.substr(0, slash), slash == std::string::npos ? "" : url.substr(slash)};
  while (target.prefix.ends_with('/')) target.prefix.pop_back();
  return target;
}

class Poster {
 public:
  Poster(const std::vector<Sent>& sent, const Signer& signer, const PostOptions& options, Target target)
      : sent_(sent), signer_(signer), options_(options), target_(std::move(target)), began_(Clock::now()) {}

  PostReport Run(const std::function<void(const PostReport&)>& on_progress) {
    std::vector<std::jthread> connections;
    for (int i = 0; i < std::max(1, options_.connections); ++i) connections.emplace_back([this] { Work(); });
    std::unique_lock lock(mutex_);
    while (!changed_.wait_for(lock, std::chrono::seconds(2), [this] { return report_.Done() == sent_.size(); })) {
      if (on_progress) on_progress(SoFar());
    }
    return SoFar();
  }

 private:
  PostReport SoFar() const {
    PostReport report = report_;
    report.took = Clock::now() - began_;
    return report;
  }

  void Work() {
    httplib::Client client(target_.server);
    client.set_keep_alive(true);
    client.set_tcp_nodelay(true);
    client.set_read_timeout(60, 0);
    for (std::size_t i = next_++; i < sent_.size(); i = next_++) {
      if (options_.rate > 0) {
        const Seconds due(static_cast<double>(i) / options_.rate);
        std::this_thread::sleep_until(began_ + std::chrono::duration_cast<Clock::duration>(due));
      }
      Deliver(client, sent_[i]);
    }
  }

  void Deliver(httplib::Client& client, const Sent& sent) {
    const httplib::Headers headers = {{"X-GHL-Signature", signer_.Sign(sent.body)}};
    int status = 0;
    for (int attempt = 0; attempt <= options_.most_retries; ++attempt) {
      if (attempt > 0) CountRetry();
      const auto answer = client.Post((target_.prefix + sent.path).c_str(), headers, sent.body, "application/json");
      status = answer ? answer->status : 0;
      if (status != 0 && status != 429) break;
      if (attempt < options_.most_retries) std::this_thread::sleep_for(PauseOf(answer));
    }
    const std::lock_guard lock(mutex_);
    ++report_.answers[status];
    if (report_.Done() == sent_.size()) changed_.notify_all();
  }

  static std::chrono::seconds PauseOf(const httplib::Result& answer) {
    int seconds = 1;
    if (answer) {
      const std::string text = answer->get_header_value("Retry-After");
      std::from_chars(text.data(), text.data() + text.size(), seconds);
    }
    return std::chrono::seconds(std::clamp(seconds, 1, 600));
  }

  void CountRetry() {
    const std::lock_guard lock(mutex_);
    ++report_.retries;
  }

  const std::vector<Sent>& sent_;
  const Signer& signer_;
  const PostOptions& options_;
  const Target target_;
  const Clock::time_point began_;
  std::atomic<std::size_t> next_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  PostReport report_;  // guarded by mutex_
};

}  // namespace

std::size_t PostReport::Done() const {
  std::size_t done = 0;
  for (const auto& [status, count] : answers) done += count;
  return done;
}

std::size_t PostReport::Kept() const {
  std::size_t kept = 0;
  for (const auto& [status, count] : answers) kept += status >= 200 && status < 300 ? count : 0;
  return kept;
}

Result<PostReport> Post(const std::vector<Sent>& sent, const Signer& signer, const PostOptions& options,
                        const std::function<void(const PostReport&)>& on_progress) {
  auto target = ParseUrl(options.url);
  if (!target) return tl::unexpected(target.error());
  if (sent.empty()) return PostReport();
  return Poster(sent, signer, options, *std::move(target)).Run(on_progress);
}

}  // namespace crmsink::sim
