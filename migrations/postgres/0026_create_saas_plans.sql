-- SaasPlan: its mirror, child tables and the view of the living rows.

CREATE TABLE saas_plans_all (
  id text COLLATE "C" NOT NULL,
  location_id text COLLATE "C",
  agency_id text COLLATE "C",
  app_id text COLLATE "C",
  app_version_id text COLLATE "C",
  title text COLLATE "C",
  description text COLLATE "C",
  plan_level bigint,
  trial_period_days bigint,
  user_limit bigint,
  contact_limit bigint,
  category_id text COLLATE "C",
  snapshot_id text COLLATE "C",
  product_id text COLLATE "C",
  is_saas_v2 boolean,
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
COMMENT ON TABLE saas_plans_all IS 'The latest state of each SaasPlan, deleted ones included. The page says that the body can be an array of plans.';
COMMENT ON COLUMN saas_plans_all.id IS 'the id; unique';
COMMENT ON COLUMN saas_plans_all.location_id IS 'the sub-account (HighLevel''s locationId); from the SaaS API; not on the event page';
COMMENT ON COLUMN saas_plans_all.agency_id IS 'the agency (HighLevel''s companyId)';
COMMENT ON COLUMN saas_plans_all.app_id IS 'the marketplace app that the event was sent to';
COMMENT ON COLUMN saas_plans_all.app_version_id IS 'the version of the marketplace app';
COMMENT ON COLUMN saas_plans_all.title IS 'title';
COMMENT ON COLUMN saas_plans_all.description IS 'description';
COMMENT ON COLUMN saas_plans_all.plan_level IS 'level of the plan';
COMMENT ON COLUMN saas_plans_all.trial_period_days IS 'days of the trial';
COMMENT ON COLUMN saas_plans_all.user_limit IS 'in the example only';
COMMENT ON COLUMN saas_plans_all.contact_limit IS 'in the example only';
COMMENT ON COLUMN saas_plans_all.category_id IS 'the category of the plan';
COMMENT ON COLUMN saas_plans_all.snapshot_id IS 'the snapshot that new sub-accounts get';
COMMENT ON COLUMN saas_plans_all.product_id IS 'the product; a Stripe product, not products.id';
COMMENT ON COLUMN saas_plans_all.is_saas_v2 IS 'is it of the second kind of SaaS mode?';
COMMENT ON COLUMN saas_plans_all.created_at IS 'when it was made';
COMMENT ON COLUMN saas_plans_all.updated_at IS 'when it was changed last';
COMMENT ON COLUMN saas_plans_all.deleted_at IS 'set while the row is deleted (a tombstone)';
COMMENT ON COLUMN saas_plans_all.extra IS 'members of the payload that no column takes; NULL when there is none';
COMMENT ON COLUMN saas_plans_all.last_event_at IS 'time of the newest event folded in';
COMMENT ON COLUMN saas_plans_all.last_event_id IS 'id of the newest event folded in';
COMMENT ON COLUMN saas_plans_all.first_received_at IS 'arrival of the first event';
COMMENT ON COLUMN saas_plans_all.last_received_at IS 'arrival of the latest event';

CREATE TABLE saas_plan_products (
  saas_plan_id text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  feature text COLLATE "C",
  PRIMARY KEY (saas_plan_id, position)
);
COMMENT ON TABLE saas_plan_products IS 'A row per element of saasProducts[] of saas_plans';
COMMENT ON COLUMN saas_plan_products.saas_plan_id IS 'the plan';
COMMENT ON COLUMN saas_plan_products.position IS 'place in the list, from 0';
COMMENT ON COLUMN saas_plan_products.feature IS 'a feature that the plan has';

CREATE TABLE saas_plan_add_ons (
  saas_plan_id text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  add_on text COLLATE "C",
  PRIMARY KEY (saas_plan_id, position)
);
COMMENT ON TABLE saas_plan_add_ons IS 'A row per element of addOns[] of saas_plans';
COMMENT ON COLUMN saas_plan_add_ons.saas_plan_id IS 'the plan';
COMMENT ON COLUMN saas_plan_add_ons.position IS 'place in the list, from 0';
COMMENT ON COLUMN saas_plan_add_ons.add_on IS 'name of the add-on';

CREATE TABLE saas_plan_prices (
  saas_plan_id text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  price_id text COLLATE "C",
  billing_interval text COLLATE "C",
  is_active boolean,
  amount_minor numeric,
  currency text COLLATE "C",
  symbol text COLLATE "C",
  PRIMARY KEY (saas_plan_id, position)
);
COMMENT ON TABLE saas_plan_prices IS 'A row per element of prices[] of saas_plans';
COMMENT ON COLUMN saas_plan_prices.saas_plan_id IS 'the plan';
COMMENT ON COLUMN saas_plan_prices.position IS 'place in the list, from 0';
COMMENT ON COLUMN saas_plan_prices.price_id IS 'the price';
COMMENT ON COLUMN saas_plan_prices.billing_interval IS 'how often it is paid; known values: month, year';
COMMENT ON COLUMN saas_plan_prices.is_active IS 'is it in use?';
COMMENT ON COLUMN saas_plan_prices.amount_minor IS 'minor units (cents)';
COMMENT ON COLUMN saas_plan_prices.currency IS 'currency of the amounts';
COMMENT ON COLUMN saas_plan_prices.symbol IS 'symbol of the currency';

CREATE VIEW saas_plans AS
SELECT id, location_id, agency_id, app_id, app_version_id, title, description, plan_level, trial_period_days,
  user_limit, contact_limit, category_id, snapshot_id, product_id, is_saas_v2, created_at, updated_at, extra,
  last_event_at, last_event_id, first_received_at, last_received_at
FROM saas_plans_all
WHERE deleted_at IS NULL;
COMMENT ON VIEW saas_plans IS 'The living rows of saas_plans_all';
