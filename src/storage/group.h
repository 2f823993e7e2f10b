#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "event/delivery.h"
#include "event/event.h"
#include "projection/change.h"
#include "storage/store.h"

namespace crmsink {

// A delivery on its way into the store.
struct Submission {
  Delivery delivery;
  std::optional<Event> event;    // nullopt: to be kept aside, `reason` says why
  std::optional<Change> change;  // of a mapped event
  Holding holding = Holding::kQuarantine;
  std::string reason;
  // Where it has been kept until now: it leaves that place in the same transaction, unless it is to stay there.
  struct Origin {
    Holding where;
    std::int64_t id;
  };
  std::optional<Origin> origin = {};
  // An earlier try of just this delivery may have been committed. CommitGroup() says so of a commit that it does not
  // know the outcome of; whoever sends again what he kept meanwhile must.
  bool may_be_stored = false;
};

struct GroupOutcome {
  std::vector<Ack> acks;    // one per submission, in their order
  std::uint64_t folds = 0;  // entities folded from the log, because an event came late or brought one back
};

// Puts a group of deliveries into the log and the tables, in one transaction; when it returns they are durable. A
// failure means that nothing of the group was kept (kUnknown: perhaps all of it) and that the caller may try again:
// what was kept then answers as a duplicate.
//
// A group is applied so: its log rows are inserted; the rows of its entities are loaded; per entity, where all new
// events are later than what is there, they are applied in order, otherwise the entity is folded from the log; each
// changed row is written once, and of the child lists what differs.
//
// May change a submission: an event without id and time of its own can get a numbered id.
[[nodiscard]] Result<GroupOutcome> CommitGroup(Store& store, std::span<Submission* const> group,
                                               const std::string& writer, std::span<const RefusalCount> refusals = {});

}  // namespace crmsink
