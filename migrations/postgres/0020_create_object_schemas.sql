-- ObjectSchema: its mirror, child tables and the view of the living rows.

CREATE TABLE object_schemas_all (
  id text COLLATE "C" NOT NULL,
  location_id text COLLATE "C",
  agency_id text COLLATE "C",
  object_key text COLLATE "C",
  label_singular text COLLATE "C",
  label_plural text COLLATE "C",
  description text COLLATE "C",
  primary_display_property text COLLATE "C",
  object_type text COLLATE "C",
  created_by jsonb,
  updated_by jsonb,
  created_at timestamptz,
  updated_at timestamptz,
  deleted_at timestamptz,
  extra jsonb,
  last_event_at timestamptz NOT NULL,
  last_event_id text COLLATE "C" NOT NULL,
  first_received_at timestamptz NOT NULL,
  last_received_at timestamptz NOT NULL,
  PRIMARY KEY (id)
);
COMMENT ON TABLE object_schemas_all IS 'The latest state of each ObjectSchema, deleted ones included. No delete event.';
COMMENT ON COLUMN object_schemas_all.id IS 'the id; unique';
COMMENT ON COLUMN object_schemas_all.location_id IS 'the sub-account (HighLevel''s locationId); refers to `locations.id`';
COMMENT ON COLUMN object_schemas_all.agency_id IS 'the agency (HighLevel''s companyId)';
COMMENT ON COLUMN object_schemas_all.object_key IS 'custom_objects.<name>';
COMMENT ON COLUMN object_schemas_all.label_singular IS 'what one is called';
COMMENT ON COLUMN object_schemas_all.label_plural IS 'what several are called';
COMMENT ON COLUMN object_schemas_all.description IS 'description';
COMMENT ON COLUMN object_schemas_all.primary_display_property IS 'the property that names a record';
COMMENT ON COLUMN object_schemas_all.object_type IS 'who defined the object; known values: USER_DEFINED, SYSTEM_DEFINED';
COMMENT ON COLUMN object_schemas_all.created_by IS 'an object without a documented shape';
COMMENT ON COLUMN object_schemas_all.updated_by IS 'an object without a documented shape';
COMMENT ON COLUMN object_schemas_all.created_at IS 'when it was made';
COMMENT ON COLUMN object_schemas_all.updated_at IS 'when it was changed last';
COMMENT ON COLUMN object_schemas_all.deleted_at IS 'set while the row is deleted (a tombstone)';
COMMENT ON COLUMN object_schemas_all.extra IS 'members of the payload that no column takes; NULL when there is none';
COMMENT ON COLUMN object_schemas_all.last_event_at IS 'time of the newest event folded in';
COMMENT ON COLUMN object_schemas_all.last_event_id IS 'id of the newest event folded in';
COMMENT ON COLUMN object_schemas_all.first_received_at IS 'arrival of the first event';
COMMENT ON COLUMN object_schemas_all.last_received_at IS 'arrival of the latest event';

CREATE TABLE object_schema_search_properties (
  object_schema_id text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  property_key text COLLATE "C",
  PRIMARY KEY (object_schema_id, position)
);
COMMENT ON TABLE object_schema_search_properties IS 'A row per element of searchableProperties[] of object_schemas';
COMMENT ON COLUMN object_schema_search_properties.object_schema_id IS 'the object';
COMMENT ON COLUMN object_schema_search_properties.position IS 'place in the list, from 0';
COMMENT ON COLUMN object_schema_search_properties.property_key IS 'key of the property';

CREATE VIEW object_schemas AS
SELECT id, location_id, agency_id, object_key, label_singular, label_plural, description, primary_display_property,
  object_type, created_by, updated_by, created_at, updated_at, extra, last_event_at, last_event_id, first_received_at,
  last_received_at
FROM object_schemas_all
WHERE deleted_at IS NULL;
COMMENT ON VIEW object_schemas IS 'The living rows of object_schemas_all';
