#include "entities/entity.h"

namespace crmsink {
namespace {

constexpr Column kColumns[] = {
    {.name = "id", .from = "@id_parts", .note = "appId + \":\" + (locationId, else companyId)"},
    {.name = "app_id", .from = "appId"},
    {.name = "location_id",
     .from = "locationId",
     .note = "absent for agency-level installs",
     .references = "locations.id"},
    {.name = "agency_id", .from = "companyId"},
    {.name = "app_version_id", .from = "versionId", .note = "envelope field; not on the event pages"},
    {.name = "previous_app_version_id", .from = "previousVersionId", .note = "the version before the update"},
    {.name = "user_id", .from = "userId", .references = "users.id"},
    {.name = "plan_id",
     .from = "planId",
     .note = "plan at install or update; a later PlanChange is a row of plan_changes"},
    {.name = "on_trial", .type = Type::kBoolean, .from = "trial.onTrial", .note = "is the install on trial?"},
    {.name = "trial_duration_days", .type = Type::kInteger, .from = "trial.trialDuration", .note = "days of the trial"},
    {.name = "trial_started_at",
     .type = Type::kTimestamp,
     .from = "trial.trialStartDate",
     .note = "when the trial began"},
    {.name = "is_whitelabel_agency",
     .type = Type::kBoolean,
     .from = "isWhitelabelCompany",
     .note = "does the agency use a name of its own?"},
    {.name = "whitelabel_domain", .from = "whitelabelDetails.domain", .note = "domain of the agency"},
    {.name = "whitelabel_logo_url", .from = "whitelabelDetails.logoUrl", .note = "logo of the agency"},
    {.name = "agency_name", .from = "companyName", .note = "name of the agency"},
};

constexpr EventType kEvents[] = {
    {.name = "AppInstall",
     .op = Op::kCreate,
     .rank = 0,
     .time = "timestamp",
     .aliases = "INSTALL",
     .note = "Sent also for each location of a bulk install; userId and companyId may be missing when the app is "
             "installed through \"future locations\"."},
    {.name = "AppUpdate", .op = Op::kUpdate, .rank = 1, .time = "timestamp", .aliases = "UPDATE"},
    {.name = "AppUninstall",
     .op = Op::kDelete,
     .rank = 3,
     .time = "timestamp",
     .aliases = "UNINSTALL",
     .note = "Location-level: no companyId. Agency-level: no locationId."},
};

}  // namespace

extern constexpr Entity kAppInstall =
    Checked({.name = "AppInstall",
             .table = "app_installs",
             .kind = Kind::kMirror,
             .columns = kColumns,
             .events = kEvents,
             .id_parts = "appId,locationId|companyId",
             .note = "One row per (app, location or company). INSTALL after UNINSTALL brings the row back. The page "
                     "gives no id: it is composed. The history of installs is in the event log."});

}  // namespace crmsink
