-- SupportTicket: its mirror and the view of the living rows.

CREATE TABLE support_tickets_all (
  id text COLLATE "C" NOT NULL,
  location_id text COLLATE "C",
  agency_id text COLLATE "C",
  app_id text COLLATE "C",
  app_version_id text COLLATE "C",
  deleted_at timestamptz,
  extra jsonb,
  last_event_at timestamptz NOT NULL,
  last_event_id text COLLATE "C" NOT NULL,
  first_received_at timestamptz NOT NULL,
  last_received_at timestamptz NOT NULL,
  PRIMARY KEY (id)
);
COMMENT ON TABLE support_tickets_all IS 'The latest state of each SupportTicket, deleted ones included. Only ids are sent: status and text are not in the event.';
COMMENT ON COLUMN support_tickets_all.id IS 'the id; unique';
COMMENT ON COLUMN support_tickets_all.location_id IS 'the sub-account (HighLevel''s locationId); refers to `locations.id`';
COMMENT ON COLUMN support_tickets_all.agency_id IS 'the agency (HighLevel''s companyId)';
COMMENT ON COLUMN support_tickets_all.app_id IS 'the marketplace app that the event was sent to';
COMMENT ON COLUMN support_tickets_all.app_version_id IS 'the version of the marketplace app';
COMMENT ON COLUMN support_tickets_all.deleted_at IS 'set while the row is deleted (a tombstone)';
COMMENT ON COLUMN support_tickets_all.extra IS 'members of the payload that no column takes; NULL when there is none';
COMMENT ON COLUMN support_tickets_all.last_event_at IS 'time of the newest event folded in';
COMMENT ON COLUMN support_tickets_all.last_event_id IS 'id of the newest event folded in';
COMMENT ON COLUMN support_tickets_all.first_received_at IS 'arrival of the first event';
COMMENT ON COLUMN support_tickets_all.last_received_at IS 'arrival of the latest event';

CREATE VIEW support_tickets AS
SELECT id, location_id, agency_id, app_id, app_version_id, extra, last_event_at, last_event_id, first_received_at,
  last_received_at
FROM support_tickets_all
WHERE deleted_at IS NULL;
COMMENT ON VIEW support_tickets IS 'The living rows of support_tickets_all';
