#include "entities/entity.h"

namespace crmsink {
namespace {

constexpr Column kColumns[] = {
    {.name = "id", .from = "ticketId"},
    {.name = "location_id", .from = "locationId", .references = "locations.id"},
    {.name = "agency_id", .from = "companyId"},
    {.name = "app_id", .from = "appId"},
    {.name = "app_version_id", .from = "versionId"},
};

constexpr EventType kEvents[] = {
    {.name = "SupportTicketCreate", .op = Op::kCreate, .rank = 0, .time = "timestamp"},
    {.name = "SupportTicketUpdate", .op = Op::kUpdate, .rank = 1, .time = "timestamp"},
    {.name = "SupportTicketDelete", .op = Op::kDelete, .rank = 3, .time = "timestamp"},
};

}  // namespace

extern constexpr Entity kSupportTicket = Checked({.name = "SupportTicket",
                                                  .table = "support_tickets",
                                                  .kind = Kind::kMirror,
                                                  .columns = kColumns,
                                                  .events = kEvents,
                                                  .shape = "ticketId",
                                                  .note = "Only ids are sent: status and text are not in the event."});

}  // namespace crmsink
