-- Product: its mirror, child tables and the view of the living rows.

CREATE TABLE products_all (
  id TEXT NOT NULL,
  location_id TEXT,
  agency_id TEXT,
  name TEXT,
  description TEXT,
  product_type TEXT,
  available_in_store BOOLEAN,
  statement_descriptor TEXT,
  image_url TEXT,
  user_id TEXT,
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

CREATE TABLE product_variants (
  product_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  variant_id TEXT,
  name TEXT,
  PRIMARY KEY (product_id, position)
) WITHOUT ROWID;

CREATE TABLE product_variant_options (
  product_id TEXT NOT NULL,
  variant_position INTEGER NOT NULL,
  position INTEGER NOT NULL,
  option_id TEXT,
  name TEXT,
  PRIMARY KEY (product_id, variant_position, position)
) WITHOUT ROWID;

CREATE TABLE product_media (
  product_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  media_id TEXT,
  title TEXT,
  url TEXT,
  media_type TEXT,
  is_featured BOOLEAN,
  PRIMARY KEY (product_id, position)
) WITHOUT ROWID;

CREATE VIEW products AS
SELECT id, location_id, agency_id, name, description, product_type, available_in_store, statement_descriptor,
  image_url, user_id, created_at, updated_at, extra, last_event_at, last_event_id, first_received_at, last_received_at
FROM products_all
WHERE deleted_at IS NULL;
