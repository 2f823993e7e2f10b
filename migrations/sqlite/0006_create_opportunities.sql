-- Opportunity: its mirror, child tables and the view of the living rows.

CREATE TABLE opportunities_all (
  id TEXT NOT NULL,
  location_id TEXT,
  agency_id TEXT,
  contact_id TEXT,
  name TEXT,
  status TEXT,
  monetary_value REAL,
  pipeline_id TEXT,
  pipeline_stage_id TEXT,
  assigned_user_id TEXT,
  source TEXT,
  created_at TIMESTAMP,
  last_stage_change_at TIMESTAMP,
  last_status_change_at TIMESTAMP,
  deleted_at TIMESTAMP,
  extra TEXT,
  last_event_at TIMESTAMP NOT NULL,
  last_event_id TEXT NOT NULL,
  first_received_at TIMESTAMP NOT NULL,
  last_received_at TIMESTAMP NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX opportunities_by_contact_id ON opportunities_all (contact_id);

CREATE VIEW opportunities AS
SELECT id, location_id, agency_id, contact_id, name, status, monetary_value, pipeline_id, pipeline_stage_id,
  assigned_user_id, source, created_at, last_stage_change_at, last_status_change_at, extra, last_event_at,
  last_event_id, first_received_at, last_received_at
FROM opportunities_all
WHERE deleted_at IS NULL;
