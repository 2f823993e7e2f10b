-- Conversation: its mirror and the view of the living rows.

CREATE TABLE conversations_all (
  id TEXT NOT NULL,
  location_id TEXT,
  agency_id TEXT,
  contact_id TEXT,
  unread_count INTEGER,
  is_in_inbox BOOLEAN,
  is_starred BOOLEAN,
  deleted_at TIMESTAMP,
  extra TEXT,
  last_event_at TIMESTAMP NOT NULL,
  last_event_id TEXT NOT NULL,
  first_received_at TIMESTAMP NOT NULL,
  last_received_at TIMESTAMP NOT NULL,
  PRIMARY KEY (id)
);

CREATE VIEW conversations AS
SELECT id, location_id, agency_id, contact_id, unread_count, is_in_inbox, is_starred, extra, last_event_at,
  last_event_id, first_received_at, last_received_at
FROM conversations_all
WHERE deleted_at IS NULL;
