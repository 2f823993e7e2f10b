-- Task: its mirror and the view of the living rows.

CREATE TABLE tasks_all (
  id text COLLATE "C" NOT NULL,
  location_id text COLLATE "C",
  agency_id text COLLATE "C",
  contact_id text COLLATE "C",
  assigned_user_id text COLLATE "C",
  title text COLLATE "C",
  body text COLLATE "C",
  due_at timestamptz,
  created_at timestamptz,
  is_completed boolean,
  completed_at timestamptz,
  deleted_at timestamptz,
  extra jsonb,
  last_event_at timestamptz NOT NULL,
  last_event_id text COLLATE "C" NOT NULL,
  first_received_at timestamptz NOT NULL,
  last_received_at timestamptz NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX tasks_by_contact_id ON tasks_all (contact_id);
COMMENT ON TABLE tasks_all IS 'The latest state of each Task, deleted ones included. There is no TaskUpdate event: title, body or due date edits are not sent.';
COMMENT ON COLUMN tasks_all.id IS 'the id; unique';
COMMENT ON COLUMN tasks_all.location_id IS 'the sub-account (HighLevel''s locationId); refers to `locations.id`';
COMMENT ON COLUMN tasks_all.agency_id IS 'the agency (HighLevel''s companyId)';
COMMENT ON COLUMN tasks_all.contact_id IS 'the contact; on the page, but not in real deliveries (highlevel-api-docs #332); refers to `contacts.id`';
COMMENT ON COLUMN tasks_all.assigned_user_id IS 'the user in charge; refers to `users.id`';
COMMENT ON COLUMN tasks_all.title IS 'title';
COMMENT ON COLUMN tasks_all.body IS 'on the page, but not in real deliveries (highlevel-api-docs #332)';
COMMENT ON COLUMN tasks_all.due_at IS 'when it is due';
COMMENT ON COLUMN tasks_all.created_at IS 'when it was made';
COMMENT ON COLUMN tasks_all.is_completed IS 'set by the event: TaskCreate false, TaskComplete true';
COMMENT ON COLUMN tasks_all.completed_at IS 'set by the event: the time of TaskComplete';
COMMENT ON COLUMN tasks_all.deleted_at IS 'set while the row is deleted (a tombstone)';
COMMENT ON COLUMN tasks_all.extra IS 'members of the payload that no column takes; NULL when there is none';
COMMENT ON COLUMN tasks_all.last_event_at IS 'time of the newest event folded in';
COMMENT ON COLUMN tasks_all.last_event_id IS 'id of the newest event folded in';
COMMENT ON COLUMN tasks_all.first_received_at IS 'arrival of the first event';
COMMENT ON COLUMN tasks_all.last_received_at IS 'arrival of the latest event';

CREATE VIEW tasks AS
SELECT id, location_id, agency_id, contact_id, assigned_user_id, title, body, due_at, created_at, is_completed,
  completed_at, extra, last_event_at, last_event_id, first_received_at, last_received_at
FROM tasks_all
WHERE deleted_at IS NULL;
COMMENT ON VIEW tasks IS 'The living rows of tasks_all';
