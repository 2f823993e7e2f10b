-- ObjectRecord: its mirror, child tables and the view of the living rows.

CREATE TABLE object_records_all (
  id TEXT NOT NULL,
  location_id TEXT,
  agency_id TEXT,
  object_id TEXT,
  object_key TEXT,
  deleted_at TIMESTAMP,
  extra TEXT,
  last_event_at TIMESTAMP NOT NULL,
  last_event_id TEXT NOT NULL,
  first_received_at TIMESTAMP NOT NULL,
  last_received_at TIMESTAMP NOT NULL,
  PRIMARY KEY (id)
);

CREATE TABLE object_record_owners (
  object_record_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  user_id TEXT,
  PRIMARY KEY (object_record_id, position)
) WITHOUT ROWID;

CREATE TABLE object_record_followers (
  object_record_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  user_id TEXT,
  PRIMARY KEY (object_record_id, position)
) WITHOUT ROWID;

CREATE TABLE object_record_properties (
  object_record_id TEXT NOT NULL,
  position INTEGER,
  property_key TEXT NOT NULL,
  value TEXT,
  value_json TEXT,
  PRIMARY KEY (object_record_id, property_key)
) WITHOUT ROWID;

CREATE VIEW object_records AS
SELECT id, location_id, agency_id, object_id, object_key, extra, last_event_at, last_event_id, first_received_at,
  last_received_at
FROM object_records_all
WHERE deleted_at IS NULL;
