-- ExternalAuthConnection: one row per event.

CREATE TABLE external_auth_connections (
  id text COLLATE "C" NOT NULL,
  app_id text COLLATE "C",
  location_id text COLLATE "C",
  agency_id text COLLATE "C",
  auth_type text COLLATE "C",
  scopes text COLLATE "C",
  is_auto_refresh_token_enabled boolean,
  occurred_at timestamptz,
  extra jsonb,
  PRIMARY KEY (id)
);
COMMENT ON TABLE external_auth_connections IS 'What happened once, a row each: ExternalAuthConnection';
COMMENT ON COLUMN external_auth_connections.id IS 'the id; unique';
COMMENT ON COLUMN external_auth_connections.app_id IS 'the marketplace app that the event was sent to';
COMMENT ON COLUMN external_auth_connections.location_id IS 'the sub-account (HighLevel''s locationId); refers to `locations.id`';
COMMENT ON COLUMN external_auth_connections.agency_id IS 'the agency (HighLevel''s companyId)';
COMMENT ON COLUMN external_auth_connections.auth_type IS 'how it is authenticated; known values: oauth2, basic';
COMMENT ON COLUMN external_auth_connections.scopes IS 'one space-separated string, oauth2 only';
COMMENT ON COLUMN external_auth_connections.is_auto_refresh_token_enabled IS 'oauth2 only';
COMMENT ON COLUMN external_auth_connections.occurred_at IS 'when it happened';
COMMENT ON COLUMN external_auth_connections.extra IS 'members of the payload that no column takes; NULL when there is none';
