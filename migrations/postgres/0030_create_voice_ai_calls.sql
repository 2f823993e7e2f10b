-- VoiceAiCall: one row per event, and its child tables.

CREATE TABLE voice_ai_calls (
  id text COLLATE "C" NOT NULL,
  location_id text COLLATE "C",
  agency_id text COLLATE "C",
  agent_id text COLLATE "C",
  contact_id text COLLATE "C",
  message_id text COLLATE "C",
  from_number text COLLATE "C",
  duration_seconds numeric,
  summary text COLLATE "C",
  transcript text COLLATE "C",
  translation_transcript text COLLATE "C",
  translation_language text COLLATE "C",
  is_trial_call boolean,
  created_at timestamptz,
  occurred_at timestamptz,
  extra jsonb,
  PRIMARY KEY (id)
);
COMMENT ON TABLE voice_ai_calls IS 'What happened once, a row each: VoiceAiCall. The payload has an id of its own: a redelivery finds its row.';
COMMENT ON COLUMN voice_ai_calls.id IS 'the id; unique';
COMMENT ON COLUMN voice_ai_calls.location_id IS 'the sub-account (HighLevel''s locationId); refers to `locations.id`';
COMMENT ON COLUMN voice_ai_calls.agency_id IS 'the agency (HighLevel''s companyId)';
COMMENT ON COLUMN voice_ai_calls.agent_id IS 'the voice AI agent that spoke';
COMMENT ON COLUMN voice_ai_calls.contact_id IS 'the contact; refers to `contacts.id`';
COMMENT ON COLUMN voice_ai_calls.message_id IS 'the message; refers to `messages.id`';
COMMENT ON COLUMN voice_ai_calls.from_number IS 'telephone number of the caller';
COMMENT ON COLUMN voice_ai_calls.duration_seconds IS 'how long it was';
COMMENT ON COLUMN voice_ai_calls.summary IS 'summary of the call';
COMMENT ON COLUMN voice_ai_calls.transcript IS 'lines "bot:..." and "human:..."';
COMMENT ON COLUMN voice_ai_calls.translation_transcript IS 'transcript, translated';
COMMENT ON COLUMN voice_ai_calls.translation_language IS 'language of the translation';
COMMENT ON COLUMN voice_ai_calls.is_trial_call IS 'was it a test call?';
COMMENT ON COLUMN voice_ai_calls.created_at IS 'when it was made';
COMMENT ON COLUMN voice_ai_calls.occurred_at IS 'when it happened';
COMMENT ON COLUMN voice_ai_calls.extra IS 'members of the payload that no column takes; NULL when there is none';

CREATE TABLE voice_ai_call_extracted_data (
  voice_ai_call_id text COLLATE "C" NOT NULL,
  data_key text COLLATE "C" NOT NULL,
  value text COLLATE "C",
  value_json jsonb,
  PRIMARY KEY (voice_ai_call_id, data_key)
);
COMMENT ON TABLE voice_ai_call_extracted_data IS 'A row per element of extractedData{} of voice_ai_calls. free-form map';
COMMENT ON COLUMN voice_ai_call_extracted_data.voice_ai_call_id IS 'the call';
COMMENT ON COLUMN voice_ai_call_extracted_data.data_key IS 'name of what the agent was to find out';
COMMENT ON COLUMN voice_ai_call_extracted_data.value IS 'value';
COMMENT ON COLUMN voice_ai_call_extracted_data.value_json IS 'the value as it was sent';

