-- User: its mirror, child tables and the view of the living rows.

CREATE TABLE users_all (
  id text COLLATE "C" NOT NULL,
  location_id text COLLATE "C",
  agency_id text COLLATE "C",
  first_name text COLLATE "C",
  last_name text COLLATE "C",
  email text COLLATE "C",
  phone text COLLATE "C",
  extension text COLLATE "C",
  role text COLLATE "C",
  deleted_at timestamptz,
  extra jsonb,
  last_event_at timestamptz NOT NULL,
  last_event_id text COLLATE "C" NOT NULL,
  first_received_at timestamptz NOT NULL,
  last_received_at timestamptz NOT NULL,
  PRIMARY KEY (id)
);
COMMENT ON TABLE users_all IS 'The latest state of each User, deleted ones included';
COMMENT ON COLUMN users_all.id IS 'the id; unique';
COMMENT ON COLUMN users_all.location_id IS 'the sub-account (HighLevel''s locationId); sub-account users; refers to `locations.id`';
COMMENT ON COLUMN users_all.agency_id IS 'the agency (HighLevel''s companyId); agency users';
COMMENT ON COLUMN users_all.first_name IS 'first name';
COMMENT ON COLUMN users_all.last_name IS 'last name';
COMMENT ON COLUMN users_all.email IS 'e-mail address';
COMMENT ON COLUMN users_all.phone IS 'telephone number';
COMMENT ON COLUMN users_all.extension IS 'extension of the telephone';
COMMENT ON COLUMN users_all.role IS 'role of the user; known values: user, admin';
COMMENT ON COLUMN users_all.deleted_at IS 'set while the row is deleted (a tombstone)';
COMMENT ON COLUMN users_all.extra IS 'members of the payload that no column takes; NULL when there is none';
COMMENT ON COLUMN users_all.last_event_at IS 'time of the newest event folded in';
COMMENT ON COLUMN users_all.last_event_id IS 'id of the newest event folded in';
COMMENT ON COLUMN users_all.first_received_at IS 'arrival of the first event';
COMMENT ON COLUMN users_all.last_received_at IS 'arrival of the latest event';

CREATE TABLE user_permissions (
  user_id text COLLATE "C" NOT NULL,
  permission text COLLATE "C" NOT NULL,
  enabled boolean,
  PRIMARY KEY (user_id, permission)
);
COMMENT ON TABLE user_permissions IS 'A row per element of permissions{} of users. a map of 37 named booleans; unknown names are kept too';
COMMENT ON COLUMN user_permissions.user_id IS 'the user';
COMMENT ON COLUMN user_permissions.permission IS 'name of the permission';
COMMENT ON COLUMN user_permissions.enabled IS 'is it allowed?';

CREATE TABLE user_scopes (
  user_id text COLLATE "C" NOT NULL,
  position bigint,
  scope text COLLATE "C" NOT NULL,
  PRIMARY KEY (user_id, scope)
);
COMMENT ON TABLE user_scopes IS 'A row per element of scopes[] of users';
COMMENT ON COLUMN user_scopes.user_id IS 'the user';
COMMENT ON COLUMN user_scopes.position IS 'place in the list, from 0';
COMMENT ON COLUMN user_scopes.scope IS 'an OAuth scope';

CREATE TABLE user_locations (
  user_id text COLLATE "C" NOT NULL,
  position bigint,
  location_id text COLLATE "C" NOT NULL,
  PRIMARY KEY (user_id, location_id)
);
COMMENT ON TABLE user_locations IS 'A row per element of locations[] of users';
COMMENT ON COLUMN user_locations.user_id IS 'the user';
COMMENT ON COLUMN user_locations.position IS 'place in the list, from 0';
COMMENT ON COLUMN user_locations.location_id IS 'the sub-account (HighLevel''s locationId); refers to `locations.id`';

CREATE VIEW users AS
SELECT id, location_id, agency_id, first_name, last_name, email, phone, extension, role, extra, last_event_at,
  last_event_id, first_received_at, last_received_at
FROM users_all
WHERE deleted_at IS NULL;
COMMENT ON VIEW users IS 'The living rows of users_all';
