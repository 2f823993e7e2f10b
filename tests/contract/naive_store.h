#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "naive_event.h"
#include "store_under_test.h"

namespace crmsink::naive {

// The second implementation of what the tables must hold: made from the design alone, in memory, and so simple that it
// can be read. It keeps the bytes of every event and folds them all again whenever it is asked.
//
// Thread-safety: as StoreUnderTest says.
class NaiveStore final : public contract::StoreUnderTest {
 public:
  void Restart() override;
  std::vector<Ack> Accept(const std::vector<contract::Post>& posts) override;
  std::string Dump() override;
  std::string DumpLog() override;
  std::size_t QuarantineCount() override;

 private:
  // Entity's name and id; nullopt for unmapped events.
  using Subject = std::optional<std::pair<std::string, std::string>>;

  struct Logged {
    contract::Post post;
    std::string event_id;
  };

  Ack AcceptOne(const contract::Post& post);
  Ack Quarantine(const contract::Post& post);
  // The id under which the event is stored or found: its own, or DIGEST-n.
  static std::string IdInLog(const Event& event, const std::vector<Logged>& log);
  static Event Understood(const Logged& logged);

  std::mutex mutex_;
  std::map<Subject, std::vector<Logged>> log_;  // in order of arrival
  std::set<std::pair<std::string, std::string>> quarantine_;
};

}  // namespace crmsink::naive
