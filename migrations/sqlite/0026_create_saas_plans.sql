-- SaasPlan: its mirror, child tables and the view of the living rows.

CREATE TABLE saas_plans_all (
  id TEXT NOT NULL,
  location_id TEXT,
  agency_id TEXT,
  app_id TEXT,
  app_version_id TEXT,
  title TEXT,
  description TEXT,
  plan_level INTEGER,
  trial_period_days INTEGER,
  user_limit INTEGER,
  contact_limit INTEGER,
  category_id TEXT,
  snapshot_id TEXT,
  product_id TEXT,
  is_saas_v2 BOOLEAN,
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

CREATE TABLE saas_plan_products (
  saas_plan_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  feature TEXT,
  PRIMARY KEY (saas_plan_id, position)
) WITHOUT ROWID;

CREATE TABLE saas_plan_add_ons (
  saas_plan_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  add_on TEXT,
  PRIMARY KEY (saas_plan_id, position)
) WITHOUT ROWID;

CREATE TABLE saas_plan_prices (
  saas_plan_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  price_id TEXT,
  billing_interval TEXT,
  is_active BOOLEAN,
  amount_minor REAL,
  currency TEXT,
  symbol TEXT,
  PRIMARY KEY (saas_plan_id, position)
) WITHOUT ROWID;

CREATE VIEW saas_plans AS
SELECT id, location_id, agency_id, app_id, app_version_id, title, description, plan_level, trial_period_days,
  user_limit, contact_limit, category_id, snapshot_id, product_id, is_saas_v2, created_at, updated_at, extra,
  last_event_at, last_event_id, first_received_at, last_received_at
FROM saas_plans_all
WHERE deleted_at IS NULL;
