#include "entities/entity.h"

namespace crmsink {
namespace {

constexpr Column kColumns[] = {
    {.name = "id", .from = "id"},
    {.name = "location_id", .from = "locationId", .references = "locations.id"},
    {.name = "agency_id", .from = "companyId"},
    {.name = "association_id",
     .from = "associationId",
     .note = "the association that the relation is one of",
     .references = "associations.id"},
    {.name = "first_object_key", .from = "firstObjectKey"},
    {.name = "first_record_id",
     .from = "firstRecordId",
     .note = "contacts.id, object_records.id, ... by the object key"},
    {.name = "second_object_key", .from = "secondObjectKey"},
    {.name = "second_record_id", .from = "secondRecordId", .note = "the second record"},
};

constexpr EventType kEvents[] = {
    {.name = "RelationCreate",
     .op = Op::kCreate,
     .rank = 0,
     .time = "timestamp",
     .scope = "associations/relation.readonly"},
    {.name = "RelationDelete",
     .op = Op::kDelete,
     .rank = 3,
     .time = "timestamp",
     .scope = "associations/relation.readonly"},
};

}  // namespace

extern constexpr Entity kRelation = Checked({.name = "Relation",
                                             .table = "relations",
                                             .kind = Kind::kMirror,
                                             .columns = kColumns,
                                             .events = kEvents,
                                             .shape = "associationId|firstRecordId"});

}  // namespace crmsink
