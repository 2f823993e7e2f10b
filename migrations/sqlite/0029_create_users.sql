-- User: its mirror, child tables and the view of the living rows.

CREATE TABLE users_all (
  id TEXT NOT NULL,
  location_id TEXT,
  agency_id TEXT,
  first_name TEXT,
  last_name TEXT,
  email TEXT,
  phone TEXT,
  extension TEXT,
  role TEXT,
  deleted_at TIMESTAMP,
  extra TEXT,
  last_event_at TIMESTAMP NOT NULL,
  last_event_id TEXT NOT NULL,
  first_received_at TIMESTAMP NOT NULL,
  last_received_at TIMESTAMP NOT NULL,
  PRIMARY KEY (id)
);

CREATE TABLE user_permissions (
  user_id TEXT NOT NULL,
  permission TEXT NOT NULL,
  enabled BOOLEAN,
  PRIMARY KEY (user_id, permission)
) WITHOUT ROWID;

CREATE TABLE user_scopes (
  user_id TEXT NOT NULL,
  position INTEGER,
  scope TEXT NOT NULL,
  PRIMARY KEY (user_id, scope)
) WITHOUT ROWID;

CREATE TABLE user_locations (
  user_id TEXT NOT NULL,
  position INTEGER,
  location_id TEXT NOT NULL,
  PRIMARY KEY (user_id, location_id)
) WITHOUT ROWID;

CREATE VIEW users AS
SELECT id, location_id, agency_id, first_name, last_name, email, phone, extension, role, extra, last_event_at,
  last_event_id, first_received_at, last_received_at
FROM users_all
WHERE deleted_at IS NULL;
