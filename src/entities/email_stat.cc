#include "entities/entity.h"

namespace crmsink {
namespace {

constexpr Column kColumns[] = {
    {.name = "id", .from = "@event_id"},
    {.name = "location_id", .from = "locationId", .references = "locations.id"},
    {.name = "agency_id", .from = "companyId"},
    {.name = "event_type",
     .from = "webhookPayload.event",
     .note = "delivered, opened, clicked, failed, complained, unsubscribed, ..."},
    {.name = "provider_event_id", .from = "webhookPayload.id", .note = "the event at the mail provider"},
    {.name = "occurred_at",
     .type = Type::kTimestamp,
     .from = "webhookPayload.timestamp|@occurred_at",
     .note = "integer or decimal seconds"},
    {.name = "log_level", .from = "webhookPayload.log-level", .note = "how important the mail system takes it"},
    {.name = "recipient", .from = "webhookPayload.recipient", .note = "e-mail address of the recipient"},
    {.name = "recipient_domain", .from = "webhookPayload.recipient-domain", .note = "domain of the recipient"},
    {.name = "recipient_provider",
     .from = "webhookPayload.recipient-provider",
     .note = "mail provider of the recipient"},
    {.name = "is_authenticated",
     .type = Type::kBoolean,
     .from = "webhookPayload.flags.is-authenticated",
     .note = "was the sender logged in?"},
    {.name = "is_routed",
     .type = Type::kBoolean,
     .from = "webhookPayload.flags.is-routed",
     .note = "was it routed by a rule?"},
    {.name = "is_big", .type = Type::kBoolean, .from = "webhookPayload.flags.is-big", .note = "was it a big e-mail?"},
    {.name = "is_system_test",
     .type = Type::kBoolean,
     .from = "webhookPayload.flags.is-system-test",
     .note = "was it a test of the mail system?"},
    {.name = "is_test_mode",
     .type = Type::kBoolean,
     .from = "webhookPayload.flags.is-test-mode",
     .note = "was it a test?"},
    {.name = "message_header_id",
     .from = "webhookPayload.message.headers.message-id",
     .note = "Message-ID of the e-mail"},
    {.name = "message_from", .from = "webhookPayload.message.headers.from", .note = "From of the e-mail"},
    {.name = "message_to", .from = "webhookPayload.message.headers.to", .note = "To of the e-mail"},
    {.name = "message_size",
     .type = Type::kInteger,
     .from = "webhookPayload.message.size",
     .note = "bytes of the e-mail"},
    {.name = "attempt_number",
     .type = Type::kInteger,
     .from = "webhookPayload.delivery-status.attempt-no",
     .note = "which attempt at delivery it was"},
    {.name = "smtp_code",
     .type = Type::kInteger,
     .from = "webhookPayload.delivery-status.code",
     .note = "answer of the mail server"},
    {.name = "smtp_message",
     .from = "webhookPayload.delivery-status.message",
     .note = "answer of the mail server, text"},
    {.name = "smtp_description",
     .from = "webhookPayload.delivery-status.description",
     .note = "answer of the mail server, explained"},
    {.name = "smtp_enhanced_code",
     .from = "webhookPayload.delivery-status.enhanced-code",
     .note = "answer of the mail server, enhanced code"},
    {.name = "mx_host", .from = "webhookPayload.delivery-status.mx-host", .note = "mail server of the recipient"},
    {.name = "session_seconds",
     .type = Type::kNumber,
     .from = "webhookPayload.delivery-status.session-seconds",
     .note = "how long the mail servers talked"},
    {.name = "first_attempt_seconds",
     .type = Type::kNumber,
     .from = "webhookPayload.delivery-status.i-first-delivery-attempt-seconds",
     .note = "how long the first attempt took"},
    {.name = "is_utf8",
     .type = Type::kBoolean,
     .from = "webhookPayload.delivery-status.utf8",
     .note = "did the server take UTF-8?"},
    {.name = "severity",
     .from = "webhookPayload.severity",
     .note = "failed events: permanent or temporary; not on the page"},
    {.name = "reason", .from = "webhookPayload.reason", .note = "failed events; not on the page"},
    {.name = "envelope_sender", .from = "webhookPayload.envelope.sender", .note = "sender at the mail servers"},
    {.name = "envelope_targets", .from = "webhookPayload.envelope.targets", .note = "recipients at the mail servers"},
    {.name = "envelope_transport", .from = "webhookPayload.envelope.transport", .note = "how it was sent"},
    {.name = "sending_ip", .from = "webhookPayload.envelope.sending-ip", .note = "address that it was sent from"},
    {.name = "ip_pool_id", .from = "webhookPayload.envelope.i-ip-pool-id", .note = "the pool of sending addresses"},
    {.name = "ip_pool_name",
     .from = "webhookPayload.envelope.i-ip-pool-name",
     .note = "name of the pool of sending addresses"},
};

constexpr Column kEmailEventTags[] = {
    {.name = "email_event_id", .from = "@parent.id"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "tag", .from = ".", .note = "loc_<id>, com_<id>, et_<kind>"},
};

constexpr Column kEmailEventCampaigns[] = {
    {.name = "email_event_id", .from = "@parent.id"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "campaign", .type = Type::kJson, .from = ".", .note = "a campaign that the e-mail belongs to"},
};

constexpr Column kEmailEventAttachments[] = {
    {.name = "email_event_id", .from = "@parent.id"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "attachment", .type = Type::kJson, .from = ".", .note = "an attachment of the e-mail"},
};

constexpr Child kChildren[] = {
    {.table = "email_event_tags",
     .from = "webhookPayload.tags[]",
     .key = "email_event_id,position",
     .columns = kEmailEventTags},
    {.table = "email_event_campaigns",
     .from = "webhookPayload.campaigns[]",
     .key = "email_event_id,position",
     .columns = kEmailEventCampaigns},
    {.table = "email_event_attachments",
     .from = "webhookPayload.message.attachments[]",
     .key = "email_event_id,position",
     .columns = kEmailEventAttachments},
};

constexpr EventType kEvents[] = {
    {.name = "LCEmailStats",
     .op = Op::kFact,
     .rank = 0,
     .time = "webhookPayload.timestamp|timestamp",
     .note = "webhookPayload.timestamp is in seconds since 1970. Location-level apps only."},
};

}  // namespace

extern constexpr Entity kEmailStat =
    Checked({.name = "EmailStat",
             .table = "email_events",
             .kind = Kind::kFact,
             .resurrect = 0,
             .columns = kColumns,
             .children = kChildren,
             .events = kEvents,
             .shape = "webhookPayload",
             .note = "The inner object is Mailgun's event format, with hyphens in its names; other kinds of event "
                     "bring other members (geolocation, client-info, url, ...): extra."});

}  // namespace crmsink
