#include "entities/entity.h"

namespace crmsink {
namespace {

constexpr Column kColumns[] = {
    {.name = "id", .from = "id"},
    {.name = "location_id", .from = "locationId", .references = "locations.id"},
    {.name = "agency_id", .from = "companyId"},
    {.name = "contact_id", .from = "contactId", .references = "contacts.id"},
    {.name = "body", .from = "body", .note = "HTML"},
    {.name = "created_at", .type = Type::kTimestamp, .from = "dateAdded"},
};

constexpr EventType kEvents[] = {
    {.name = "NoteCreate", .op = Op::kCreate, .rank = 0, .time = "timestamp|dateAdded", .scope = "contacts.readonly"},
    {.name = "NoteUpdate",
     .op = Op::kUpdate,
     .rank = 1,
     .time = "timestamp",
     .scope = "~contacts.readonly",
     .note = "Built from a fixed list: id, body, contactId, dateAdded (highlevel-api-docs #312); no update time."},
    {.name = "NoteDelete", .op = Op::kDelete, .rank = 3, .time = "timestamp", .scope = "contacts.readonly"},
};

}  // namespace

extern constexpr Entity kNote = Checked({.name = "Note",
                                         .table = "notes",
                                         .kind = Kind::kMirror,
                                         .columns = kColumns,
                                         .events = kEvents,
                                         .indexes = "contact_id"});

}  // namespace crmsink
