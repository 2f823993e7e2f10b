#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace crmsink::bench {

struct MadeEvent {
  std::string path;
  std::string body;
};

// Realistic events, the same for the same seed: 30 % are of new entities, the others update one that was there.
class EventMaker {
 public:
  explicit EventMaker(std::uint64_t seed) : random_(seed) {}

  // A contact of some 1.1 kB with five tags and five custom fields; one update in five changes a list.
  MadeEvent Contact();
  // With four items.
  MadeEvent Invoice();
  // What a CRM sends in a day, some 1.5 kB on average: contacts, opportunities, invoices, messages.
  MadeEvent Mixed();

 private:
  struct Known {
    std::string id;
    unsigned tags, fields;  // which variant of its lists it has
  };

  std::string Id(std::size_t size = 20);
  std::string Words(std::size_t bytes);
  std::string Time();
  std::string Envelope(const std::string& type);
  std::string ContactMembers(const Known& contact);
  const std::string& Parent();
  MadeEvent Opportunity();
  MadeEvent Message();
  std::uint64_t Below(std::uint64_t n) { return random_() % n; }

  std::mt19937_64 random_;
  std::vector<Known> contacts_;
  std::vector<std::string> opportunities_, invoices_;
  std::int64_t now_ = 1'750'000'000'000;  // each event a little later
};

}  // namespace crmsink::bench
