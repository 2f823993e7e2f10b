#include "entities/entity.h"

namespace crmsink {
namespace {

constexpr Column kColumns[] = {
    {.name = "id", .from = "id"},
    {.name = "location_id", .from = "locationId", .references = "locations.id"},
    {.name = "agency_id", .from = "companyId"},
    {.name = "contact_id", .from = "contactId", .references = "contacts.id"},
    {.name = "template_id", .from = "templateId", .note = "the template"},
    {.name = "status", .from = "status"},
    {.name = "replied", .from = "replied", .note = "documented as a string; a boolean is possible: keep its text"},
    {.name = "created_at", .type = Type::kTimestamp, .from = "dateAdded"},
};

constexpr EventType kEvents[] = {
    {.name = "CampaignStatusUpdate",
     .op = Op::kUpdate,
     .rank = 1,
     .time = "timestamp",
     .scope = "campaigns.readonly",
     .note = "id is that of the contact's run through the campaign; there is no campaign id, only templateId."},
};

}  // namespace

extern constexpr Entity kCampaignStatus = Checked({.name = "CampaignStatus",
                                                   .table = "campaign_statuses",
                                                   .kind = Kind::kMirror,
                                                   .columns = kColumns,
                                                   .events = kEvents});

}  // namespace crmsink
