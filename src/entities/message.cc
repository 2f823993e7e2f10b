#include "entities/entity.h"

namespace crmsink {
namespace {

constexpr Column kColumns[] = {
    {.name = "id", .from = "messageId|@event_id"},
    {.name = "location_id", .from = "locationId", .references = "locations.id"},
    {.name = "agency_id", .from = "companyId"},
    {.name = "conversation_id", .from = "conversationId", .note = "the conversation", .references = "conversations.id"},
    {.name = "contact_id", .from = "contactId", .references = "contacts.id"},
    {.name = "user_id", .from = "userId", .references = "users.id"},
    {.name = "email_message_id", .from = "emailMessageId", .note = "the e-mail at HighLevel"},
    {.name = "direction", .from = "direction", .note = "inbound or outbound; known values: inbound, outbound"},
    {.name = "message_type",
     .from = "messageType|type",
     .note = "CALL, SMS, Email, VoiceMail, InternalComment, ...: no fixed case; `type` only where it names no event "
             "(ProviderOutboundMessage)"},
    {.name = "message_type_id",
     .type = Type::kInteger,
     .from = "messageTypeId",
     .note = "kind of message, as a number"},
    {.name = "message_type_name", .from = "messageTypeString", .note = "TYPE_CALL, TYPE_SMS, TYPE_VOICEMAIL, ..."},
    {.name = "status", .from = "status"},
    {.name = "source", .from = "source", .note = "known values: app, api, workflow, campaign, bulk_actions"},
    {.name = "content_type", .from = "contentType", .note = "media type of the content"},
    {.name = "subject", .from = "subject", .note = "subject"},
    {.name = "body", .from = "body|message", .note = "HTML for email"},
    {.name = "html", .from = "html", .note = "ProviderOutboundMessage, email"},
    {.name = "plain_text", .from = "plainText", .note = "OutboundMessage, email"},
    {.name = "from_address", .from = "from|emailFrom", .note = "phone number, or \"Name <address>\""},
    {.name = "to_address",
     .from = "to|emailTo|phone",
     .note = "a string or a list: the first one; all of them in message_recipients",
     .flags = kFirstOfList},
    {.name = "thread_id", .from = "threadId", .note = "the thread of e-mails"},
    {.name = "provider", .from = "provider", .note = "who carries the message"},
    {.name = "conversation_provider_id", .from = "conversationProviderId", .note = "the conversation provider"},
    {.name = "chat_widget_id", .from = "chatWidgetId", .note = "the chat widget"},
    {.name = "reply_to_alt_id", .from = "replyToAltId", .note = "the message at the provider that it answers"},
    {.name = "call_duration_seconds", .type = Type::kNumber, .from = "callDuration", .note = "how long the call was"},
    {.name = "call_status", .from = "callStatus", .note = "how the call ended"},
    {.name = "created_at", .type = Type::kTimestamp, .from = "dateAdded|@occurred_at"},
};

constexpr Column kAttachments[] = {
    {.name = "message_id", .from = "@parent.id"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "url", .from = ".|url"},
    {.name = "value_json",
     .type = Type::kJson,
     .from = ".",
     .note = "the element as sent, when it is not a plain string",
     .flags = kUnlessText},
};

constexpr Column kRecipients[] = {
    {.name = "message_id", .from = "@parent.id"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "kind", .from = "@source", .note = "to, cc or bcc; known values: to, cc, bcc"},
    {.name = "address", .from = "."},
};

constexpr Column kMentions[] = {
    {.name = "message_id", .from = "@parent.id"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "user_id", .from = ".", .references = "users.id"},
};

constexpr Child kChildren[] = {
    {.table = "message_attachments",
     .from = "attachments[]",
     .key = "message_id,position",
     .columns = kAttachments,
     .flags = kJsonStringOk},
    {.table = "message_recipients",
     .from = "to[]|emailTo[]|ccList[]|cc[]|bccList[]|bcc[]",
     .key = "message_id,kind,position",
     .columns = kRecipients,
     .note = "each may be one string or a list; ccList and bccList win over cc and bcc when both are there",
     .flags = kScalarOk,
     .source_map = "to:to,emailTo:to,cc:cc,ccList:cc,bcc:bcc,bccList:bcc"},
    {.table = "message_mentions", .from = "mentions[]", .key = "message_id,position", .columns = kMentions},
};

constexpr Set kOnProviderOutboundMessage[] = {{"direction", "outbound"}};

constexpr EventType kEvents[] = {
    {.name = "InboundMessage",
     .op = Op::kCreate,
     .rank = 0,
     .time = "timestamp|dateAdded",
     .path_overrules = "OutboundMessage",
     .scope = "conversations/message.readonly",
     .note = "Eight channels under one type. SMS and email examples have no messageId; an email has emailMessageId. "
             "WhatsApp media arrive with an empty body and without attachments (highlevel-api-docs #299)."},
    {.name = "OutboundMessage",
     .op = Op::kCreate,
     .rank = 0,
     .time = "timestamp|dateAdded",
     .scope = "conversations/message.readonly",
     .note = "A retried message is a new message with a new id; the failed one is not withdrawn (highlevel-api-docs "
             "#260). IVR calls were not sent before 2025-12 (highlevel-api-docs #29)."},
    {.name = "ProviderOutboundMessage",
     .op = Op::kCreate,
     .rank = 0,
     .time = "timestamp|dateAdded",
     .aliases = "ConversationProviderOutboundMessage",
     .sets = kOnProviderOutboundMessage,
     .body_types = "SMS|Email|Custom",
     .scope = "conversations/message.write",
     .note = "Delivered to the provider's Delivery URL, not to the app webhook URL; signed with X-GHL-Signature only. "
             "Has neither an event type nor a time of its own. replyToAltId is added for custom providers. The alias "
             "is the page's title, used by third-party handlers; not seen in a delivery."},
};

}  // namespace

extern constexpr Entity kMessage =
    Checked({.name = "Message",
             .table = "messages",
             .kind = Kind::kMirror,
             .columns = kColumns,
             .children = kChildren,
             .events = kEvents,
             .shape = "contactId|messageId",
             .indexes = "contact_id,created_at|location_id,created_at",
             .note = "Deletes are not sent. A second event with the same id (status change) updates the row."});

}  // namespace crmsink
