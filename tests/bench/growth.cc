// growth EVENTS FOLDER: how fast the store is as it grows, beside a naive layout, tenth by tenth and in turn, so that
// both see the same machine. One thread, groups of 64, contacts of 1.1 kB with ten child rows, 30 % of them new.
// Prints NDJSON: {"layout":..., "tenth":..., "events_per_second":..., "commit_p50_ms":..., "p99":..., "worst":...}.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "bench/event_maker.h"
#include "bench/naive_layout.h"
#include "projection/project.h"
#include "storage/database.h"
#include "storage/group.h"

namespace crmsink::bench {
namespace {

constexpr std::size_t kGroup = 64;
constexpr Millis kReceivedAt = 1'800'000'000'000;

using Clock = std::chrono::steady_clock;

double MillisSince(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

std::vector<Submission> MakeGroup(EventMaker& maker) {
  std::vector<Submission> group(kGroup);
  for (Submission& submission : group) {
    MadeEvent made = maker.Contact();
    submission.delivery.path = std::move(made.path);
    submission.delivery.body = std::move(made.body);
    submission.delivery.received_at = kReceivedAt;
  }
  return group;
}

void Read(Submission& submission) {
  submission.event = std::move(ReadEvent(submission.delivery).value());
  submission.change = Project(*submission.event, kReceivedAt);
}

// Runs one tenth. What is timed is all that a delivery costs behind the socket: reading, projection, commit.
template <class Commit>
void RunTenth(const char* layout, int tenth, std::size_t groups, EventMaker& maker, Commit commit) {
  std::vector<double> commits;
  double total = 0;
  for (std::size_t i = 0; i < groups; ++i) {
    std::vector<Submission> group = MakeGroup(maker);
    const auto begin = Clock::now();
    for (Submission& submission : group) Read(submission);
    const auto committing = Clock::now();
    commit(group);
    commits.push_back(MillisSince(committing));
    total += MillisSince(begin);
  }
  std::sort(commits.begin(), commits.end());
  std::printf(
      "{\"layout\":\"%s\",\"tenth\":%d,\"events_per_second\":%.0f,\"commit_p50_ms\":%.1f,\"p99\":%.1f,"
      "\"worst\":%.1f}\n",
      layout, tenth, static_cast<double>(groups * kGroup) * 1000 / total, commits[commits.size() / 2],
      commits[commits.size() * 99 / 100], commits.back());
  std::fflush(stdout);
}

int Main(std::size_t events, const std::string& folder) {
  auto store = OpenStore("sqlite:" + folder + "/crmsink.db", {.create = true, .migrate = true});
  if (!store) {
    std::fprintf(stderr, "%s\n", store.error().message.c_str());
    return 1;
  }
  NaiveLayout naive(folder + "/naive.db");
  EventMaker ours(1), theirs(1);
  const std::size_t groups = events / 10 / kGroup;
  for (int tenth = 1; tenth <= 10; ++tenth) {
    RunTenth("crmsink", tenth, groups, ours, [&](std::vector<Submission>& group) {
      std::vector<Submission*> pointers;
      for (Submission& submission : group) pointers.push_back(&submission);
      if (const auto done = CommitGroup(**store, pointers, "bench"); !done) {
        std::fprintf(stderr, "%s\n", done.error().message.c_str());
        std::exit(1);
      }
    });
    RunTenth("naive", tenth, groups, theirs, [&](std::vector<Submission>& group) {
      std::vector<NaiveLayout::Item> items;
      for (Submission& submission : group)
        items.push_back({&submission.delivery, &*submission.event, &*submission.change});
      naive.Commit(items);
    });
  }
  return 0;
}

}  // namespace
}  // namespace crmsink::bench

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: growth EVENTS FOLDER\n");
    return 2;
  }
  return crmsink::bench::Main(std::strtoull(argv[1], nullptr, 10), argv[2]);
}
