-- Message: its mirror, child tables and the view of the living rows.

CREATE TABLE messages_all (
  id TEXT NOT NULL,
  location_id TEXT,
  agency_id TEXT,
  conversation_id TEXT,
  contact_id TEXT,
  user_id TEXT,
  email_message_id TEXT,
  direction TEXT,
  message_type TEXT,
  message_type_id INTEGER,
  message_type_name TEXT,
  status TEXT,
  source TEXT,
  content_type TEXT,
  subject TEXT,
  body TEXT,
  html TEXT,
  plain_text TEXT,
  from_address TEXT,
  to_address TEXT,
  thread_id TEXT,
  provider TEXT,
  conversation_provider_id TEXT,
  chat_widget_id TEXT,
  reply_to_alt_id TEXT,
  call_duration_seconds REAL,
  call_status TEXT,
  created_at TIMESTAMP,
  deleted_at TIMESTAMP,
  extra TEXT,
  last_event_at TIMESTAMP NOT NULL,
  last_event_id TEXT NOT NULL,
  first_received_at TIMESTAMP NOT NULL,
  last_received_at TIMESTAMP NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX messages_by_contact_id_created_at ON messages_all (contact_id, created_at);
CREATE INDEX messages_by_location_id_created_at ON messages_all (location_id, created_at);

CREATE TABLE message_attachments (
  message_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  url TEXT,
  value_json TEXT,
  PRIMARY KEY (message_id, position)
) WITHOUT ROWID;

CREATE TABLE message_recipients (
  message_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  kind TEXT NOT NULL,
  address TEXT,
  PRIMARY KEY (message_id, kind, position)
) WITHOUT ROWID;

CREATE TABLE message_mentions (
  message_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  user_id TEXT,
  PRIMARY KEY (message_id, position)
) WITHOUT ROWID;

CREATE VIEW messages AS
SELECT id, location_id, agency_id, conversation_id, contact_id, user_id, email_message_id, direction, message_type,
  message_type_id, message_type_name, status, source, content_type, subject, body, html, plain_text, from_address,
  to_address, thread_id, provider, conversation_provider_id, chat_widget_id, reply_to_alt_id, call_duration_seconds,
  call_status, created_at, extra, last_event_at, last_event_id, first_received_at, last_received_at
FROM messages_all
WHERE deleted_at IS NULL;
