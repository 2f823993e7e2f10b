-- ObjectRecord: its mirror, child tables and the view of the living rows.

CREATE TABLE object_records_all (
  id text COLLATE "C" NOT NULL,
  location_id text COLLATE "C",
  agency_id text COLLATE "C",
  object_id text COLLATE "C",
  object_key text COLLATE "C",
  deleted_at timestamptz,
  extra jsonb,
  last_event_at timestamptz NOT NULL,
  last_event_id text COLLATE "C" NOT NULL,
  first_received_at timestamptz NOT NULL,
  last_received_at timestamptz NOT NULL,
  PRIMARY KEY (id)
);
COMMENT ON TABLE object_records_all IS 'The latest state of each ObjectRecord, deleted ones included. Also sent for businesses (companies). The page names no object: which custom object a record belongs to is known only from relations, or from objectId and objectKey where a delivery has them.';
COMMENT ON COLUMN object_records_all.id IS 'the id; unique';
COMMENT ON COLUMN object_records_all.location_id IS 'the sub-account (HighLevel''s locationId); refers to `locations.id`';
COMMENT ON COLUMN object_records_all.agency_id IS 'the agency (HighLevel''s companyId)';
COMMENT ON COLUMN object_records_all.object_id IS 'not on the event page; the API''s name for it; refers to `object_schemas.id`';
COMMENT ON COLUMN object_records_all.object_key IS 'not on the event page; the API''s name for it';
COMMENT ON COLUMN object_records_all.deleted_at IS 'set while the row is deleted (a tombstone)';
COMMENT ON COLUMN object_records_all.extra IS 'members of the payload that no column takes; NULL when there is none';
COMMENT ON COLUMN object_records_all.last_event_at IS 'time of the newest event folded in';
COMMENT ON COLUMN object_records_all.last_event_id IS 'id of the newest event folded in';
COMMENT ON COLUMN object_records_all.first_received_at IS 'arrival of the first event';
COMMENT ON COLUMN object_records_all.last_received_at IS 'arrival of the latest event';

CREATE TABLE object_record_owners (
  object_record_id text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  user_id text COLLATE "C",
  PRIMARY KEY (object_record_id, position)
);
COMMENT ON TABLE object_record_owners IS 'A row per element of owners[]|owner[] of object_records';
COMMENT ON COLUMN object_record_owners.object_record_id IS 'the record';
COMMENT ON COLUMN object_record_owners.position IS 'place in the list, from 0';
COMMENT ON COLUMN object_record_owners.user_id IS 'the user; refers to `users.id`';

CREATE TABLE object_record_followers (
  object_record_id text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  user_id text COLLATE "C",
  PRIMARY KEY (object_record_id, position)
);
COMMENT ON TABLE object_record_followers IS 'A row per element of followers[] of object_records';
COMMENT ON COLUMN object_record_followers.object_record_id IS 'the record';
COMMENT ON COLUMN object_record_followers.position IS 'place in the list, from 0';
COMMENT ON COLUMN object_record_followers.user_id IS 'the user; refers to `users.id`';

CREATE TABLE object_record_properties (
  object_record_id text COLLATE "C" NOT NULL,
  position bigint,
  property_key text COLLATE "C" NOT NULL,
  value text COLLATE "C",
  value_json jsonb,
  PRIMARY KEY (object_record_id, property_key)
);
COMMENT ON TABLE object_record_properties IS 'A row per element of properties[]|properties{} of object_records';
COMMENT ON COLUMN object_record_properties.object_record_id IS 'the record';
COMMENT ON COLUMN object_record_properties.position IS 'place in the list, from 0';
COMMENT ON COLUMN object_record_properties.property_key IS 'key of the property';
COMMENT ON COLUMN object_record_properties.value IS 'value; a map''s value when it is a scalar: its text';
COMMENT ON COLUMN object_record_properties.value_json IS 'the value as it was sent; the element as sent, for value* members that are not documented';

CREATE VIEW object_records AS
SELECT id, location_id, agency_id, object_id, object_key, extra, last_event_at, last_event_id, first_received_at,
  last_received_at
FROM object_records_all
WHERE deleted_at IS NULL;
COMMENT ON VIEW object_records IS 'The living rows of object_records_all';
