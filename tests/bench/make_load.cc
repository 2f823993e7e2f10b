// make_load COUNT SEED PREFIX: writes PREFIX.pem, the public key, and PREFIX.events with COUNT signed events, a line
// each: path, tab, signature, tab, body. Odd and even lines tell of different entities, so that two threads of the wrk
// script beside it, each of which takes every second line, do not overtake each other within an entity.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "bench/event_maker.h"
#include "bench/signing_key.h"

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: make_load COUNT SEED PREFIX\n");
    return 2;
  }
  const crmsink::bench::SigningKey key;
  const std::string prefix = argv[3];
  std::ofstream(prefix + ".pem") << key.Pem();
  std::ofstream events(prefix + ".events", std::ios::binary);
  const auto seed = std::strtoull(argv[2], nullptr, 10);
  crmsink::bench::EventMaker makers[] = {crmsink::bench::EventMaker(2 * seed),
                                         crmsink::bench::EventMaker(2 * seed + 1)};
  for (long i = 0, count = std::atol(argv[1]); i < count; ++i) {
    const auto event = makers[i % 2].Mixed();
    events << event.path << '\t' << key.Sign(event.body) << '\t' << event.body << '\n';
  }
  return events.good() ? 0 : 1;
}
