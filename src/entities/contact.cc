#include "entities/entity.h"

namespace crmsink {
namespace {

constexpr Column kColumns[] = {
    {.name = "id", .from = "id"},
    {.name = "location_id", .from = "locationId", .references = "locations.id"},
    {.name = "agency_id", .from = "companyId"},
    {.name = "name", .from = "name"},
    {.name = "first_name", .from = "firstName"},
    {.name = "last_name", .from = "lastName"},
    {.name = "email", .from = "email"},
    {.name = "phone", .from = "phone"},
    {.name = "phone_label", .from = "phoneLabel", .note = "newer page only"},
    {.name = "company_name", .from = "companyName", .note = "the company that the contact works for"},
    {.name = "website", .from = "website", .note = "website"},
    {.name = "address1", .from = "address1", .note = "street"},
    {.name = "city", .from = "city", .note = "city"},
    {.name = "state", .from = "state", .note = "state or province"},
    {.name = "postal_code", .from = "postalCode", .note = "postal code"},
    {.name = "country", .from = "country", .note = "country, two letters"},
    {.name = "source", .from = "source"},
    {.name = "date_of_birth",
     .type = Type::kDate,
     .from = "dateOfBirth",
     .note = "sent as midnight UTC, YYYY-MM-DDT00:00:00.000Z"},
    {.name = "assigned_user_id", .from = "assignedTo", .references = "users.id"},
    {.name = "dnd", .type = Type::kBoolean, .from = "dnd", .note = "do not disturb on any channel"},
    {.name = "created_at", .type = Type::kTimestamp, .from = "dateAdded"},
};

constexpr Column kTags[] = {
    {.name = "contact_id", .from = "@parent.id"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "tag", .from = "."},
};

constexpr Column kCustomFields[] = {
    {.name = "contact_id", .from = "@parent.id"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "custom_field_id", .from = "id", .note = "the custom field"},
    {.name = "value", .from = "value", .note = "when it is a scalar: its text"},
    {.name = "value_json", .type = Type::kJson, .from = "value", .note = "string, number, array or object: as sent"},
};

constexpr Column kAttachments[] = {
    {.name = "contact_id", .from = "@parent.id"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "url", .from = ".|url"},
    {.name = "value_json",
     .type = Type::kJson,
     .from = ".",
     .note = "the element as sent, when it is not a plain string",
     .flags = kUnlessText},
};

constexpr Column kDndSettings[] = {
    {.name = "contact_id", .from = "@parent.id"},
    {.name = "channel",
     .from = "@key",
     .note = "channel of communication; known values: SMS, Email, GMB, FB, WhatsApp, Call, RCS"},
    {.name = "dnd_status",
     .from = "status",
     .note = "active: messages on this channel are suppressed; known values: active, inactive, permanent"},
    {.name = "message", .from = "message", .note = "text of the message"},
    {.name = "code", .from = "code", .note = "code of the state"},
};

constexpr Child kChildren[] = {
    {.table = "contact_tags", .from = "tags[]", .key = "contact_id,tag", .columns = kTags},
    {.table = "contact_custom_fields",
     .from = "customFields[]",
     .key = "contact_id,custom_field_id",
     .columns = kCustomFields},
    {.table = "contact_attachments",
     .from = "attachments[]",
     .key = "contact_id,position",
     .columns = kAttachments,
     .flags = kJsonStringOk},
    {.table = "contact_dnd_settings",
     .from = "dndSettings{}",
     .key = "contact_id,channel",
     .columns = kDndSettings,
     .note = "a map channel -> object; RCS is not on the page but is sent (highlevel-api-docs #264)"},
};

constexpr EventType kEvents[] = {
    {.name = "ContactCreate",
     .op = Op::kCreate,
     .rank = 0,
     .time = "timestamp|dateAdded",
     .scope = "contacts.readonly",
     .note = "attachments is a leftover: always empty or absent (highlevel-api-docs #324)."},
    {.name = "ContactUpdate",
     .op = Op::kUpdate,
     .rank = 1,
     .time = "timestamp",
     .scope = "~contacts.readonly",
     .note = "attachments is a leftover: always empty or absent (highlevel-api-docs #324). Fired for timezone changes "
             "too since 2025-12, without a timezone member on the page (highlevel-api-docs #77)."},
    {.name = "ContactDelete",
     .op = Op::kDelete,
     .rank = 3,
     .time = "timestamp",
     .scope = "contacts.readonly",
     .note = "Carries the whole contact as it was."},
    {.name = "ContactDndUpdate",
     .op = Op::kUpdate,
     .rank = 2,
     .time = "timestamp",
     .scope = "contacts.readonly",
     .note = "The only contact event with dndSettings. Not sent for inbound DND settings (highlevel-api-docs #264)."},
    {.name = "ContactTagUpdate",
     .op = Op::kUpdate,
     .rank = 2,
     .time = "timestamp",
     .scope = "contacts.readonly",
     .note = "Carries the whole contact with its whole tag list: replace, do not add. Which tag changed is not said."},
};

}  // namespace

extern constexpr Entity kContact = Checked(
    {.name = "Contact",
     .table = "contacts",
     .kind = Kind::kMirror,
     .resurrect = kByCreate | kByLaterUpdate,
     .columns = kColumns,
     .children = kChildren,
     .events = kEvents,
     .shape = "id|dnd",
     .indexes = "location_id,created_at|email|phone",
     .note = "Every contact event carries the whole contact as far as it is filled in; empty fields are left out."});

}  // namespace crmsink
