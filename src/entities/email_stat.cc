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
    {.name = "provider_event_id", .from = "webhookPayload.id"},
    {.name = "occurred_at",
     .type = Type::kTimestamp,
     .from = "webhookPayload.timestamp|@occurred_at",
     .note = "integer or decimal seconds"},
    {.name = "log_level", .from = "webhookPayload.log-level"},
    {.name = "recipient", .from = "webhookPayload.recipient"},
    {.name = "recipient_domain", .from = "webhookPayload.recipient-domain"},
    {.name = "recipient_provider", .from = "webhookPayload.recipient-provider"},
    {.name = "is_authenticated", .type = Type::kBoolean, .from = "webhookPayload.flags.is-authenticated"},
    {.name = "is_routed", .type = Type::kBoolean, .from = "webhookPayload.flags.is-routed"},
    {.name = "is_big", .type = Type::kBoolean, .from = "webhookPayload.flags.is-big"},
    {.name = "is_system_test", .type = Type::kBoolean, .from = "webhookPayload.flags.is-system-test"},
    {.name = "is_test_mode", .type = Type::kBoolean, .from = "webhookPayload.flags.is-test-mode"},
    {.name = "message_header_id", .from = "webhookPayload.message.headers.message-id"},
    {.name = "message_from", .from = "webhookPayload.message.headers.from"},
    {.name = "message_to", .from = "webhookPayload.message.headers.to"},
    {.name = "message_size", .type = Type::kInteger, .from = "webhookPayload.message.size"},
    {.name = "attempt_number", .type = Type::kInteger, .from = "webhookPayload.delivery-status.attempt-no"},
    {.name = "smtp_code", .type = Type::kInteger, .from = "webhookPayload.delivery-status.code"},
    {.name = "smtp_message", .from = "webhookPayload.delivery-status.message"},
    {.name = "smtp_description", .from = "webhookPayload.delivery-status.description"},
    {.name = "smtp_enhanced_code", .from = "webhookPayload.delivery-status.enhanced-code"},
    {.name = "mx_host", .from = "webhookPayload.delivery-status.mx-host"},
    {.name = "session_seconds", .type = Type::kNumber, .from = "webhookPayload.delivery-status.session-seconds"},
    {.name = "first_attempt_seconds",
     .type = Type::kNumber,
     .from = "webhookPayload.delivery-status.i-first-delivery-attempt-seconds"},
    {.name = "is_utf8", .type = Type::kBoolean, .from = "webhookPayload.delivery-status.utf8"},
    {.name = "severity",
     .from = "webhookPayload.severity",
     .note = "failed events: permanent or temporary; not on the page"},
    {.name = "reason", .from = "webhookPayload.reason", .note = "failed events; not on the page"},
    {.name = "envelope_sender", .from = "webhookPayload.envelope.sender"},
    {.name = "envelope_targets", .from = "webhookPayload.envelope.targets"},
    {.name = "envelope_transport", .from = "webhookPayload.envelope.transport"},
    {.name = "sending_ip", .from = "webhookPayload.envelope.sending-ip"},
    {.name = "ip_pool_id", .from = "webhookPayload.envelope.i-ip-pool-id"},
    {.name = "ip_pool_name", .from = "webhookPayload.envelope.i-ip-pool-name"},
};

constexpr Column kEmailEventTags[] = {
    {.name = "email_event_id", .from = "@parent.id"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "tag", .from = ".", .note = "loc_<id>, com_<id>, et_<kind>"},
};

constexpr Column kEmailEventCampaigns[] = {
    {.name = "email_event_id", .from = "@parent.id"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "campaign", .type = Type::kJson, .from = "."},
};

constexpr Column kEmailEventAttachments[] = {
    {.name = "email_event_id", .from = "@parent.id"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "attachment", .type = Type::kJson, .from = "."},
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
