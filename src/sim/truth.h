#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "base/time.h"
#include "projection/cell.h"
#include "sim/document.h"
#include "sim/forms.h"

namespace crmsink::sim {

// What becomes of the thing by an event, as the one knows who did it.
enum class Fate { kAsBefore, kDeleted, kRestored };

// One event, as it happened.
struct Telling {
  const Form& form;
  const std::string& id;
  const Document& body;  // envelope included
  std::string event_id;
  Millis occurred_at = 0, sent_at = 0;
  int rank = 0;
  Fate fate = Fate::kAsBefore;
  std::vector<std::pair<std::string_view, Cell>> columns = {};  // what the event says by its name alone
};

// Everything that was ever told, thing by thing, in the order in which it happened: what a receiver must know in the
// end, whatever way and in whatever order the deliveries came to it. No part of the program's fold is used; only the
// columns of a finished document are found by the program's own declarations.
class Truth {
 public:
  // REQUIRES: what is told of one thing comes in the order of its times (rank, sent_at, id at a tie); throws
  // std::logic_error else, since then the simulator itself does not know the truth.
  void Learn(const Telling& telling);

  // The tables in the form of `crmsink dump`, a line (without its end) per row.
  void Write(const std::function<void(std::string_view line)>& write) const;

 private:
  using Moment = std::tuple<Millis, int, Millis, std::string>;
  struct Record {
    Document known = Document::Object();
    std::string_view event;  // the latest
    Moment moment;
    bool deleted = false;
    Millis deleted_at = 0;
    std::map<std::string_view, Cell> columns;
  };
  using Tables = std::map<std::string, std::vector<Row>>;

  static void AddRows(const Entity& entity, const std::string& id, const Record& record, Tables& tables);

  std::map<std::string_view, std::map<std::string, Record>> things_;  // by entity and id
};

}  // namespace crmsink::sim
