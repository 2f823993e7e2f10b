-- Price: its mirror, child tables and the view of the living rows.

CREATE TABLE prices_all (
  id TEXT NOT NULL,
  location_id TEXT,
  agency_id TEXT,
  product_id TEXT,
  user_id TEXT,
  name TEXT,
  price_type TEXT,
  currency TEXT,
  amount REAL,
  compare_at_price REAL,
  recurring_interval TEXT,
  recurring_interval_count INTEGER,
  track_inventory BOOLEAN,
  available_quantity REAL,
  allow_out_of_stock_purchases BOOLEAN,
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

CREATE TABLE price_membership_offers (
  price_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  offer_id TEXT,
  label TEXT,
  offer_value TEXT,
  PRIMARY KEY (price_id, position)
) WITHOUT ROWID;

CREATE TABLE price_variant_options (
  price_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  option_id TEXT,
  PRIMARY KEY (price_id, position)
) WITHOUT ROWID;

CREATE VIEW prices AS
SELECT id, location_id, agency_id, product_id, user_id, name, price_type, currency, amount, compare_at_price,
  recurring_interval, recurring_interval_count, track_inventory, available_quantity, allow_out_of_stock_purchases,
  created_at, updated_at, extra, last_event_at, last_event_id, first_received_at, last_received_at
FROM prices_all
WHERE deleted_at IS NULL;
