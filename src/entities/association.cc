#include "entities/entity.h"

namespace crmsink {
namespace {

constexpr Column kColumns[] = {
    {.name = "id", .from = "id"},
    {.name = "location_id", .from = "locationId", .references = "locations.id"},
    {.name = "agency_id", .from = "companyId"},
    {.name = "association_key", .from = "key", .note = "key of the association"},
    {.name = "association_type",
     .from = "associationType",
     .note = "who defined it; known values: USER_DEFINED, SYSTEM_DEFINED"},
    {.name = "first_object_key", .from = "firstObjectKey"},
    {.name = "first_object_label",
     .from = "firstObjectLabel",
     .note = "what the first object is called in the association"},
    {.name = "first_to_second_cardinality",
     .from = "firstObjectToSecondObjectCardinality",
     .note = "how many of the second belong to one of the first; known values: ONE_TO_ONE, ONE_TO_MANY, MANY_TO_ONE, "
             "MANY_TO_MANY"},
    {.name = "second_object_key", .from = "secondObjectKey"},
    {.name = "second_object_label",
     .from = "secondObjectLabel",
     .note = "what the second object is called in the association"},
    {.name = "second_to_first_cardinality",
     .from = "secondObjectToFirstObjectCardinality",
     .note = "how many of the first belong to one of the second; known values: ONE_TO_ONE, ONE_TO_MANY, MANY_TO_ONE, "
             "MANY_TO_MANY"},
};

constexpr EventType kEvents[] = {
    {.name = "AssociationCreate",
     .op = Op::kCreate,
     .rank = 0,
     .time = "timestamp",
     .aliases = "AssociationCreated",
     .scope = "associations.readonly",
     .note = "The alias is the page's title, used by third-party handlers; not seen in a delivery."},
    {.name = "AssociationUpdate",
     .op = Op::kUpdate,
     .rank = 1,
     .time = "timestamp",
     .aliases = "AssociationUpdated",
     .scope = "associations.readonly",
     .note = "The alias is the page's title, used by third-party handlers; not seen in a delivery."},
    {.name = "AssociationDelete",
     .op = Op::kDelete,
     .rank = 3,
     .time = "timestamp",
     .aliases = "AssociationDeleted",
     .scope = "associations.readonly",
     .note = "The alias is the page's title, used by third-party handlers; not seen in a delivery."},
};

}  // namespace

extern constexpr Entity kAssociation =
    Checked({.name = "Association",
             .table = "associations",
             .kind = Kind::kMirror,
             .columns = kColumns,
             .events = kEvents,
             .shape = "associationType|firstObjectKey",
             .note = "AssociationCreate has no cardinalities; update and delete have."});

}  // namespace crmsink
