#include "test_catalog.h"

#include "entities/catalog.h"

namespace crmsink {
namespace {

constexpr Column kAppColumns[] = {
    {.name = "id", .from = "@id_parts"},
    {.name = "app_id", .from = "appId"},
    {.name = "location_id", .from = "locationId"},
    {.name = "on_trial", .type = Type::kBoolean, .from = "trial.onTrial"},
};
constexpr EventType kAppEvents[] = {
    {.name = "AppInstall", .op = Op::kCreate, .rank = 0, .time = "timestamp", .aliases = "INSTALL"},
    {.name = "AppUninstall", .op = Op::kDelete, .rank = 3, .time = "timestamp", .aliases = "UNINSTALL|REMOVE"},
};

constexpr Column kAssetColumns[] = {
    {.name = "id", .from = "id"},
    {.name = "status", .from = "status"},
    {.name = "last_action", .from = "action"},
};
constexpr EventType kAssetEvents[] = {
    {.name = "AssetChange", .rank = 2, .time = "timestamp", .tombstone_when = "deleted", .op_by = "action"},
};

constexpr Column kCallColumns[] = {
    {.name = "id", .from = "id"},
    {.name = "token", .from = "auth.token", .flags = kSensitive},
    {.name = "occurred_at", .type = Type::kTimestamp, .from = "@occurred_at"},
};
constexpr Column kCallData[] = {
    {.name = "call_id", .from = "@parent.id"},
    {.name = "data_key", .from = "@key"},
    {.name = "value", .from = "."},
    {.name = "value_json", .type = Type::kJson, .from = "."},
};
constexpr Column kCallActions[] = {
    {.name = "call_id", .from = "@parent.id"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "action_name", .from = "actionName"},
    {.name = "message_body", .from = "actionParameters.messageBody"},
    {.name = "api_url", .from = "actionParameters.apiDetails.url"},
    {.name = "api_secret", .from = "actionParameters.apiDetails.authenticationValue", .flags = kSensitive},
};
constexpr Column kCallHeaders[] = {
    {.name = "call_id", .from = "@parent.id"},
    {.name = "action_position", .type = Type::kInteger, .from = "@index:1"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "header_name", .from = "key"},
    {.name = "header_value", .from = "value", .flags = kSensitive},
};
constexpr Column kCallParameters[] = {
    {.name = "call_id", .from = "@parent.id"},
    {.name = "action_position", .type = Type::kInteger, .from = "@index:1"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "parameter_name", .from = "name"},
    {.name = "example", .from = "example"},
};
constexpr Child kCallChildren[] = {
    {.table = "call_data", .from = "extractedData{}", .key = "call_id,data_key", .columns = kCallData},
    {.table = "call_actions", .from = "actions[]", .key = "call_id,position", .columns = kCallActions},
    {.table = "call_headers",
     .from = "actions[].actionParameters.apiDetails.headers[]",
     .key = "call_id,action_position,position",
     .columns = kCallHeaders},
    {.table = "call_parameters",
     .from = "actions[].actionParameters.apiDetails.parameters[]|actions[].actionParameters.parameters[]",
     .key = "call_id,action_position,position",
     .columns = kCallParameters},
};
constexpr EventType kCallEvents[] = {{.name = "CallEnd", .op = Op::kFact, .rank = 0, .time = "timestamp|createdAt"}};

constexpr Column kConversationColumns[] = {
    {.name = "id", .from = "id"},
    {.name = "unread_count", .type = Type::kInteger, .from = "unreadCount"},
};
constexpr EventType kConversationEvents[] = {
    {.name = "ConversationUnread", .time = "timestamp", .tombstone_when = "deleted"},
};

constexpr Column kLocationColumns[] = {
    {.name = "id", .from = "id"},
    {.name = "location_id", .from = "id"},
    {.name = "name", .from = "name"},
};
constexpr EventType kLocationEvents[] = {
    {.name = "LocationCreate", .op = Op::kCreate, .rank = 0, .time = "timestamp"},
    {.name = "LocationUpdate", .time = "timestamp"},
};

constexpr Column kOrderColumns[] = {
    {.name = "id", .from = "_id"},
    {.name = "location_id", .from = "locationId|altId?altType=location|contactSnapshot.locationId"},
    {.name = "total", .type = Type::kNumber, .from = "amount"},
    {.name = "source_id", .from = "source.id"},
    {.name = "source_step_id", .from = "source.meta.stepId"},
};
constexpr Column kOrderMeta[] = {
    {.name = "order_id", .from = "@parent.id"},
    {.name = "meta_key", .from = "@key"},
    {.name = "value", .from = "."},
    {.name = "value_json", .type = Type::kJson, .from = "."},
};
constexpr Column kOrderItems[] = {
    {.name = "order_id", .from = "@parent.id"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "name", .from = "name"},
    {.name = "product_id", .from = "product._id"},
};
constexpr Column kOrderVariants[] = {
    {.name = "order_id", .from = "@parent.id"},
    {.name = "item_position", .type = Type::kInteger, .from = "@index:1"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "name", .from = "name"},
};
constexpr Column kOrderOptions[] = {
    {.name = "order_id", .from = "@parent.id"},
    {.name = "item_position", .type = Type::kInteger, .from = "@index:1"},
    {.name = "variant_position", .type = Type::kInteger, .from = "@index:2"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "name", .from = "name"},
};
constexpr Child kOrderChildren[] = {
    {.table = "order_meta", .from = "source.meta{}", .key = "order_id,meta_key", .columns = kOrderMeta},
    {.table = "order_items", .from = "items[]", .key = "order_id,position", .columns = kOrderItems},
    {.table = "order_variants",
     .from = "items[].product.variants[]",
     .key = "order_id,item_position,position",
     .columns = kOrderVariants},
    {.table = "order_options",
     .from = "items[].product.variants[].options[]",
     .key = "order_id,item_position,variant_position,position",
     .columns = kOrderOptions},
};
constexpr EventType kOrderEvents[] = {
    {.name = "OrderCreate", .op = Op::kCreate, .rank = 0, .time = "updatedAt|timestamp|createdAt"},
    {.name = "OrderStatusUpdate", .rank = 2, .time = "updatedAt|timestamp"},
};

constexpr Column kRecordColumns[] = {{.name = "id", .from = "id"}, {.name = "object_key", .from = "objectKey"}};
constexpr Column kRecordOwners[] = {
    {.name = "record_id", .from = "@parent.id"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "user_id", .from = "."},
};
constexpr Column kRecordProperties[] = {
    {.name = "record_id", .from = "@parent.id"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "property_key", .from = "key|@key"},
    {.name = "value", .from = "valueString|."},
    {.name = "value_json", .type = Type::kJson, .from = "."},
};
constexpr Child kRecordChildren[] = {
    {.table = "record_owners", .from = "owners[]|owner[]", .key = "record_id,position", .columns = kRecordOwners},
    {.table = "record_properties",
     .from = "properties[]|properties{}",
     .key = "record_id,property_key",
     .columns = kRecordProperties},
};
constexpr EventType kRecordEvents[] = {
    {.name = "RecordUpdate", .time = "timestamp", .body_types = "parcel|SMS"},
};

}  // namespace

extern constexpr Entity kAppInstall = Checked({.name = "AppInstall",
                                               .table = "app_installs",
                                               .columns = kAppColumns,
                                               .events = kAppEvents,
                                               .id_parts = "appId,locationId|companyId"});
extern constexpr Entity kAsset =
    Checked({.name = "Asset", .table = "assets", .columns = kAssetColumns, .events = kAssetEvents});
extern constexpr Entity kCallEnd = Checked({.name = "Call",
                                            .table = "calls",
                                            .kind = Kind::kFact,
                                            .resurrect = 0,
                                            .columns = kCallColumns,
                                            .children = kCallChildren,
                                            .events = kCallEvents,
                                            .shape = "agentId|fromNumber"});
extern constexpr Entity kConversation = Checked(
    {.name = "Conversation", .table = "conversations", .columns = kConversationColumns, .events = kConversationEvents});
extern constexpr Entity kLocation = Checked({.name = "Location",
                                             .table = "locations",
                                             .columns = kLocationColumns,
                                             .events = kLocationEvents,
                                             .location = "id"});
extern constexpr Entity kOrder = Checked({.name = "Order",
                                          .table = "orders",
                                          .columns = kOrderColumns,
                                          .children = kOrderChildren,
                                          .events = kOrderEvents,
                                          .shape = "fulfillmentStatus|items",
                                          .location = "locationId|altId"});
extern constexpr Entity kRecord = Checked({.name = "Record",
                                           .table = "records",
                                           .columns = kRecordColumns,
                                           .children = kRecordChildren,
                                           .events = kRecordEvents,
                                           .shape = "properties|owners"});

namespace {

constexpr const Entity* kEntities[] = {&kAppInstall, &kAsset,    &kCallEnd, &kContact, &kConversation,
                                       &kInvoice,    &kLocation, &kMessage, &kOrder,   &kRecord};

}  // namespace

std::span<const Entity* const> Entities() { return kEntities; }

const Entity* FindEntity(std::string_view name_or_table) {
  for (const Entity* entity : kEntities) {
    if (entity->name == name_or_table || entity->table == name_or_table) return entity;
  }
  return nullptr;
}

}  // namespace crmsink
