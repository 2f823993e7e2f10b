#include "entities/entity.h"

namespace crmsink {
namespace {

constexpr Column kColumns[] = {
    {.name = "id", .from = "id"},
    {.name = "location_id", .from = "locationId", .references = "locations.id"},
    {.name = "agency_id", .from = "companyId"},
    {.name = "object_id",
     .from = "objectId",
     .note = "not on the event page; the API's name for it",
     .references = "object_schemas.id"},
    {.name = "object_key", .from = "objectKey", .note = "not on the event page; the API's name for it"},
};

constexpr Column kOwners[] = {
    {.name = "object_record_id", .from = "@parent.id"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "user_id", .from = ".", .references = "users.id"},
};

constexpr Column kFollowers[] = {
    {.name = "object_record_id", .from = "@parent.id"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "user_id", .from = ".", .references = "users.id"},
};

constexpr Column kProperties[] = {
    {.name = "object_record_id", .from = "@parent.id"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "property_key", .from = "key|@key"},
    {.name = "value", .from = "valueString|.", .note = "a map's value when it is a scalar: its text"},
    {.name = "value_json",
     .type = Type::kJson,
     .from = ".",
     .note = "the element as sent, for value* members that are not documented"},
};

constexpr Child kChildren[] = {
    {.table = "object_record_owners",
     .from = "owners[]|owner[]",
     .key = "object_record_id,position",
     .columns = kOwners},
    {.table = "object_record_followers",
     .from = "followers[]",
     .key = "object_record_id,position",
     .columns = kFollowers},
    {.table = "object_record_properties",
     .from = "properties[]|properties{}",
     .key = "object_record_id,property_key",
     .columns = kProperties},
};

constexpr EventType kEvents[] = {
    {.name = "RecordCreate",
     .op = Op::kCreate,
     .rank = 0,
     .time = "timestamp",
     .path_overrules = "AppInstall|AppUpdate|AppUninstall",
     .scope = "~objects/record.readonly",
     .note = "\"type\" is on the page twice explained: as the kind of record (create, update) and as the kind of event "
             "(delete); absent from the examples."},
    {.name = "RecordUpdate",
     .op = Op::kUpdate,
     .rank = 1,
     .time = "timestamp",
     .path_overrules = "AppInstall|AppUpdate|AppUninstall",
     .scope = "~objects/record.readonly",
     .note = "\"type\" is explained as the kind of record; absent from the example."},
    {.name = "RecordDelete",
     .op = Op::kDelete,
     .rank = 3,
     .time = "timestamp",
     .aliases = "DeleteRecord",
     .path_overrules = "AppInstall|AppUpdate|AppUninstall",
     .scope = "~objects/record.readonly",
     .note = "\"type\" is explained as the kind of event; absent from the example. The alias is the page's title, used "
             "by third-party handlers; not seen in a delivery."},
};

}  // namespace

extern constexpr Entity kObjectRecord = Checked(
    {.name = "ObjectRecord",
     .table = "object_records",
     .kind = Kind::kMirror,
     .columns = kColumns,
     .children = kChildren,
     .events = kEvents,
     .shape = "properties|owners",
     .note = "Also sent for businesses (companies). The page names no object: which custom object a record belongs to "
             "is known only from relations, or from objectId and objectKey where a delivery has them."});

}  // namespace crmsink
