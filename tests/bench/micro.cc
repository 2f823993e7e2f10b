// micro: what the pieces of an event's way cost by themselves, in one thread (Google Benchmark).
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "bench/event_maker.h"
#include "bench/signing_key.h"
#include "event/event.h"
#include "http/request_parser.h"
#include "projection/project.h"
#include "signature/verifier.h"
#include "storage/database.h"
#include "storage/group.h"
#include "support/temp_folder.h"

namespace crmsink::bench {
namespace {

constexpr Millis kReceivedAt = 1'800'000'000'000;

Delivery Made(const MadeEvent& event) {
  Delivery delivery;
  delivery.path = event.path;
  delivery.body = event.body;
  delivery.received_at = kReceivedAt;
  return delivery;
}

using Make = MadeEvent (EventMaker::*)();

std::vector<Delivery> Deliveries(Make make, std::size_t count = 1000) {
  EventMaker maker(1);
  std::vector<Delivery> made;
  for (std::size_t i = 0; i < count; ++i) made.push_back(Made((maker.*make)()));
  return made;
}

void ParseRequest(benchmark::State& state) {
  const MadeEvent event = EventMaker(1).Contact();
  const std::string bytes =
      "POST " + event.path +
      " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nX-GHL-Signature: " + std::string(88, 'A') +
      "\r\nContent-Length: " + std::to_string(event.body.size()) + "\r\n\r\n" + event.body;
  for (auto _ : state) {
    http::RequestParser parser({});
    benchmark::DoNotOptimize(parser.Feed(bytes));
    benchmark::DoNotOptimize(parser.Take());
  }
}
BENCHMARK(ParseRequest);

void VerifyEd25519(benchmark::State& state) {
  const SigningKey key;
  const Result<Verifier> verifier = Verifier::Create({.builtin_keys = false, .extra_pem = {key.Pem()}});
  if (!verifier) return state.SkipWithError(verifier.error().message.c_str());
  Arrival arrival;
  arrival.body = EventMaker(1).Contact().body;
  arrival.ghl_signatures = {key.Sign(arrival.body)};
  for (auto _ : state) benchmark::DoNotOptimize(verifier->Check(arrival));
}
BENCHMARK(VerifyEd25519);

void ReadEnvelope(benchmark::State& state, Make make) {
  const std::vector<Delivery> deliveries = Deliveries(make);
  std::size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(ReadEvent(deliveries[i++ % deliveries.size()]));
}
BENCHMARK_CAPTURE(ReadEnvelope, contact, &EventMaker::Contact);
BENCHMARK_CAPTURE(ReadEnvelope, invoice, &EventMaker::Invoice);

void ProjectEvent(benchmark::State& state, Make make) {
  const std::vector<Delivery> deliveries = Deliveries(make);
  std::vector<Event> events;
  for (const Delivery& delivery : deliveries) events.push_back(std::move(ReadEvent(delivery).value()));
  std::size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(Project(events[i++ % events.size()], kReceivedAt));
}
BENCHMARK_CAPTURE(ProjectEvent, contact, &EventMaker::Contact);
BENCHMARK_CAPTURE(ProjectEvent, invoice, &EventMaker::Invoice);

// Groups of state.range(0) mixed events into an empty database that grows; per event, the commit included.
void CommitToSqlite(benchmark::State& state) {
  const TempFolder folder;
  auto store = OpenStore("sqlite:" + folder.File("micro.db"), {.create = true, .migrate = true});
  if (!store) return state.SkipWithError(store.error().message.c_str());
  EventMaker maker(1);
  const auto size = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) {
    state.PauseTiming();
    std::vector<Submission> group(size);
    std::vector<Submission*> pointers;
    for (Submission& submission : group) {
      submission.delivery = Made(maker.Mixed());
      submission.event = std::move(ReadEvent(submission.delivery).value());
      submission.change = Project(*submission.event, kReceivedAt);
      pointers.push_back(&submission);
    }
    state.ResumeTiming();
    if (const auto done = CommitGroup(**store, pointers, "bench"); !done) {
      return state.SkipWithError(done.error().message.c_str());
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(CommitToSqlite)->Arg(1)->Arg(16)->Arg(64)->Arg(256)->UseRealTime();

}  // namespace
}  // namespace crmsink::bench

BENCHMARK_MAIN();
