#include "entities/entity.h"

namespace crmsink {
namespace {

constexpr Column kColumns[] = {
    {.name = "id", .from = "id"},
    {.name = "location_id", .from = "locationId", .references = "locations.id"},
    {.name = "agency_id", .from = "companyId"},
    {.name = "contact_id",
     .from = "contactId",
     .note = "on the page, but not in real deliveries (highlevel-api-docs #332)",
     .references = "contacts.id"},
    {.name = "assigned_user_id", .from = "assignedTo", .references = "users.id"},
    {.name = "title", .from = "title"},
    {.name = "body", .from = "body", .note = "on the page, but not in real deliveries (highlevel-api-docs #332)"},
    {.name = "due_at", .type = Type::kTimestamp, .from = "dueDate", .note = "when it is due"},
    {.name = "created_at", .type = Type::kTimestamp, .from = "dateAdded"},
    {.name = "is_completed", .type = Type::kBoolean, .note = "set by the event: TaskCreate false, TaskComplete true"},
    {.name = "completed_at", .type = Type::kTimestamp, .note = "set by the event: the time of TaskComplete"},
};

constexpr Set kOnTaskCreate[] = {{"is_completed", "false"}};
constexpr Set kOnTaskComplete[] = {{"is_completed", "true"}, {"completed_at", "@occurred_at"}};

constexpr EventType kEvents[] = {
    {.name = "TaskCreate",
     .op = Op::kCreate,
     .rank = 0,
     .time = "timestamp|dateAdded",
     .sets = kOnTaskCreate,
     .scope = "contacts.readonly",
     .note = "Real deliveries lack contactId and body (highlevel-api-docs #332)."},
    {.name = "TaskComplete",
     .op = Op::kUpdate,
     .rank = 2,
     .time = "timestamp",
     .sets = kOnTaskComplete,
     .scope = "~contacts.readonly",
     .note = "Sets completed = true and completed_at = the event's time. There is no \"reopened\" event."},
    {.name = "TaskDelete", .op = Op::kDelete, .rank = 3, .time = "timestamp", .scope = "contacts.readonly"},
};

}  // namespace

extern constexpr Entity kTask =
    Checked({.name = "Task",
             .table = "tasks",
             .kind = Kind::kMirror,
             .columns = kColumns,
             .events = kEvents,
             .indexes = "contact_id",
             .note = "There is no TaskUpdate event: title, body or due date edits are not sent."});

}  // namespace crmsink
