#include "entities/entity.h"

namespace crmsink {
namespace {

constexpr Column kColumns[] = {
    {.name = "id", .from = "id"},
    {.name = "location_id", .from = "locationId", .note = "sub-account users", .references = "locations.id"},
    {.name = "agency_id", .from = "companyId", .note = "agency users"},
    {.name = "first_name", .from = "firstName"},
    {.name = "last_name", .from = "lastName"},
    {.name = "email", .from = "email"},
    {.name = "phone", .from = "phone"},
    {.name = "extension", .from = "extension", .note = "extension of the telephone"},
    {.name = "role", .from = "role", .note = "role of the user; known values: user, admin"},
};

constexpr Column kPermissions[] = {
    {.name = "user_id", .from = "@parent.id"},
    {.name = "permission", .from = "@key", .note = "name of the permission"},
    {.name = "enabled", .type = Type::kBoolean, .from = ".", .note = "is it allowed?"},
};

constexpr Column kScopes[] = {
    {.name = "user_id", .from = "@parent.id"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "scope", .from = ".", .note = "an OAuth scope"},
};

constexpr Column kLocations[] = {
    {.name = "user_id", .from = "@parent.id"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "location_id", .from = ".", .references = "locations.id"},
};

constexpr Child kChildren[] = {
    {.table = "user_permissions",
     .from = "permissions{}",
     .key = "user_id,permission",
     .columns = kPermissions,
     .note = "a map of 37 named booleans; unknown names are kept too"},
    {.table = "user_scopes", .from = "scopes[]", .key = "user_id,scope", .columns = kScopes},
    {.table = "user_locations", .from = "locations[]", .key = "user_id,location_id", .columns = kLocations},
};

constexpr EventType kEvents[] = {
    {.name = "UserCreate", .op = Op::kCreate, .rank = 0, .time = "timestamp", .scope = "~users.readonly"},
    {.name = "UserUpdate",
     .op = Op::kUpdate,
     .rank = 1,
     .time = "timestamp",
     .path_overrules = "UserCreate",
     .scope = "~users.readonly",
     .note = "The page's examples say type UserCreate; corrected in the example files."},
    {.name = "UserDelete",
     .op = Op::kDelete,
     .rank = 3,
     .time = "timestamp",
     .path_overrules = "UserCreate",
     .scope = "~users.readonly",
     .note = "The page's examples say type UserCreate; corrected in the example files."},
};

}  // namespace

extern constexpr Entity kUser = Checked({.name = "User",
                                         .table = "users",
                                         .kind = Kind::kMirror,
                                         .columns = kColumns,
                                         .children = kChildren,
                                         .events = kEvents});

}  // namespace crmsink
