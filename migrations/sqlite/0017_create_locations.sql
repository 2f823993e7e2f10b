-- Location: its mirror and the view of the living rows.

CREATE TABLE locations_all (
  id TEXT NOT NULL,
  location_id TEXT,
  agency_id TEXT,
  name TEXT,
  email TEXT,
  stripe_product_id TEXT,
  deleted_at TIMESTAMP,
  extra TEXT,
  last_event_at TIMESTAMP NOT NULL,
  last_event_id TEXT NOT NULL,
  first_received_at TIMESTAMP NOT NULL,
  last_received_at TIMESTAMP NOT NULL,
  PRIMARY KEY (id)
);

CREATE VIEW locations AS
SELECT id, location_id, agency_id, name, email, stripe_product_id, extra, last_event_at, last_event_id,
  first_received_at, last_received_at
FROM locations_all
WHERE deleted_at IS NULL;
