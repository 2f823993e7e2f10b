-- ConversationMerge: one row per event.

CREATE TABLE conversation_merges (
  id TEXT NOT NULL,
  location_id TEXT,
  agency_id TEXT,
  old_conversation_id TEXT,
  new_conversation_id TEXT,
  contact_id TEXT,
  occurred_at TIMESTAMP,
  extra TEXT,
  PRIMARY KEY (id)
);
