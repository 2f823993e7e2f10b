-- Note: its mirror and the view of the living rows.

CREATE TABLE notes_all (
  id TEXT NOT NULL,
  location_id TEXT,
  agency_id TEXT,
  contact_id TEXT,
  body TEXT,
  created_at TIMESTAMP,
  deleted_at TIMESTAMP,
  extra TEXT,
  last_event_at TIMESTAMP NOT NULL,
  last_event_id TEXT NOT NULL,
  first_received_at TIMESTAMP NOT NULL,
  last_received_at TIMESTAMP NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX notes_by_contact_id ON notes_all (contact_id);

CREATE VIEW notes AS
SELECT id, location_id, agency_id, contact_id, body, created_at, extra, last_event_at, last_event_id,
  first_received_at, last_received_at
FROM notes_all
WHERE deleted_at IS NULL;
