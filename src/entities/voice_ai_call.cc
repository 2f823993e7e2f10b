#include "entities/entity.h"

namespace crmsink {
namespace {

constexpr Column kColumns[] = {
    {.name = "id", .from = "id"},
    {.name = "location_id", .from = "locationId", .references = "locations.id"},
    {.name = "agency_id", .from = "companyId"},
    {.name = "agent_id", .from = "agentId", .note = "the voice AI agent that spoke"},
    {.name = "contact_id", .from = "contactId", .references = "contacts.id"},
    {.name = "message_id", .from = "messageId", .references = "messages.id"},
    {.name = "from_number", .from = "fromNumber", .note = "telephone number of the caller"},
    {.name = "duration_seconds", .type = Type::kNumber, .from = "duration", .note = "how long it was"},
    {.name = "summary", .from = "summary", .note = "summary of the call"},
    {.name = "transcript", .from = "transcript", .note = "lines \"bot:...\" and \"human:...\""},
    {.name = "translation_transcript", .from = "translation.transcript", .note = "transcript, translated"},
    {.name = "translation_language", .from = "translation.language", .note = "language of the translation"},
    {.name = "is_trial_call", .type = Type::kBoolean, .from = "trialCall", .note = "was it a test call?"},
    {.name = "created_at", .type = Type::kTimestamp, .from = "createdAt"},
    {.name = "occurred_at", .type = Type::kTimestamp, .from = "@occurred_at"},
};

constexpr Column kExtractedData[] = {
    {.name = "voice_ai_call_id", .from = "@parent.id"},
    {.name = "data_key", .from = "@key", .note = "name of what the agent was to find out"},
    {.name = "value", .from = "."},
    {.name = "value_json", .type = Type::kJson, .from = "."},
};

constexpr Column kActions[] = {
    {.name = "voice_ai_call_id", .from = "@parent.id"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "action_id", .from = "_id", .note = "the action"},
    {.name = "action_type",
     .from = "actionType",
     .note = "kind of action; known values: CALL_TRANSFER, DATA_EXTRACTION, IN_CALL_DATA_EXTRACTION, WORKFLOW_TRIGGER, "
             "SMS, APPOINTMENT_BOOKING, CUSTOM_ACTION, KNOWLEDGE_BASE"},
    {.name = "action_name", .from = "actionName", .note = "what the agent calls the action"},
    {.name = "description", .from = "description"},
    {.name = "executed_at", .type = Type::kTimestamp, .from = "executedAt", .note = "when it was carried out"},
    {.name = "trigger_received_at",
     .type = Type::kTimestamp,
     .from = "triggerReceivedAt",
     .note = "when the agent decided to act"},
    {.name = "trigger_prompt", .from = "actionParameters.triggerPrompt", .note = "when the agent is to act"},
    {.name = "trigger_message", .from = "actionParameters.triggerMessage", .note = "what the agent says when it acts"},
    {.name = "transfer_to_type",
     .from = "actionParameters.transferToType",
     .note = "kind of place that the call goes to; known values: number"},
    {.name = "transfer_to_value", .from = "actionParameters.transferToValue", .note = "where the call goes to"},
    {.name = "hear_whisper_message",
     .type = Type::kBoolean,
     .from = "actionParameters.hearWhisperMessage",
     .note = "does the person who takes over hear a message first?"},
    {.name = "contact_field_id",
     .from = "actionParameters.contactFieldId",
     .note = "the field of the contact that the agent fills in"},
    {.name = "field_description", .from = "actionParameters.description", .note = "what the agent is to find out"},
    {.name = "overwrite_existing_value",
     .type = Type::kBoolean,
     .from = "actionParameters.overwriteExistingValue",
     .note = "does the agent replace what the field has?"},
    {.name = "workflow_id", .from = "actionParameters.workflowId", .note = "the workflow"},
    {.name = "message_body",
     .from = "actionParameters.messageBody",
     .note = "text of the message that the agent sends"},
    {.name = "calendar_id", .from = "actionParameters.calendarId"},
    {.name = "days_of_offering_dates",
     .type = Type::kInteger,
     .from = "actionParameters.daysOfOfferingDates",
     .note = "days ahead on which the agent offers dates"},
    {.name = "slots_per_day",
     .type = Type::kInteger,
     .from = "actionParameters.slotsPerDay",
     .note = "dates that the agent offers per day"},
    {.name = "hours_between_slots",
     .type = Type::kNumber,
     .from = "actionParameters.hoursBetweenSlots",
     .note = "hours between two dates on offer"},
    {.name = "knowledge_base_id", .from = "actionParameters.knowledgeBaseId", .references = "knowledge_bases.id"},
    {.name = "api_url", .from = "actionParameters.apiDetails.url", .note = "URL of the API that the agent calls"},
    {.name = "api_method",
     .from = "actionParameters.apiDetails.method",
     .note = "HTTP method of the API that the agent calls; known values: POST, GET"},
    {.name = "api_authentication_required",
     .type = Type::kBoolean,
     .from = "actionParameters.apiDetails.authenticationRequired",
     .note = "does the called API ask for a login?"},
    {.name = "api_authentication_value",
     .from = "actionParameters.apiDetails.authenticationValue",
     .flags = kSensitive},
};

constexpr Column kActionExamples[] = {
    {.name = "voice_ai_call_id", .from = "@parent.id"},
    {.name = "action_position", .type = Type::kInteger, .from = "@index:1"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "example", .from = "."},
};

constexpr Column kActionPaths[] = {
    {.name = "voice_ai_call_id", .from = "@parent.id"},
    {.name = "action_position", .type = Type::kInteger, .from = "@index:1"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "selected_path", .from = ".", .note = "a way of the conversation that the action belongs to"},
};

constexpr Column kActionHeaders[] = {
    {.name = "voice_ai_call_id", .from = "@parent.id"},
    {.name = "action_position", .type = Type::kInteger, .from = "@index:1"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "header_name", .from = "key", .note = "name of the header"},
    {.name = "header_value", .from = "value", .note = "value of the header", .flags = kSensitive},
};

constexpr Column kActionParameters[] = {
    {.name = "voice_ai_call_id", .from = "@parent.id"},
    {.name = "action_position", .type = Type::kInteger, .from = "@index:1"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "parameter_name", .from = "name", .note = "name of the parameter"},
    {.name = "description", .from = "description"},
    {.name = "parameter_type", .from = "type", .note = "type of the parameter"},
    {.name = "example", .from = "example"},
};

constexpr Child kChildren[] = {
    {.table = "voice_ai_call_extracted_data",
     .from = "extractedData{}",
     .key = "voice_ai_call_id,data_key",
     .columns = kExtractedData,
     .note = "free-form map"},
    {.table = "voice_ai_call_actions",
     .from = "executedCallActions[]",
     .key = "voice_ai_call_id,position",
     .columns = kActions},
    {.table = "voice_ai_call_action_examples",
     .from = "executedCallActions[].actionParameters.examples[]",
     .key = "voice_ai_call_id,action_position,position",
     .columns = kActionExamples},
    {.table = "voice_ai_call_action_paths",
     .from = "executedCallActions[].actionParameters.selectedPaths[]",
     .key = "voice_ai_call_id,action_position,position",
     .columns = kActionPaths},
    {.table = "voice_ai_call_action_headers",
     .from = "executedCallActions[].actionParameters.apiDetails.headers[]",
     .key = "voice_ai_call_id,action_position,position",
     .columns = kActionHeaders},
    {.table = "voice_ai_call_action_parameters",
     .from = "executedCallActions[].actionParameters.apiDetails.parameters[]|executedCallActions[].actionParameters."
             "parameters[]",
     .key = "voice_ai_call_id,action_position,position",
     .columns = kActionParameters,
     .note = "apiDetails.parameters for CUSTOM_ACTION, parameters for KNOWLEDGE_BASE: never both in one action"},
};

constexpr EventType kEvents[] = {
    {.name = "VoiceAiCallEnd",
     .op = Op::kFact,
     .rank = 0,
     .time = "timestamp|createdAt",
     .scope = "voice-ai-dashboard.readonly",
     .note = "Documented without type; third-party handlers read one from deliveries."},
};

}  // namespace

extern constexpr Entity kVoiceAiCall =
    Checked({.name = "VoiceAiCall",
             .table = "voice_ai_calls",
             .kind = Kind::kFact,
             .resurrect = 0,
             .columns = kColumns,
             .children = kChildren,
             .events = kEvents,
             .shape = "agentId|fromNumber",
             .note = "The payload has an id of its own: a redelivery finds its row."});

}  // namespace crmsink
