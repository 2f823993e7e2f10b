// fold EVENTS FOLDER: one contact with that many events, which arrive shuffled in groups of 64, so that nearly every
// group folds it from the log; then one event more that is late, a fold of all of them. Prints one object of JSON:
// {"events":..., "shuffled_seconds":..., "one_fold_seconds":...}.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "base/time.h"
#include "projection/project.h"
#include "storage/database.h"
#include "storage/group.h"

namespace crmsink::bench {
namespace {

constexpr std::size_t kGroup = 64;
constexpr Millis kReceivedAt = 1'800'000'000'000;
constexpr Millis kFirst = 1'700'000'000'000;

// The n-th thing that happens to it, a minute after the one before.
Submission MakeEvent(std::size_t n) {
  Submission made;
  const std::string number = std::to_string(n);
  std::string& body = made.delivery.body;
  body = R"({"type":"ContactUpdate","locationId":"loc1","webhookId":"event-)" + number + R"(","timestamp":")" +
         FormatRfc3339(kFirst + static_cast<Millis>(n) * 60'000) + R"(","id":"contact1","firstName":"Name )" + number +
         R"(","email":"a@example.com","tags":[)";
  for (int i = 0; i < 5; ++i) body += (i > 0 ? ",\"tag-" : "\"tag-") + std::to_string(i) + '"';
  body += R"(],"customFields":[{"id":"field1","value":"value )" + number + "\"}]}";
  made.delivery.path = "/webhooks";
  made.delivery.received_at = kReceivedAt;
  made.event = std::move(ReadEvent(made.delivery).value());
  made.change = Project(*made.event, kReceivedAt);
  return made;
}

double Commit(Store& store, const std::vector<std::size_t>& numbers) {
  std::vector<Submission> group;
  for (const std::size_t number : numbers) group.push_back(MakeEvent(number));
  std::vector<Submission*> pointers;
  for (Submission& submission : group) pointers.push_back(&submission);
  const auto begin = std::chrono::steady_clock::now();
  if (const auto done = CommitGroup(store, pointers, "bench"); !done) {
    std::fprintf(stderr, "%s\n", done.error().message.c_str());
    std::exit(1);
  }
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

int Main(std::size_t events, const std::string& folder) {
  auto store = OpenStore("sqlite:" + folder + "/fold.db", {.create = true, .migrate = true});
  if (!store) {
    std::fprintf(stderr, "%s\n", store.error().message.c_str());
    return 1;
  }
  std::vector<std::size_t> order(events);
  for (std::size_t i = 0; i < events; ++i) order[i] = i + 1;
  std::mt19937_64 random(1);
  std::shuffle(order.begin(), order.end(), random);
  double shuffled = 0;
  for (std::size_t i = 0; i < events; i += kGroup) {
    const auto begin = order.begin() + static_cast<std::ptrdiff_t>(i);
    const auto end = order.begin() + static_cast<std::ptrdiff_t>(std::min(i + kGroup, events));
    shuffled += Commit(**store, {begin, end});
  }
  const double one = Commit(**store, {0});
  std::printf("{\"events\":%zu,\"shuffled_seconds\":%.2f,\"one_fold_seconds\":%.3f}\n", events, shuffled, one);
  return 0;
}

}  // namespace
}  // namespace crmsink::bench

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: fold EVENTS FOLDER\n");
    return 2;
  }
  return crmsink::bench::Main(std::strtoull(argv[1], nullptr, 10), argv[2]);
}
