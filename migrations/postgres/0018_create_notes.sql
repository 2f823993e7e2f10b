-- Note: its mirror and the view of the living rows.

CREATE TABLE notes_all (
  id text COLLATE "C" NOT NULL,
  location_id text COLLATE "C",
  agency_id text COLLATE "C",
  contact_id text COLLATE "C",
  body text COLLATE "C",
  created_at timestamptz,
  deleted_at timestamptz,
  extra jsonb,
  last_event_at timestamptz NOT NULL,
  last_event_id text COLLATE "C" NOT NULL,
  first_received_at timestamptz NOT NULL,
  last_received_at timestamptz NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX notes_by_contact_id ON notes_all (contact_id);
COMMENT ON TABLE notes_all IS 'The latest state of each Note, deleted ones included';
COMMENT ON COLUMN notes_all.id IS 'the id; unique';
COMMENT ON COLUMN notes_all.location_id IS 'the sub-account (HighLevel''s locationId); refers to `locations.id`';
COMMENT ON COLUMN notes_all.agency_id IS 'the agency (HighLevel''s companyId)';
COMMENT ON COLUMN notes_all.contact_id IS 'the contact; refers to `contacts.id`';
COMMENT ON COLUMN notes_all.body IS 'HTML';
COMMENT ON COLUMN notes_all.created_at IS 'when it was made';
COMMENT ON COLUMN notes_all.deleted_at IS 'set while the row is deleted (a tombstone)';
COMMENT ON COLUMN notes_all.extra IS 'members of the payload that no column takes; NULL when there is none';
COMMENT ON COLUMN notes_all.last_event_at IS 'time of the newest event folded in';
COMMENT ON COLUMN notes_all.last_event_id IS 'id of the newest event folded in';
COMMENT ON COLUMN notes_all.first_received_at IS 'arrival of the first event';
COMMENT ON COLUMN notes_all.last_received_at IS 'arrival of the latest event';

CREATE VIEW notes AS
SELECT id, location_id, agency_id, contact_id, body, created_at, extra, last_event_at, last_event_id,
  first_received_at, last_received_at
FROM notes_all
WHERE deleted_at IS NULL;
COMMENT ON VIEW notes IS 'The living rows of notes_all';
