-- Appointment: its mirror, child tables and the view of the living rows.

CREATE TABLE appointments_all (
  id TEXT NOT NULL,
  location_id TEXT,
  agency_id TEXT,
  calendar_id TEXT,
  contact_id TEXT,
  group_id TEXT,
  assigned_user_id TEXT,
  title TEXT,
  address TEXT,
  status TEXT,
  notes TEXT,
  source TEXT,
  start_at TIMESTAMP,
  end_at TIMESTAMP,
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
CREATE INDEX appointments_by_contact_id ON appointments_all (contact_id);
CREATE INDEX appointments_by_location_id_start_at ON appointments_all (location_id, start_at);

CREATE TABLE appointment_users (
  appointment_id TEXT NOT NULL,
  position INTEGER,
  user_id TEXT NOT NULL,
  PRIMARY KEY (appointment_id, user_id)
) WITHOUT ROWID;

CREATE VIEW appointments AS
SELECT id, location_id, agency_id, calendar_id, contact_id, group_id, assigned_user_id, title, address, status,
  notes, source, start_at, end_at, created_at, updated_at, extra, last_event_at, last_event_id, first_received_at,
  last_received_at
FROM appointments_all
WHERE deleted_at IS NULL;
