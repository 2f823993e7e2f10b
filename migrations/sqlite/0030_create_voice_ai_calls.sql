-- VoiceAiCall: one row per event, and its child tables.

CREATE TABLE voice_ai_calls (
  id TEXT NOT NULL,
  location_id TEXT,
  agency_id TEXT,
  agent_id TEXT,
  contact_id TEXT,
  message_id TEXT,
  from_number TEXT,
  duration_seconds REAL,
  summary TEXT,
  transcript TEXT,
  translation_transcript TEXT,
  translation_language TEXT,
  is_trial_call BOOLEAN,
  created_at TIMESTAMP,
  occurred_at TIMESTAMP,
  extra TEXT,
  PRIMARY KEY (id)
);

CREATE TABLE voice_ai_call_extracted_data (
  voice_ai_call_id TEXT NOT NULL,
  data_key TEXT NOT NULL,
  value TEXT,
  value_json TEXT,
  PRIMARY KEY (voice_ai_call_id, data_key)
) WITHOUT ROWID;

CREATE TABLE voice_ai_call_actions (
  voice_ai_call_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  action_id TEXT,
  action_type TEXT,
  action_name TEXT,
  description TEXT,
  executed_at TIMESTAMP,
  trigger_received_at TIMESTAMP,
  trigger_prompt TEXT,
  trigger_message TEXT,
  transfer_to_type TEXT,
  transfer_to_value TEXT,
  hear_whisper_message BOOLEAN,
  contact_field_id TEXT,
  field_description TEXT,
  overwrite_existing_value BOOLEAN,
  workflow_id TEXT,
  message_body TEXT,
  calendar_id TEXT,
  days_of_offering_dates INTEGER,
  slots_per_day INTEGER,
  hours_between_slots REAL,
  knowledge_base_id TEXT,
  api_url TEXT,
  api_method TEXT,
  api_authentication_required BOOLEAN,
  api_authentication_value TEXT,
  PRIMARY KEY (voice_ai_call_id, position)
) WITHOUT ROWID;

CREATE TABLE voice_ai_call_action_examples (
  voice_ai_call_id TEXT NOT NULL,
  action_position INTEGER NOT NULL,
  position INTEGER NOT NULL,
  example TEXT,
  PRIMARY KEY (voice_ai_call_id, action_position, position)
) WITHOUT ROWID;

CREATE TABLE voice_ai_call_action_paths (
  voice_ai_call_id TEXT NOT NULL,
  action_position INTEGER NOT NULL,
  position INTEGER NOT NULL,
  selected_path TEXT,
  PRIMARY KEY (voice_ai_call_id, action_position, position)
) WITHOUT ROWID;

CREATE TABLE voice_ai_call_action_headers (
  voice_ai_call_id TEXT NOT NULL,
  action_position INTEGER NOT NULL,
  position INTEGER NOT NULL,
  header_name TEXT,
  header_value TEXT,
  PRIMARY KEY (voice_ai_call_id, action_position, position)
) WITHOUT ROWID;

CREATE TABLE voice_ai_call_action_parameters (
  voice_ai_call_id TEXT NOT NULL,
  action_position INTEGER NOT NULL,
  position INTEGER NOT NULL,
  parameter_name TEXT,
  description TEXT,
  parameter_type TEXT,
  example TEXT,
  PRIMARY KEY (voice_ai_call_id, action_position, position)
) WITHOUT ROWID;
