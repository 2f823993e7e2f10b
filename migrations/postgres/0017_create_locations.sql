-- Location: its mirror and the view of the living rows.

CREATE TABLE locations_all (
  id text COLLATE "C" NOT NULL,
  location_id text COLLATE "C",
  agency_id text COLLATE "C",
  name text COLLATE "C",
  email text COLLATE "C",
  stripe_product_id text COLLATE "C",
  deleted_at timestamptz,
  extra jsonb,
  last_event_at timestamptz NOT NULL,
  last_event_id text COLLATE "C" NOT NULL,
  first_received_at timestamptz NOT NULL,
  last_received_at timestamptz NOT NULL,
  PRIMARY KEY (id)
);
COMMENT ON TABLE locations_all IS 'The latest state of each Location, deleted ones included. There is no LocationDelete event.';
COMMENT ON COLUMN locations_all.id IS 'the id; unique';
COMMENT ON COLUMN locations_all.location_id IS 'the sub-account (HighLevel''s locationId); the same as id, so that every table can be filtered by location_id; refers to `locations.id`';
COMMENT ON COLUMN locations_all.agency_id IS 'the agency (HighLevel''s companyId)';
COMMENT ON COLUMN locations_all.name IS 'name';
COMMENT ON COLUMN locations_all.email IS 'e-mail address';
COMMENT ON COLUMN locations_all.stripe_product_id IS 'the product at Stripe';
COMMENT ON COLUMN locations_all.deleted_at IS 'set while the row is deleted (a tombstone)';
COMMENT ON COLUMN locations_all.extra IS 'members of the payload that no column takes; NULL when there is none';
COMMENT ON COLUMN locations_all.last_event_at IS 'time of the newest event folded in';
COMMENT ON COLUMN locations_all.last_event_id IS 'id of the newest event folded in';
COMMENT ON COLUMN locations_all.first_received_at IS 'arrival of the first event';
COMMENT ON COLUMN locations_all.last_received_at IS 'arrival of the latest event';

CREATE VIEW locations AS
SELECT id, location_id, agency_id, name, email, stripe_product_id, extra, last_event_at, last_event_id,
  first_received_at, last_received_at
FROM locations_all
WHERE deleted_at IS NULL;
COMMENT ON VIEW locations IS 'The living rows of locations_all';
