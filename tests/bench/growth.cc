// growth EVENTS FOLDER LAYOUT...: how fast the store is as it grows, tenth by tenth; where both layouts are named
// (crmsink, naive) in turn, so that both see the same machine. One thread, groups of 64, contacts of 1.1 kB with ten
// child rows, 30 % of them new. Leaves crmsink.db and naive.db in the folder. Prints NDJSON: {"layout":...,
// "tenth":..., "events_per_second":..., "commit_p50_ms":..., "p99":..., "worst":..., "file_mb":..., "wal_mb":...}.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
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

double Megabytes(const std::string& file) {
  std::error_code missing;
  const auto bytes = std::filesystem::file_size(file, missing);
  return missing ? 0 : static_cast<double>(bytes) / 1e6;
}

// Runs one tenth. What is timed is all that a delivery costs behind the socket: reading, projection, commit.
template <class Commit>
void RunTenth(const std::string& file, int tenth, std::size_t groups, EventMaker& maker, Commit commit) {
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
      "\"worst\":%.1f,\"file_mb\":%.1f,\"wal_mb\":%.1f}\n",
      std::filesystem::path(file).stem().c_str(), tenth, static_cast<double>(groups * kGroup) * 1000 / total,
      commits[commits.size() / 2], commits[commits.size() * 99 / 100], commits.back(), Megabytes(file),
      Megabytes(file + "-wal"));
  std::fflush(stdout);
}

void CommitOurs(Store& store, std::vector<Submission>& group) {
  std::vector<Submission*> pointers;
  for (Submission& submission : group) pointers.push_back(&submission);
  if (const auto done = CommitGroup(store, pointers, "bench"); !done) {
    std::fprintf(stderr, "%s\n", done.error().message.c_str());
    std::exit(1);
  }
}

void CommitNaively(NaiveLayout& naive, std::vector<Submission>& group) {
  std::vector<NaiveLayout::Item> items;
  for (Submission& submission : group) items.push_back({&submission.delivery, &*submission.event, &*submission.change});
  naive.Commit(items);
}

int Main(std::size_t events, const std::string& folder, bool with_ours, bool with_naive) {
  const std::string our_file = folder + "/crmsink.db", naive_file = folder + "/naive.db";
  auto store = OpenStore("sqlite:" + our_file, {.create = true, .migrate = true});
  if (!store) {
    std::fprintf(stderr, "%s\n", store.error().message.c_str());
    return 1;
  }
  NaiveLayout naive(naive_file);
  EventMaker ours(1), theirs(1);
  const std::size_t groups = events / 10 / kGroup;
  for (int tenth = 1; tenth <= 10; ++tenth) {
    if (with_ours) RunTenth(our_file, tenth, groups, ours, [&](auto& group) { CommitOurs(**store, group); });
    if (with_naive) RunTenth(naive_file, tenth, groups, theirs, [&](auto& group) { CommitNaively(naive, group); });
  }
  return 0;
}

}  // namespace
}  // namespace crmsink::bench

int main(int argc, char** argv) {
  bool with_ours = false, with_naive = false, other = argc < 4;
  for (int i = 3; i < argc; ++i) {
    const std::string_view layout = argv[i];
    with_ours = with_ours || layout == "crmsink";
    with_naive = with_naive || layout == "naive";
    other = other || (layout != "crmsink" && layout != "naive");
  }
  if (other) {
    std::fprintf(stderr, "usage: growth EVENTS FOLDER crmsink|naive...\n");
    return 2;
  }
  return crmsink::bench::Main(std::strtoull(argv[1], nullptr, 10), argv[2], with_ours, with_naive);
}
