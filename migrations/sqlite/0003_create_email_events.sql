-- EmailStat: one row per event, and its child tables.

CREATE TABLE email_events (
  id TEXT NOT NULL,
  location_id TEXT,
  agency_id TEXT,
  event_type TEXT,
  provider_event_id TEXT,
  occurred_at TIMESTAMP,
  log_level TEXT,
  recipient TEXT,
  recipient_domain TEXT,
  recipient_provider TEXT,
  is_authenticated BOOLEAN,
  is_routed BOOLEAN,
  is_big BOOLEAN,
  is_system_test BOOLEAN,
  is_test_mode BOOLEAN,
  message_header_id TEXT,
  message_from TEXT,
  message_to TEXT,
  message_size INTEGER,
  attempt_number INTEGER,
  smtp_code INTEGER,
  smtp_message TEXT,
  smtp_description TEXT,
  smtp_enhanced_code TEXT,
  mx_host TEXT,
  session_seconds REAL,
  first_attempt_seconds REAL,
  is_utf8 BOOLEAN,
  severity TEXT,
  reason TEXT,
  envelope_sender TEXT,
  envelope_targets TEXT,
  envelope_transport TEXT,
  sending_ip TEXT,
  ip_pool_id TEXT,
  ip_pool_name TEXT,
  extra TEXT,
  PRIMARY KEY (id)
);

CREATE TABLE email_event_tags (
  email_event_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  tag TEXT,
  PRIMARY KEY (email_event_id, position)
) WITHOUT ROWID;

CREATE TABLE email_event_campaigns (
  email_event_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  campaign TEXT,
  PRIMARY KEY (email_event_id, position)
) WITHOUT ROWID;

CREATE TABLE email_event_attachments (
  email_event_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  attachment TEXT,
  PRIMARY KEY (email_event_id, position)
) WITHOUT ROWID;
