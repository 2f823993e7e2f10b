#include "entities/entity.h"

namespace crmsink {
namespace {

constexpr Column kColumns[] = {
    {.name = "id", .from = "@event_id"},
    {.name = "app_id", .from = "appId"},
    {.name = "location_id", .from = "locationId", .references = "locations.id"},
    {.name = "agency_id", .from = "companyId"},
    {.name = "auth_type", .from = "authType", .note = "how it is authenticated; known values: oauth2, basic"},
    {.name = "scopes", .from = "scopes", .note = "one space-separated string, oauth2 only"},
    {.name = "is_auto_refresh_token_enabled",
     .type = Type::kBoolean,
     .from = "isAutoRefreshTokenEnabled",
     .note = "oauth2 only"},
    {.name = "occurred_at", .type = Type::kTimestamp, .from = "@occurred_at"},
};

constexpr EventType kEvents[] = {
    {.name = "ExternalAuthConnected",
     .op = Op::kFact,
     .rank = 0,
     .time = "timestamp",
     .aliases = "EXTERNAL_AUTH_CONNECTED",
     .note = "The only page that lists timestamp and webhookId among its own fields."},
};

}  // namespace

extern constexpr Entity kExternalAuthConnection = Checked({.name = "ExternalAuthConnection",
                                                           .table = "external_auth_connections",
                                                           .kind = Kind::kFact,
                                                           .resurrect = 0,
                                                           .columns = kColumns,
                                                           .events = kEvents});

}  // namespace crmsink
