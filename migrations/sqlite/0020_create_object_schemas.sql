-- ObjectSchema: its mirror, child tables and the view of the living rows.

CREATE TABLE object_schemas_all (
  id TEXT NOT NULL,
  location_id TEXT,
  agency_id TEXT,
  object_key TEXT,
  label_singular TEXT,
  label_plural TEXT,
  description TEXT,
  primary_display_property TEXT,
  object_type TEXT,
  created_by TEXT,
  updated_by TEXT,
  created_at TIMESTAMP,
  updated_at TIMESTAMP,
  deleted_at TIMESTAMP,
  extra TEXT,
  last_event_at TIMESTAMP NOT NULL,
  last_event_id TEXT NOT NULL,
  first_received_at TIMESTAMP NOT NULL,
  last_received_at TIMESTAMP NOT NULL,
  PRIMARY KEY (id)
);

CREATE TABLE object_schema_search_properties (
  object_schema_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  property_key TEXT,
  PRIMARY KEY (object_schema_id, position)
) WITHOUT ROWID;

CREATE VIEW object_schemas AS
SELECT id, location_id, agency_id, object_key, label_singular, label_plural, description, primary_display_property,
  object_type, created_by, updated_by, created_at, updated_at, extra, last_event_at, last_event_id, first_received_at,
  last_received_at
FROM object_schemas_all
WHERE deleted_at IS NULL;
