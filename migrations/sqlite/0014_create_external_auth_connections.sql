-- ExternalAuthConnection: one row per event.

CREATE TABLE external_auth_connections (
  id TEXT NOT NULL,
  app_id TEXT,
  location_id TEXT,
  agency_id TEXT,
  auth_type TEXT,
  scopes TEXT,
  is_auto_refresh_token_enabled BOOLEAN,
  occurred_at TIMESTAMP,
  extra TEXT,
  PRIMARY KEY (id)
);
