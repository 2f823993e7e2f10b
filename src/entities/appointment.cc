#include "entities/entity.h"

namespace crmsink {
namespace {

constexpr Column kColumns[] = {
    {.name = "id", .from = "appointment.id"},
    {.name = "location_id", .from = "locationId", .references = "locations.id"},
    {.name = "agency_id", .from = "companyId"},
    {.name = "calendar_id", .from = "appointment.calendarId"},
    {.name = "contact_id", .from = "appointment.contactId", .references = "contacts.id"},
    {.name = "group_id", .from = "appointment.groupId", .note = "the group of calendars"},
    {.name = "assigned_user_id", .from = "appointment.assignedUserId", .references = "users.id"},
    {.name = "title", .from = "appointment.title"},
    {.name = "address", .from = "appointment.address", .note = "meeting link or place"},
    {.name = "status",
     .from = "appointment.appointmentStatus",
     .note = "known values: new, confirmed, cancelled, showed, noshow, invalid, active, completed"},
    {.name = "notes", .from = "appointment.notes", .note = "notes"},
    {.name = "source", .from = "appointment.source"},
    {.name = "start_at", .type = Type::kTimestamp, .from = "appointment.startTime", .note = "when it begins"},
    {.name = "end_at", .type = Type::kTimestamp, .from = "appointment.endTime", .note = "when it ends"},
    {.name = "created_at", .type = Type::kTimestamp, .from = "appointment.dateAdded"},
    {.name = "updated_at", .type = Type::kTimestamp, .from = "appointment.dateUpdated"},
};

constexpr Column kUsers[] = {
    {.name = "appointment_id", .from = "@parent.id", .note = "the appointment"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "user_id", .from = ".", .references = "users.id"},
};

constexpr Child kChildren[] = {
    {.table = "appointment_users", .from = "appointment.users[]", .key = "appointment_id,user_id", .columns = kUsers},
};

constexpr EventType kEvents[] = {
    {.name = "AppointmentCreate",
     .op = Op::kCreate,
     .rank = 0,
     .time = "appointment.dateUpdated|timestamp|appointment.dateAdded",
     .scope = "~calendars/events.readonly"},
    {.name = "AppointmentUpdate",
     .op = Op::kUpdate,
     .rank = 1,
     .time = "appointment.dateUpdated|timestamp",
     .path_overrules = "AppointmentCreate",
     .scope = "~calendars/events.readonly",
     .note = "The page's example says type AppointmentCreate; corrected in the example file."},
    {.name = "AppointmentDelete",
     .op = Op::kDelete,
     .rank = 3,
     .time = "appointment.dateUpdated|timestamp",
     .path_overrules = "AppointmentCreate",
     .scope = "~calendars/events.readonly",
     .note = "The page's example says type AppointmentCreate; corrected in the example file."},
};

}  // namespace

extern constexpr Entity kAppointment = Checked({.name = "Appointment",
                                                .table = "appointments",
                                                .kind = Kind::kMirror,
                                                .columns = kColumns,
                                                .children = kChildren,
                                                .events = kEvents,
                                                .shape = "appointment",
                                                .indexes = "contact_id|location_id,start_at"});

}  // namespace crmsink
