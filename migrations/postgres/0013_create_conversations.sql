-- Conversation: its mirror and the view of the living rows.

CREATE TABLE conversations_all (
  id text COLLATE "C" NOT NULL,
  location_id text COLLATE "C",
  agency_id text COLLATE "C",
  contact_id text COLLATE "C",
  unread_count bigint,
  is_in_inbox boolean,
  is_starred boolean,
  deleted_at timestamptz,
  extra jsonb,
  last_event_at timestamptz NOT NULL,
  last_event_id text COLLATE "C" NOT NULL,
  first_received_at timestamptz NOT NULL,
  last_received_at timestamptz NOT NULL,
  PRIMARY KEY (id)
);
COMMENT ON TABLE conversations_all IS 'The latest state of each Conversation, deleted ones included';
COMMENT ON COLUMN conversations_all.id IS 'the id; unique';
COMMENT ON COLUMN conversations_all.location_id IS 'the sub-account (HighLevel''s locationId); refers to `locations.id`';
COMMENT ON COLUMN conversations_all.agency_id IS 'the agency (HighLevel''s companyId)';
COMMENT ON COLUMN conversations_all.contact_id IS 'the contact; refers to `contacts.id`';
COMMENT ON COLUMN conversations_all.unread_count IS 'messages that nobody has read';
COMMENT ON COLUMN conversations_all.is_in_inbox IS 'is it in the inbox?';
COMMENT ON COLUMN conversations_all.is_starred IS 'is it marked with a star?';
COMMENT ON COLUMN conversations_all.deleted_at IS 'set while the row is deleted (a tombstone)';
COMMENT ON COLUMN conversations_all.extra IS 'members of the payload that no column takes; NULL when there is none';
COMMENT ON COLUMN conversations_all.last_event_at IS 'time of the newest event folded in';
COMMENT ON COLUMN conversations_all.last_event_id IS 'id of the newest event folded in';
COMMENT ON COLUMN conversations_all.first_received_at IS 'arrival of the first event';
COMMENT ON COLUMN conversations_all.last_received_at IS 'arrival of the latest event';

CREATE VIEW conversations AS
SELECT id, location_id, agency_id, contact_id, unread_count, is_in_inbox, is_starred, extra, last_event_at,
  last_event_id, first_received_at, last_received_at
FROM conversations_all
WHERE deleted_at IS NULL;
COMMENT ON VIEW conversations IS 'The living rows of conversations_all';
