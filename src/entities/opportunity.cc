#include "entities/entity.h"

namespace crmsink {
namespace {

constexpr Column kColumns[] = {
    {.name = "id", .from = "id"},
    {.name = "location_id", .from = "locationId", .references = "locations.id"},
    {.name = "agency_id", .from = "companyId"},
    {.name = "contact_id", .from = "contactId", .references = "contacts.id"},
    {.name = "name", .from = "name"},
    {.name = "status", .from = "status", .note = "known values: open, won, lost, abandoned"},
    {.name = "monetary_value", .type = Type::kNumber, .from = "monetaryValue", .note = "what it is worth"},
    {.name = "pipeline_id", .from = "pipelineId", .note = "the pipeline"},
    {.name = "pipeline_stage_id", .from = "pipelineStageId", .note = "the stage of the pipeline"},
    {.name = "assigned_user_id",
     .from = "assignedTo",
     .note = "null when nobody is assigned",
     .references = "users.id"},
    {.name = "source", .from = "source"},
    {.name = "created_at", .type = Type::kTimestamp, .from = "dateAdded"},
    {.name = "last_stage_change_at",
     .type = Type::kTimestamp,
     .note = "set by the event: time of the create and of OpportunityStageUpdate"},
    {.name = "last_status_change_at",
     .type = Type::kTimestamp,
     .note = "set by the event: time of the create and of OpportunityStatusUpdate"},
};

constexpr Set kOnOpportunityCreate[] = {{"last_stage_change_at", "@occurred_at"},
                                        {"last_status_change_at", "@occurred_at"}};
constexpr Set kOnOpportunityStatusUpdate[] = {{"last_status_change_at", "@occurred_at"}};
constexpr Set kOnOpportunityStageUpdate[] = {{"last_stage_change_at", "@occurred_at"}};

constexpr EventType kEvents[] = {
    {.name = "OpportunityCreate",
     .op = Op::kCreate,
     .rank = 0,
     .time = "timestamp|dateAdded",
     .sets = kOnOpportunityCreate,
     .scope = "opportunities.readonly"},
    {.name = "OpportunityUpdate",
     .op = Op::kUpdate,
     .rank = 1,
     .time = "timestamp",
     .scope = "~opportunities.readonly",
     .note = "Sent beside every other opportunity event, also after OpportunityCreate and OpportunityDelete "
             "(highlevel-api-docs #27)."},
    {.name = "OpportunityDelete",
     .op = Op::kDelete,
     .rank = 3,
     .time = "timestamp",
     .scope = "opportunities.readonly",
     .note = "An OpportunityUpdate for the same id may follow (highlevel-api-docs #27)."},
    {.name = "OpportunityStatusUpdate",
     .op = Op::kUpdate,
     .rank = 2,
     .time = "timestamp",
     .sets = kOnOpportunityStatusUpdate,
     .scope = "opportunities.readonly"},
    {.name = "OpportunityStageUpdate",
     .op = Op::kUpdate,
     .rank = 2,
     .time = "timestamp",
     .sets = kOnOpportunityStageUpdate,
     .scope = "opportunities.readonly"},
    {.name = "OpportunityMonetaryValueUpdate",
     .op = Op::kUpdate,
     .rank = 2,
     .time = "timestamp",
     .scope = "opportunities.readonly"},
    {.name = "OpportunityAssignedToUpdate",
     .op = Op::kUpdate,
     .rank = 2,
     .time = "timestamp",
     .scope = "~opportunities.readonly"},
};

}  // namespace

extern constexpr Entity kOpportunity =
    Checked({.name = "Opportunity",
             .table = "opportunities",
             .kind = Kind::kMirror,
             .columns = kColumns,
             .events = kEvents,
             .shape = "pipelineId|pipelineStageId",
             .indexes = "contact_id",
             .note = "Several events per change, and an OpportunityUpdate after an OpportunityDelete: an update must "
                     "not bring a deleted row back."});

}  // namespace crmsink
