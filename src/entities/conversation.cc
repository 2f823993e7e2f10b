#include "entities/entity.h"

namespace crmsink {
namespace {

constexpr Column kColumns[] = {
    {.name = "id", .from = "id"},
    {.name = "location_id", .from = "locationId", .references = "locations.id"},
    {.name = "agency_id", .from = "companyId"},
    {.name = "contact_id", .from = "contactId", .references = "contacts.id"},
    {.name = "unread_count", .type = Type::kInteger, .from = "unreadCount", .note = "messages that nobody has read"},
    {.name = "is_in_inbox", .type = Type::kBoolean, .from = "inbox", .note = "is it in the inbox?"},
    {.name = "is_starred", .type = Type::kBoolean, .from = "starred", .note = "is it marked with a star?"},
};

constexpr EventType kEvents[] = {
    {.name = "ConversationUnreadWebhook",
     .op = Op::kUpdate,
     .rank = 1,
     .time = "timestamp",
     .aliases = "ConversationUnreadUpdate",
     .tombstone_when = "deleted",
     .scope = "conversations.readonly",
     .note = "deleted = true means that the conversation is gone: tombstone."},
};

}  // namespace

extern constexpr Entity kConversation = Checked(
    {.name = "Conversation", .table = "conversations", .kind = Kind::kMirror, .columns = kColumns, .events = kEvents});

}  // namespace crmsink
