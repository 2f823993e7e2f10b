#include "entities/entity.h"

namespace crmsink {
namespace {

constexpr Column kColumns[] = {
    {.name = "id", .from = "@event_id"},
    {.name = "app_id", .from = "appId"},
    {.name = "location_id", .from = "locationId", .references = "locations.id"},
    {.name = "agency_id", .from = "companyId"},
    {.name = "user_id", .from = "userId", .references = "users.id"},
    {.name = "previous_status",
     .from = "previousStatus",
     .note = "the status until then; known values: COMPLETE, FAILED, PENDING"},
    {.name = "new_status",
     .from = "newStatus",
     .note = "the status from then on; known values: COMPLETE, FAILED, PENDING"},
    {.name = "occurred_at", .type = Type::kTimestamp, .from = "@occurred_at"},
};

constexpr EventType kEvents[] = {
    {.name = "AppPaymentStatus",
     .op = Op::kFact,
     .rank = 0,
     .time = "timestamp",
     .aliases = "APP_PAYMENT_STATUS",
     .note = "locationId may be absent, userId null."},
};

}  // namespace

extern constexpr Entity kAppPaymentStatus = Checked({.name = "AppPaymentStatus",
                                                     .table = "app_payment_statuses",
                                                     .kind = Kind::kFact,
                                                     .resurrect = 0,
                                                     .columns = kColumns,
                                                     .events = kEvents});

}  // namespace crmsink