CREATE TABLE voice_ai_call_actions (
  voice_ai_call_id text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  action_id text COLLATE "C",
  action_type text COLLATE "C",
  action_name text COLLATE "C",
  description text COLLATE "C",
  executed_at timestamptz,
  trigger_received_at timestamptz,
  trigger_prompt text COLLATE "C",
  trigger_message text COLLATE "C",
  transfer_to_type text COLLATE "C",
  transfer_to_value text COLLATE "C",
  hear_whisper_message boolean,
  contact_field_id text COLLATE "C",
  field_description text COLLATE "C",
  overwrite_existing_value boolean,
  workflow_id text COLLATE "C",
  message_body text COLLATE "C",
  calendar_id text COLLATE "C",
  days_of_offering_dates bigint,
  slots_per_day bigint,
  hours_between_slots numeric,
  knowledge_base_id text COLLATE "C",
  api_url text COLLATE "C",
  api_method text COLLATE "C",
  api_authentication_required boolean,
  api_authentication_value text COLLATE "C",
  PRIMARY KEY (voice_ai_call_id, position)
);
COMMENT ON TABLE voice_ai_call_actions IS 'A row per element of executedCallActions[] of voice_ai_calls';
COMMENT ON COLUMN voice_ai_call_actions.voice_ai_call_id IS 'the call';
COMMENT ON COLUMN voice_ai_call_actions.position IS 'place in the list, from 0';
COMMENT ON COLUMN voice_ai_call_actions.action_id IS 'the action';
COMMENT ON COLUMN voice_ai_call_actions.action_type IS 'kind of action; known values: CALL_TRANSFER, DATA_EXTRACTION, IN_CALL_DATA_EXTRACTION, WORKFLOW_TRIGGER, SMS, APPOINTMENT_BOOKING, CUSTOM_ACTION, KNOWLEDGE_BASE';
COMMENT ON COLUMN voice_ai_call_actions.action_name IS 'what the agent calls the action';
COMMENT ON COLUMN voice_ai_call_actions.description IS 'description';
COMMENT ON COLUMN voice_ai_call_actions.executed_at IS 'when it was carried out';
COMMENT ON COLUMN voice_ai_call_actions.trigger_received_at IS 'when the agent decided to act';
COMMENT ON COLUMN voice_ai_call_actions.trigger_prompt IS 'when the agent is to act';
COMMENT ON COLUMN voice_ai_call_actions.trigger_message IS 'what the agent says when it acts';
COMMENT ON COLUMN voice_ai_call_actions.transfer_to_type IS 'kind of place that the call goes to; known values: number';
COMMENT ON COLUMN voice_ai_call_actions.transfer_to_value IS 'where the call goes to';
COMMENT ON COLUMN voice_ai_call_actions.hear_whisper_message IS 'does the person who takes over hear a message first?';
COMMENT ON COLUMN voice_ai_call_actions.contact_field_id IS 'the field of the contact that the agent fills in';
COMMENT ON COLUMN voice_ai_call_actions.field_description IS 'what the agent is to find out';
COMMENT ON COLUMN voice_ai_call_actions.overwrite_existing_value IS 'does the agent replace what the field has?';
COMMENT ON COLUMN voice_ai_call_actions.workflow_id IS 'the workflow';
COMMENT ON COLUMN voice_ai_call_actions.message_body IS 'text of the message that the agent sends';
COMMENT ON COLUMN voice_ai_call_actions.calendar_id IS 'the calendar';
COMMENT ON COLUMN voice_ai_call_actions.days_of_offering_dates IS 'days ahead on which the agent offers dates';
COMMENT ON COLUMN voice_ai_call_actions.slots_per_day IS 'dates that the agent offers per day';
COMMENT ON COLUMN voice_ai_call_actions.hours_between_slots IS 'hours between two dates on offer';
COMMENT ON COLUMN voice_ai_call_actions.knowledge_base_id IS 'the knowledge base; refers to `knowledge_bases.id`';
COMMENT ON COLUMN voice_ai_call_actions.api_url IS 'URL of the API that the agent calls';
COMMENT ON COLUMN voice_ai_call_actions.api_method IS 'HTTP method of the API that the agent calls; known values: POST, GET';
COMMENT ON COLUMN voice_ai_call_actions.api_authentication_required IS 'does the called API ask for a login?';
COMMENT ON COLUMN voice_ai_call_actions.api_authentication_value IS 'a secret: always NULL';

