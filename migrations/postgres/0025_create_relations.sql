-- Relation: its mirror and the view of the living rows.

CREATE TABLE relations_all (
  id text COLLATE "C" NOT NULL,
  location_id text COLLATE "C",
  agency_id text COLLATE "C",
  association_id text COLLATE "C",
  first_object_key text COLLATE "C",
  first_record_id text COLLATE "C",
  second_object_key text COLLATE "C",
  second_record_id text COLLATE "C",
  deleted_at timestamptz,
  extra jsonb,
  last_event_at timestamptz NOT NULL,
  last_event_id text COLLATE "C" NOT NULL,
  first_received_at timestamptz NOT NULL,
  last_received_at timestamptz NOT NULL,
  PRIMARY KEY (id)
);
COMMENT ON TABLE relations_all IS 'The latest state of each Relation, deleted ones included';
COMMENT ON COLUMN relations_all.id IS 'the id; unique';
COMMENT ON COLUMN relations_all.location_id IS 'the sub-account (HighLevel''s locationId); refers to `locations.id`';
COMMENT ON COLUMN relations_all.agency_id IS 'the agency (HighLevel''s companyId)';
COMMENT ON COLUMN relations_all.association_id IS 'the association that the relation is one of; refers to `associations.id`';
COMMENT ON COLUMN relations_all.first_object_key IS 'key of the first object';
COMMENT ON COLUMN relations_all.first_record_id IS 'contacts.id, object_records.id, ... by the object key';
COMMENT ON COLUMN relations_all.second_object_key IS 'key of the second object';
COMMENT ON COLUMN relations_all.second_record_id IS 'the second record';
COMMENT ON COLUMN relations_all.deleted_at IS 'set while the row is deleted (a tombstone)';
COMMENT ON COLUMN relations_all.extra IS 'members of the payload that no column takes; NULL when there is none';
COMMENT ON COLUMN relations_all.last_event_at IS 'time of the newest event folded in';
COMMENT ON COLUMN relations_all.last_event_id IS 'id of the newest event folded in';
COMMENT ON COLUMN relations_all.first_received_at IS 'arrival of the first event';
COMMENT ON COLUMN relations_all.last_received_at IS 'arrival of the latest event';

CREATE VIEW relations AS
SELECT id, location_id, agency_id, association_id, first_object_key, first_record_id, second_object_key,
  second_record_id, extra, last_event_at, last_event_id, first_received_at, last_received_at
FROM relations_all
WHERE deleted_at IS NULL;
COMMENT ON VIEW relations IS 'The living rows of relations_all';
