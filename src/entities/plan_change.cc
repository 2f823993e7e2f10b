#include "entities/entity.h"

namespace crmsink {
namespace {

constexpr Column kColumns[] = {
    {.name = "id", .from = "@event_id"},
    {.name = "app_id", .from = "appId"},
    {.name = "location_id", .from = "locationId", .references = "locations.id"},
    {.name = "agency_id", .from = "companyId"},
    {.name = "user_id", .from = "userId", .references = "users.id"},
    {.name = "previous_plan_id",
     .from = "currentPlanId",
     .note = "\"current\" in the payload is the plan before the change"},
    {.name = "new_plan_id", .from = "newPlanId", .note = "the plan from then on"},
    {.name = "occurred_at", .type = Type::kTimestamp, .from = "@occurred_at"},
};

constexpr EventType kEvents[] = {
    {.name = "PlanChange",
     .op = Op::kFact,
     .rank = 0,
     .time = "timestamp",
     .aliases = "PLAN_CHANGE",
     .note = "currentPlanId is the plan before, newPlanId the plan after."},
};

}  // namespace

extern constexpr Entity kPlanChange = Checked({.name = "PlanChange",
                                               .table = "plan_changes",
                                               .kind = Kind::kFact,
                                               .resurrect = 0,
                                               .columns = kColumns,
                                               .events = kEvents});

}  // namespace crmsink
