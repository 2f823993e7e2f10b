-- Appointment: its mirror, child tables and the view of the living rows.

CREATE TABLE appointments_all (
  id text COLLATE "C" NOT NULL,
  location_id text COLLATE "C",
  agency_id text COLLATE "C",
  calendar_id text COLLATE "C",
  contact_id text COLLATE "C",
  group_id text COLLATE "C",
  assigned_user_id text COLLATE "C",
  title text COLLATE "C",
  address text COLLATE "C",
  status text COLLATE "C",
  notes text COLLATE "C",
  source text COLLATE "C",
  start_at timestamptz,
  end_at timestamptz,
  created_at timestamptz,
  updated_at timestamptz,
  deleted_at timestamptz,
  extra jsonb,
  last_event_at timestamptz NOT NULL,
  last_event_id text COLLATE "C" NOT NULL,
  first_received_at timestamptz NOT NULL,
  last_received_at timestamptz NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX appointments_by_contact_id ON appointments_all (contact_id);
CREATE INDEX appointments_by_location_id_start_at ON appointments_all (location_id, start_at);
COMMENT ON TABLE appointments_all IS 'The latest state of each Appointment, deleted ones included';
COMMENT ON COLUMN appointments_all.id IS 'the id; unique';
COMMENT ON COLUMN appointments_all.location_id IS 'the sub-account (HighLevel''s locationId); refers to `locations.id`';
COMMENT ON COLUMN appointments_all.agency_id IS 'the agency (HighLevel''s companyId)';
COMMENT ON COLUMN appointments_all.calendar_id IS 'the calendar';
COMMENT ON COLUMN appointments_all.contact_id IS 'the contact; refers to `contacts.id`';
COMMENT ON COLUMN appointments_all.group_id IS 'the group of calendars';
COMMENT ON COLUMN appointments_all.assigned_user_id IS 'the user in charge; refers to `users.id`';
COMMENT ON COLUMN appointments_all.title IS 'title';
COMMENT ON COLUMN appointments_all.address IS 'phone number or e-mail address; meeting link or place';
COMMENT ON COLUMN appointments_all.status IS 'status; known values: new, confirmed, cancelled, showed, noshow, invalid, active, completed';
COMMENT ON COLUMN appointments_all.notes IS 'notes';
COMMENT ON COLUMN appointments_all.source IS 'where it came from';
COMMENT ON COLUMN appointments_all.start_at IS 'when it begins';
COMMENT ON COLUMN appointments_all.end_at IS 'when it ends';
COMMENT ON COLUMN appointments_all.created_at IS 'when it was made';
COMMENT ON COLUMN appointments_all.updated_at IS 'when it was changed last';
COMMENT ON COLUMN appointments_all.deleted_at IS 'set while the row is deleted (a tombstone)';
COMMENT ON COLUMN appointments_all.extra IS 'members of the payload that no column takes; NULL when there is none';
COMMENT ON COLUMN appointments_all.last_event_at IS 'time of the newest event folded in';
COMMENT ON COLUMN appointments_all.last_event_id IS 'id of the newest event folded in';
COMMENT ON COLUMN appointments_all.first_received_at IS 'arrival of the first event';
COMMENT ON COLUMN appointments_all.last_received_at IS 'arrival of the latest event';

CREATE TABLE appointment_users (
  appointment_id text COLLATE "C" NOT NULL,
  position bigint,
  user_id text COLLATE "C" NOT NULL,
  PRIMARY KEY (appointment_id, user_id)
);
COMMENT ON TABLE appointment_users IS 'A row per element of appointment.users[] of appointments';
COMMENT ON COLUMN appointment_users.appointment_id IS 'the appointment';
COMMENT ON COLUMN appointment_users.position IS 'place in the list, from 0';
COMMENT ON COLUMN appointment_users.user_id IS 'the user; refers to `users.id`';

CREATE VIEW appointments AS
SELECT id, location_id, agency_id, calendar_id, contact_id, group_id, assigned_user_id, title, address, status,
  notes, source, start_at, end_at, created_at, updated_at, extra, last_event_at, last_event_id, first_received_at,
  last_received_at
FROM appointments_all
WHERE deleted_at IS NULL;
COMMENT ON VIEW appointments IS 'The living rows of appointments_all';