CREATE TABLE voice_ai_call_action_examples (
  voice_ai_call_id text COLLATE "C" NOT NULL,
  action_position bigint NOT NULL,
  position bigint NOT NULL,
  example text COLLATE "C",
  PRIMARY KEY (voice_ai_call_id, action_position, position)
);
COMMENT ON TABLE voice_ai_call_action_examples IS 'A row per element of executedCallActions[].actionParameters.examples[] of voice_ai_calls';
COMMENT ON COLUMN voice_ai_call_action_examples.voice_ai_call_id IS 'the call';
COMMENT ON COLUMN voice_ai_call_action_examples.action_position IS 'place of the action in the call, from 0';
COMMENT ON COLUMN voice_ai_call_action_examples.position IS 'place in the list, from 0';
COMMENT ON COLUMN voice_ai_call_action_examples.example IS 'an example of it';

CREATE TABLE voice_ai_call_action_paths (
  voice_ai_call_id text COLLATE "C" NOT NULL,
  action_position bigint NOT NULL,
  position bigint NOT NULL,
  selected_path text COLLATE "C",
  PRIMARY KEY (voice_ai_call_id, action_position, position)
);
COMMENT ON TABLE voice_ai_call_action_paths IS 'A row per element of executedCallActions[].actionParameters.selectedPaths[] of voice_ai_calls';
COMMENT ON COLUMN voice_ai_call_action_paths.voice_ai_call_id IS 'the call';
COMMENT ON COLUMN voice_ai_call_action_paths.action_position IS 'place of the action in the call, from 0';
COMMENT ON COLUMN voice_ai_call_action_paths.position IS 'place in the list, from 0';
COMMENT ON COLUMN voice_ai_call_action_paths.selected_path IS 'a way of the conversation that the action belongs to';

CREATE TABLE voice_ai_call_action_headers (
  voice_ai_call_id text COLLATE "C" NOT NULL,
  action_position bigint NOT NULL,
  position bigint NOT NULL,
  header_name text COLLATE "C",
  header_value text COLLATE "C",
  PRIMARY KEY (voice_ai_call_id, action_position, position)
);
COMMENT ON TABLE voice_ai_call_action_headers IS 'A row per element of executedCallActions[].actionParameters.apiDetails.headers[] of voice_ai_calls';
COMMENT ON COLUMN voice_ai_call_action_headers.voice_ai_call_id IS 'the call';
COMMENT ON COLUMN voice_ai_call_action_headers.action_position IS 'place of the action in the call, from 0';
COMMENT ON COLUMN voice_ai_call_action_headers.position IS 'place in the list, from 0';
COMMENT ON COLUMN voice_ai_call_action_headers.header_name IS 'name of the header';
COMMENT ON COLUMN voice_ai_call_action_headers.header_value IS 'value of the header; a secret: always NULL';

CREATE TABLE voice_ai_call_action_parameters (
  voice_ai_call_id text COLLATE "C" NOT NULL,
  action_position bigint NOT NULL,
  position bigint NOT NULL,
  parameter_name text COLLATE "C",
  description text COLLATE "C",
  parameter_type text COLLATE "C",
  example text COLLATE "C",
  PRIMARY KEY (voice_ai_call_id, action_position, position)
);
COMMENT ON TABLE voice_ai_call_action_parameters IS 'A row per element of executedCallActions[].actionParameters.apiDetails.parameters[]|executedCallActions[].actionParameters.parameters[] of voice_ai_calls. apiDetails.parameters for CUSTOM_ACTION, parameters for KNOWLEDGE_BASE: never both in one action';
COMMENT ON COLUMN voice_ai_call_action_parameters.voice_ai_call_id IS 'the call';
COMMENT ON COLUMN voice_ai_call_action_parameters.action_position IS 'place of the action in the call, from 0';
COMMENT ON COLUMN voice_ai_call_action_parameters.position IS 'place in the list, from 0';
COMMENT ON COLUMN voice_ai_call_action_parameters.parameter_name IS 'name of the parameter';
COMMENT ON COLUMN voice_ai_call_action_parameters.description IS 'description';
COMMENT ON COLUMN voice_ai_call_action_parameters.parameter_type IS 'type of the parameter';
COMMENT ON COLUMN voice_ai_call_action_parameters.example IS 'an example of it';
