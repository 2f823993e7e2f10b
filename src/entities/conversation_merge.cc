#include "entities/entity.h"

namespace crmsink {
namespace {

constexpr Column kColumns[] = {
    {.name = "id", .from = "@event_id"},
    {.name = "location_id", .from = "locationId", .references = "locations.id"},
    {.name = "agency_id", .from = "companyId"},
    {.name = "old_conversation_id",
     .from = "oldConversationId",
     .note = "the conversation that was merged into the other",
     .references = "conversations.id"},
    {.name = "new_conversation_id",
     .from = "newConversationId",
     .note = "the conversation that stays",
     .references = "conversations.id"},
    {.name = "contact_id", .from = "contactId", .references = "contacts.id"},
    {.name = "occurred_at", .type = Type::kTimestamp, .from = "@occurred_at"},
};

constexpr EventType kEvents[] = {
    {.name = "ConversationUpdate",
     .op = Op::kFact,
     .rank = 0,
     .time = "timestamp",
     .note = "Not an update of fields: a merge of one conversation into another."},
};

}  // namespace

extern constexpr Entity kConversationMerge = Checked({.name = "ConversationMerge",
                                                      .table = "conversation_merges",
                                                      .kind = Kind::kFact,
                                                      .resurrect = 0,
                                                      .columns = kColumns,
                                                      .events = kEvents,
                                                      .shape = "oldConversationId|newConversationId",
                                                      .note = "A live-chat conversation was folded into another one."});

}  // namespace crmsink
