-- Price: its mirror, child tables and the view of the living rows.

CREATE TABLE prices_all (
  id text COLLATE "C" NOT NULL,
  location_id text COLLATE "C",
  agency_id text COLLATE "C",
  product_id text COLLATE "C",
  user_id text COLLATE "C",
  name text COLLATE "C",
  price_type text COLLATE "C",
  currency text COLLATE "C",
  amount numeric,
  compare_at_price numeric,
  recurring_interval text COLLATE "C",
  recurring_interval_count bigint,
  track_inventory boolean,
  available_quantity numeric,
  allow_out_of_stock_purchases boolean,
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
COMMENT ON TABLE prices_all IS 'The latest state of each Price, deleted ones included';
COMMENT ON COLUMN prices_all.id IS 'the id; unique';
COMMENT ON COLUMN prices_all.location_id IS 'the sub-account (HighLevel''s locationId); refers to `locations.id`';
COMMENT ON COLUMN prices_all.agency_id IS 'the agency (HighLevel''s companyId)';
COMMENT ON COLUMN prices_all.product_id IS 'the product; refers to `products.id`';
COMMENT ON COLUMN prices_all.user_id IS 'the user; refers to `users.id`';
COMMENT ON COLUMN prices_all.name IS 'name';
COMMENT ON COLUMN prices_all.price_type IS 'one_time or recurring; "priceType" in PriceCreate, "type" in PriceUpdate and PriceDelete; known values: one_time, recurring';
COMMENT ON COLUMN prices_all.currency IS 'currency of the amounts';
COMMENT ON COLUMN prices_all.amount IS 'amount of money, as sent';
COMMENT ON COLUMN prices_all.compare_at_price IS 'former price, to compare with';
COMMENT ON COLUMN prices_all.recurring_interval IS 'unit of the time between payments; known values: day, week, month, year';
COMMENT ON COLUMN prices_all.recurring_interval_count IS 'how many such units are between payments';
COMMENT ON COLUMN prices_all.track_inventory IS 'always null in the documents; boolean in the API';
COMMENT ON COLUMN prices_all.available_quantity IS 'how many are left';
COMMENT ON COLUMN prices_all.allow_out_of_stock_purchases IS 'may it be bought when none is left?';
COMMENT ON COLUMN prices_all.created_at IS 'when it was made';
COMMENT ON COLUMN prices_all.updated_at IS 'when it was changed last';
COMMENT ON COLUMN prices_all.deleted_at IS 'set while the row is deleted (a tombstone)';
COMMENT ON COLUMN prices_all.extra IS 'members of the payload that no column takes; NULL when there is none';
COMMENT ON COLUMN prices_all.last_event_at IS 'time of the newest event folded in';
COMMENT ON COLUMN prices_all.last_event_id IS 'id of the newest event folded in';
COMMENT ON COLUMN prices_all.first_received_at IS 'arrival of the first event';
COMMENT ON COLUMN prices_all.last_received_at IS 'arrival of the latest event';

CREATE TABLE price_membership_offers (
  price_id text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  offer_id text COLLATE "C",
  label text COLLATE "C",
  offer_value text COLLATE "C",
  PRIMARY KEY (price_id, position)
);
COMMENT ON TABLE price_membership_offers IS 'A row per element of membershipOffers[] of prices';
COMMENT ON COLUMN price_membership_offers.price_id IS 'the price';
COMMENT ON COLUMN price_membership_offers.position IS 'place in the list, from 0';
COMMENT ON COLUMN price_membership_offers.offer_id IS 'the membership offer';
COMMENT ON COLUMN price_membership_offers.label IS 'what it is called';
COMMENT ON COLUMN price_membership_offers.offer_value IS 'the membership offer as a value';

CREATE TABLE price_variant_options (
  price_id text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  option_id text COLLATE "C",
  PRIMARY KEY (price_id, position)
);
COMMENT ON TABLE price_variant_options IS 'A row per element of variantOptionIds[] of prices';
COMMENT ON COLUMN price_variant_options.price_id IS 'the price';
COMMENT ON COLUMN price_variant_options.position IS 'place in the list, from 0';
COMMENT ON COLUMN price_variant_options.option_id IS 'the option';

CREATE VIEW prices AS
SELECT id, location_id, agency_id, product_id, user_id, name, price_type, currency, amount, compare_at_price,
  recurring_interval, recurring_interval_count, track_inventory, available_quantity, allow_out_of_stock_purchases,
  created_at, updated_at, extra, last_event_at, last_event_id, first_received_at, last_received_at
FROM prices_all
WHERE deleted_at IS NULL;
COMMENT ON VIEW prices IS 'The living rows of prices_all';
