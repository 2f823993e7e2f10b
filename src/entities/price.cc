#include "entities/entity.h"

namespace crmsink {
namespace {

constexpr Column kColumns[] = {
    {.name = "id", .from = "_id"},
    {.name = "location_id", .from = "locationId", .references = "locations.id"},
    {.name = "agency_id", .from = "companyId"},
    {.name = "product_id", .from = "product", .references = "products.id"},
    {.name = "user_id", .from = "userId", .references = "users.id"},
    {.name = "name", .from = "name"},
    {.name = "price_type",
     .from = "priceType|type",
     .note =
         "\"priceType\" in PriceCreate, \"type\" in PriceUpdate and PriceDelete; known values: one_time, recurring"},
    {.name = "currency", .from = "currency"},
    {.name = "amount", .type = Type::kNumber, .from = "amount"},
    {.name = "compare_at_price",
     .type = Type::kNumber,
     .from = "compareAtPrice",
     .note = "former price, to compare with"},
    {.name = "recurring_interval",
     .from = "recurring.interval",
     .note = "unit of the time between payments; known values: day, week, month, year"},
    {.name = "recurring_interval_count",
     .type = Type::kInteger,
     .from = "recurring.intervalCount",
     .note = "how many such units are between payments"},
    {.name = "track_inventory",
     .type = Type::kBoolean,
     .from = "trackInventory",
     .note = "always null in the documents; boolean in the API"},
    {.name = "available_quantity", .type = Type::kNumber, .from = "availableQuantity", .note = "how many are left"},
    {.name = "allow_out_of_stock_purchases",
     .type = Type::kBoolean,
     .from = "allowOutOfStockPurchases",
     .note = "may it be bought when none is left?"},
    {.name = "created_at", .type = Type::kTimestamp, .from = "createdAt"},
    {.name = "updated_at", .type = Type::kTimestamp, .from = "updatedAt"},
};

constexpr Column kMembershipOffers[] = {
    {.name = "price_id", .from = "@parent.id"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "offer_id", .from = "_id", .note = "the membership offer"},
    {.name = "label", .from = "label", .note = "what it is called"},
    {.name = "offer_value", .from = "value", .note = "the membership offer as a value"},
};

constexpr Column kVariantOptions[] = {
    {.name = "price_id", .from = "@parent.id"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "option_id", .from = "."},
};

constexpr Child kChildren[] = {
    {.table = "price_membership_offers",
     .from = "membershipOffers[]",
     .key = "price_id,position",
     .columns = kMembershipOffers},
    {.table = "price_variant_options",
     .from = "variantOptionIds[]",
     .key = "price_id,position",
     .columns = kVariantOptions},
};

constexpr EventType kEvents[] = {
    {.name = "PriceCreate",
     .op = Op::kCreate,
     .rank = 0,
     .time = "updatedAt|timestamp|createdAt",
     .scope = "~products/prices.readonly",
     .note = "The kind of price is priceType here, type in PriceUpdate and PriceDelete. trackInventory is null in "
             "every example."},
    {.name = "PriceUpdate",
     .op = Op::kUpdate,
     .rank = 1,
     .time = "updatedAt|timestamp",
     .body_types = "one_time|recurring",
     .scope = "~products/prices.readonly",
     .note = "\"type\" is the kind of price (one_time, recurring), not the event."},
    {.name = "PriceDelete",
     .op = Op::kDelete,
     .rank = 3,
     .time = "updatedAt|timestamp",
     .body_types = "one_time|recurring",
     .scope = "~products/prices.readonly",
     .note = "\"type\" is the kind of price (one_time, recurring), not the event."},
};

}  // namespace

extern constexpr Entity kPrice = Checked({.name = "Price",
                                          .table = "prices",
                                          .kind = Kind::kMirror,
                                          .columns = kColumns,
                                          .children = kChildren,
                                          .events = kEvents,
                                          .shape = "product|amount"});

}  // namespace crmsink
