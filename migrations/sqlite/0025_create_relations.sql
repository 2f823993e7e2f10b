-- Relation: its mirror and the view of the living rows.

CREATE TABLE relations_all (
  id TEXT NOT NULL,
  location_id TEXT,
  agency_id TEXT,
  association_id TEXT,
  first_object_key TEXT,
  first_record_id TEXT,
  second_object_key TEXT,
  second_record_id TEXT,
  deleted_at TIMESTAMP,
  extra TEXT,
  last_event_at TIMESTAMP NOT NULL,
  last_event_id TEXT NOT NULL,
  first_received_at TIMESTAMP NOT NULL,
  last_received_at TIMESTAMP NOT NULL,
  PRIMARY KEY (id)
);

CREATE VIEW relations AS
SELECT id, location_id, agency_id, association_id, first_object_key, first_record_id, second_object_key,
  second_record_id, extra, last_event_at, last_event_id, first_received_at, last_received_at
FROM relations_all
WHERE deleted_at IS NULL;
