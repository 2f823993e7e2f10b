#pragma once

#include <atomic>
#include <cstdint>
#include <random>
#include <string>

namespace crmsink::fault {

struct MadeEvent {
  std::string path, body;
  std::string event_id;
  std::string table, entity_id;  // where its row is
};

// Events of all entities: creates, updates, deletes, lists that change, some late and some of the same millisecond.
// Many generators share one pool of entities, so that their events meet; their event ids never do. The same seed and
// tag give the same events (times apart, which are drawn from one clock).
// Thread-safety: none; each thread has its own.
class Load {
 public:
  Load(std::uint64_t seed, std::string tag, std::size_t entities = 500)
      : random_(seed), tag_(std::move(tag)), entities_(entities) {}

  MadeEvent Next();

 private:
  std::uint64_t Below(std::uint64_t n) { return random_() % n; }
  bool OneIn(std::uint64_t n) { return Below(n) == 0; }
  std::string Words(std::size_t least, std::size_t most);
  std::string IdOf(const char* kind);
  std::string Envelope(const std::string& type);
  MadeEvent Contact();
  MadeEvent Opportunity();
  MadeEvent Invoice();
  MadeEvent Message();
  MadeEvent EmailEvent();

  std::mt19937_64 random_;
  const std::string tag_;
  const std::size_t entities_;
  std::uint64_t made_ = 0;
  std::string event_id_;
  static std::atomic<std::int64_t> clock_;  // of all generators: milliseconds since 1970
};

}  // namespace crmsink::fault
