#pragma once

#include <memory>
#include <string>
#include <vector>

#include "event/delivery.h"
#include "event/event.h"
#include "projection/change.h"

namespace crmsink::bench {

// What one would write first: child tables with row ids and an index on the parent, two text indexes on the log,
// events written in the order of their arrival, every child list rewritten with every event. The same work otherwise:
// the log, a guarded upsert of the contact, its lists, one durable transaction per group.
class NaiveLayout {
 public:
  explicit NaiveLayout(const std::string& file);
  ~NaiveLayout();

  struct Item {
    const Delivery* delivery;
    const Event* event;
    const Change* change;
  };
  // Throws where SQLite fails.
  void Commit(const std::vector<Item>& group);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace crmsink::bench
