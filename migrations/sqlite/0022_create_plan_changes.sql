-- PlanChange: one row per event.

CREATE TABLE plan_changes (
  id TEXT NOT NULL,
  app_id TEXT,
  location_id TEXT,
  agency_id TEXT,
  user_id TEXT,
  previous_plan_id TEXT,
  new_plan_id TEXT,
  occurred_at TIMESTAMP,
  extra TEXT,
  PRIMARY KEY (id)
);
