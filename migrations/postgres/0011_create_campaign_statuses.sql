-- CampaignStatus: its mirror and the view of the living rows.

CREATE TABLE campaign_statuses_all (
  id text COLLATE "C" NOT NULL,
  location_id text COLLATE "C",
  agency_id text COLLATE "C",
  contact_id text COLLATE "C",
  template_id text COLLATE "C",
  status text COLLATE "C",
  replied text COLLATE "C",
  created_at timestamptz,
  deleted_at timestamptz,
  extra jsonb,
  last_event_at timestamptz NOT NULL,
  last_event_id text COLLATE "C" NOT NULL,
  first_received_at timestamptz NOT NULL,
  last_received_at timestamptz NOT NULL,
  PRIMARY KEY (id)
);
COMMENT ON TABLE campaign_statuses_all IS 'The latest state of each CampaignStatus, deleted ones included';
COMMENT ON COLUMN campaign_statuses_all.id IS 'the id; unique';
COMMENT ON COLUMN campaign_statuses_all.location_id IS 'the sub-account (HighLevel''s locationId); refers to `locations.id`';
COMMENT ON COLUMN campaign_statuses_all.agency_id IS 'the agency (HighLevel''s companyId)';
COMMENT ON COLUMN campaign_statuses_all.contact_id IS 'the contact; refers to `contacts.id`';
COMMENT ON COLUMN campaign_statuses_all.template_id IS 'the template';
COMMENT ON COLUMN campaign_statuses_all.status IS 'status';
COMMENT ON COLUMN campaign_statuses_all.replied IS 'documented as a string; a boolean is possible: keep its text';
COMMENT ON COLUMN campaign_statuses_all.created_at IS 'when it was made';
COMMENT ON COLUMN campaign_statuses_all.deleted_at IS 'set while the row is deleted (a tombstone)';
COMMENT ON COLUMN campaign_statuses_all.extra IS 'members of the payload that no column takes; NULL when there is none';
COMMENT ON COLUMN campaign_statuses_all.last_event_at IS 'time of the newest event folded in';
COMMENT ON COLUMN campaign_statuses_all.last_event_id IS 'id of the newest event folded in';
COMMENT ON COLUMN campaign_statuses_all.first_received_at IS 'arrival of the first event';
COMMENT ON COLUMN campaign_statuses_all.last_received_at IS 'arrival of the latest event';

CREATE VIEW campaign_statuses AS
SELECT id, location_id, agency_id, contact_id, template_id, status, replied, created_at, extra, last_event_at,
  last_event_id, first_received_at, last_received_at
FROM campaign_statuses_all
WHERE deleted_at IS NULL;
COMMENT ON VIEW campaign_statuses IS 'The living rows of campaign_statuses_all';
