#include "entities/entity.h"

namespace crmsink {
namespace {

constexpr Column kColumns[] = {
    {.name = "id", .from = "id"},
    {.name = "location_id", .from = "locationId", .references = "locations.id"},
    {.name = "agency_id", .from = "companyId"},
    {.name = "object_key", .from = "key", .note = "custom_objects.<name>"},
    {.name = "label_singular", .from = "labels.singular", .note = "what one is called"},
    {.name = "label_plural", .from = "labels.plural", .note = "what several are called"},
    {.name = "description", .from = "description"},
    {.name = "primary_display_property", .from = "primaryDisplayProperty", .note = "the property that names a record"},
    {.name = "object_type",
     .from = "objectType",
     .note = "who defined the object; known values: USER_DEFINED, SYSTEM_DEFINED"},
    {.name = "created_by", .type = Type::kJson, .from = "createdBy", .note = "an object without a documented shape"},
    {.name = "updated_by", .type = Type::kJson, .from = "updatedBy", .note = "an object without a documented shape"},
    {.name = "created_at", .type = Type::kTimestamp, .from = "createdAt"},
    {.name = "updated_at", .type = Type::kTimestamp, .from = "updatedAt"},
};

constexpr Column kSearchProperties[] = {
    {.name = "object_schema_id", .from = "@parent.id", .note = "the object"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "property_key", .from = "."},
};

constexpr Child kChildren[] = {
    {.table = "object_schema_search_properties",
     .from = "searchableProperties[]",
     .key = "object_schema_id,position",
     .columns = kSearchProperties},
};

constexpr EventType kEvents[] = {
    {.name = "ObjectSchemaCreate",
     .op = Op::kCreate,
     .rank = 0,
     .time = "updatedAt|timestamp|createdAt",
     .scope = "~objects/schema.readonly",
     .note = "timestamp differs from createdAt and updatedAt."},
    {.name = "ObjectSchemaUpdate",
     .op = Op::kUpdate,
     .rank = 1,
     .time = "updatedAt|timestamp",
     .aliases = "UpdateCustomObject",
     .scope = "~objects/schema.readonly",
     .note = "The alias is the page's title, used by third-party handlers; not seen in a delivery."},
};

}  // namespace

extern constexpr Entity kObjectSchema = Checked({.name = "ObjectSchema",
                                                 .table = "object_schemas",
                                                 .kind = Kind::kMirror,
                                                 .columns = kColumns,
                                                 .children = kChildren,
                                                 .events = kEvents,
                                                 .shape = "labels|primaryDisplayProperty",
                                                 .note = "No delete event."});

}  // namespace crmsink
