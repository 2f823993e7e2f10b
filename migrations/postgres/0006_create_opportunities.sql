-- Opportunity: its mirror, child tables and the view of the living rows.

CREATE TABLE opportunities_all (
  id text COLLATE "C" NOT NULL,
  location_id text COLLATE "C",
  agency_id text COLLATE "C",
  contact_id text COLLATE "C",
  name text COLLATE "C",
  status text COLLATE "C",
  monetary_value numeric,
  pipeline_id text COLLATE "C",
  pipeline_stage_id text COLLATE "C",
  assigned_user_id text COLLATE "C",
  source text COLLATE "C",
  created_at timestamptz,
  last_stage_change_at timestamptz,
  last_status_change_at timestamptz,
  deleted_at timestamptz,
  extra jsonb,
  last_event_at timestamptz NOT NULL,
  last_event_id text COLLATE "C" NOT NULL,
  first_received_at timestamptz NOT NULL,
  last_received_at timestamptz NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX opportunities_by_contact_id ON opportunities_all (contact_id);
COMMENT ON TABLE opportunities_all IS 'The latest state of each Opportunity, deleted ones included. Several events per change, and an OpportunityUpdate after an OpportunityDelete: an update must not bring a deleted row back.';
COMMENT ON COLUMN opportunities_all.id IS 'the id; unique';
COMMENT ON COLUMN opportunities_all.location_id IS 'the sub-account (HighLevel''s locationId); refers to `locations.id`';
COMMENT ON COLUMN opportunities_all.agency_id IS 'the agency (HighLevel''s companyId)';
COMMENT ON COLUMN opportunities_all.contact_id IS 'the contact; refers to `contacts.id`';
COMMENT ON COLUMN opportunities_all.name IS 'name';
COMMENT ON COLUMN opportunities_all.status IS 'status; known values: open, won, lost, abandoned';
COMMENT ON COLUMN opportunities_all.monetary_value IS 'what it is worth';
COMMENT ON COLUMN opportunities_all.pipeline_id IS 'the pipeline';
COMMENT ON COLUMN opportunities_all.pipeline_stage_id IS 'the stage of the pipeline';
COMMENT ON COLUMN opportunities_all.assigned_user_id IS 'the user in charge; null when nobody is assigned; refers to `users.id`';
COMMENT ON COLUMN opportunities_all.source IS 'where it came from';
COMMENT ON COLUMN opportunities_all.created_at IS 'when it was made';
COMMENT ON COLUMN opportunities_all.last_stage_change_at IS 'set by the event: time of the create and of OpportunityStageUpdate';
COMMENT ON COLUMN opportunities_all.last_status_change_at IS 'set by the event: time of the create and of OpportunityStatusUpdate';
COMMENT ON COLUMN opportunities_all.deleted_at IS 'set while the row is deleted (a tombstone)';
COMMENT ON COLUMN opportunities_all.extra IS 'members of the payload that no column takes; NULL when there is none';
COMMENT ON COLUMN opportunities_all.last_event_at IS 'time of the newest event folded in';
COMMENT ON COLUMN opportunities_all.last_event_id IS 'id of the newest event folded in';
COMMENT ON COLUMN opportunities_all.first_received_at IS 'arrival of the first event';
COMMENT ON COLUMN opportunities_all.last_received_at IS 'arrival of the latest event';

CREATE VIEW opportunities AS
SELECT id, location_id, agency_id, contact_id, name, status, monetary_value, pipeline_id, pipeline_stage_id,
  assigned_user_id, source, created_at, last_stage_change_at, last_status_change_at, extra, last_event_at,
  last_event_id, first_received_at, last_received_at
FROM opportunities_all
WHERE deleted_at IS NULL;
COMMENT ON VIEW opportunities IS 'The living rows of opportunities_all';
