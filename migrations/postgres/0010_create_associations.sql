-- Association: its mirror and the view of the living rows.

CREATE TABLE associations_all (
  id text COLLATE "C" NOT NULL,
  location_id text COLLATE "C",
  agency_id text COLLATE "C",
  association_key text COLLATE "C",
  association_type text COLLATE "C",
  first_object_key text COLLATE "C",
  first_object_label text COLLATE "C",
  first_to_second_cardinality text COLLATE "C",
  second_object_key text COLLATE "C",
  second_object_label text COLLATE "C",
  second_to_first_cardinality text COLLATE "C",
  deleted_at timestamptz,
  extra jsonb,
  last_event_at timestamptz NOT NULL,
  last_event_id text COLLATE "C" NOT NULL,
  first_received_at timestamptz NOT NULL,
  last_received_at timestamptz NOT NULL,
  PRIMARY KEY (id)
);
COMMENT ON TABLE associations_all IS 'The latest state of each Association, deleted ones included. AssociationCreate has no cardinalities; update and delete have.';
COMMENT ON COLUMN associations_all.id IS 'the id; unique';
COMMENT ON COLUMN associations_all.location_id IS 'the sub-account (HighLevel''s locationId); refers to `locations.id`';
COMMENT ON COLUMN associations_all.agency_id IS 'the agency (HighLevel''s companyId)';
COMMENT ON COLUMN associations_all.association_key IS 'key of the association';
COMMENT ON COLUMN associations_all.association_type IS 'who defined it; known values: USER_DEFINED, SYSTEM_DEFINED';
COMMENT ON COLUMN associations_all.first_object_key IS 'key of the first object';
COMMENT ON COLUMN associations_all.first_object_label IS 'what the first object is called in the association';
COMMENT ON COLUMN associations_all.first_to_second_cardinality IS 'how many of the second belong to one of the first; known values: ONE_TO_ONE, ONE_TO_MANY, MANY_TO_ONE, MANY_TO_MANY';
COMMENT ON COLUMN associations_all.second_object_key IS 'key of the second object';
COMMENT ON COLUMN associations_all.second_object_label IS 'what the second object is called in the association';
COMMENT ON COLUMN associations_all.second_to_first_cardinality IS 'how many of the first belong to one of the second; known values: ONE_TO_ONE, ONE_TO_MANY, MANY_TO_ONE, MANY_TO_MANY';
COMMENT ON COLUMN associations_all.deleted_at IS 'set while the row is deleted (a tombstone)';
COMMENT ON COLUMN associations_all.extra IS 'members of the payload that no column takes; NULL when there is none';
COMMENT ON COLUMN associations_all.last_event_at IS 'time of the newest event folded in';
COMMENT ON COLUMN associations_all.last_event_id IS 'id of the newest event folded in';
COMMENT ON COLUMN associations_all.first_received_at IS 'arrival of the first event';
COMMENT ON COLUMN associations_all.last_received_at IS 'arrival of the latest event';

CREATE VIEW associations AS
SELECT id, location_id, agency_id, association_key, association_type, first_object_key, first_object_label,
  first_to_second_cardinality, second_object_key, second_object_label, second_to_first_cardinality, extra,
  last_event_at, last_event_id, first_received_at, last_received_at
FROM associations_all
WHERE deleted_at IS NULL;
COMMENT ON VIEW associations IS 'The living rows of associations_all';
