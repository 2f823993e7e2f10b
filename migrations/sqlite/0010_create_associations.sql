-- Association: its mirror and the view of the living rows.

CREATE TABLE associations_all (
  id TEXT NOT NULL,
  location_id TEXT,
  agency_id TEXT,
  association_key TEXT,
  association_type TEXT,
  first_object_key TEXT,
  first_object_label TEXT,
  first_to_second_cardinality TEXT,
  second_object_key TEXT,
  second_object_label TEXT,
  second_to_first_cardinality TEXT,
  deleted_at TIMESTAMP,
  extra TEXT,
  last_event_at TIMESTAMP NOT NULL,
  last_event_id TEXT NOT NULL,
  first_received_at TIMESTAMP NOT NULL,
  last_received_at TIMESTAMP NOT NULL,
  PRIMARY KEY (id)
);

CREATE VIEW associations AS
SELECT id, location_id, agency_id, association_key, association_type, first_object_key, first_object_label,
  first_to_second_cardinality, second_object_key, second_object_label, second_to_first_cardinality, extra,
  last_event_at, last_event_id, first_received_at, last_received_at
FROM associations_all
WHERE deleted_at IS NULL;
