-- Task: its mirror and the view of the living rows.

CREATE TABLE tasks_all (
  id TEXT NOT NULL,
  location_id TEXT,
  agency_id TEXT,
  contact_id TEXT,
  assigned_user_id TEXT,
  title TEXT,
  body TEXT,
  due_at TIMESTAMP,
  created_at TIMESTAMP,
  is_completed BOOLEAN,
  completed_at TIMESTAMP,
  deleted_at TIMESTAMP,
  extra TEXT,
  last_event_at TIMESTAMP NOT NULL,
  last_event_id TEXT NOT NULL,
  first_received_at TIMESTAMP NOT NULL,
  last_received_at TIMESTAMP NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX tasks_by_contact_id ON tasks_all (contact_id);

CREATE VIEW tasks AS
SELECT id, location_id, agency_id, contact_id, assigned_user_id, title, body, due_at, created_at, is_completed,
  completed_at, extra, last_event_at, last_event_id, first_received_at, last_received_at
FROM tasks_all
WHERE deleted_at IS NULL;
