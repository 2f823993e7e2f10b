#include "entities/entity.h"

namespace crmsink {
namespace {

constexpr Column kColumns[] = {
    {.name = "id", .from = "id"},
    {.name = "location_id",
     .from = "id",
     .note = "the same as id, so that every table can be filtered by location_id",
     .references = "locations.id"},
    {.name = "agency_id", .from = "companyId"},
    {.name = "name", .from = "name"},
    {.name = "email", .from = "email"},
    {.name = "stripe_product_id", .from = "stripeProductId", .note = "the product at Stripe"},
};

constexpr EventType kEvents[] = {
    {.name = "LocationCreate",
     .op = Op::kCreate,
     .rank = 0,
     .time = "timestamp",
     .scope = "locations.readonly",
     .note = "No locationId: the location is \"id\". Agency-level apps only."},
    {.name = "LocationUpdate",
     .op = Op::kUpdate,
     .rank = 1,
     .time = "timestamp",
     .scope = "locations.readonly",
     .note = "No locationId: the location is \"id\"."},
};

}  // namespace

extern constexpr Entity kLocation = Checked({.name = "Location",
                                             .table = "locations",
                                             .kind = Kind::kMirror,
                                             .columns = kColumns,
                                             .events = kEvents,
                                             .location = "id",
                                             .note = "There is no LocationDelete event."});

}  // namespace crmsink
