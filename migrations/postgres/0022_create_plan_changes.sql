-- PlanChange: one row per event.

CREATE TABLE plan_changes (
  id text COLLATE "C" NOT NULL,
  app_id text COLLATE "C",
  location_id text COLLATE "C",
  agency_id text COLLATE "C",
  user_id text COLLATE "C",
  previous_plan_id text COLLATE "C",
  new_plan_id text COLLATE "C",
  occurred_at timestamptz,
  extra jsonb,
  PRIMARY KEY (id)
);
COMMENT ON TABLE plan_changes IS 'What happened once, a row each: PlanChange';
COMMENT ON COLUMN plan_changes.id IS 'the id; unique';
COMMENT ON COLUMN plan_changes.app_id IS 'the marketplace app that the event was sent to';
COMMENT ON COLUMN plan_changes.location_id IS 'the sub-account (HighLevel''s locationId); refers to `locations.id`';
COMMENT ON COLUMN plan_changes.agency_id IS 'the agency (HighLevel''s companyId)';
COMMENT ON COLUMN plan_changes.user_id IS 'the user; refers to `users.id`';
COMMENT ON COLUMN plan_changes.previous_plan_id IS '"current" in the payload is the plan before the change';
COMMENT ON COLUMN plan_changes.new_plan_id IS 'the plan from then on';
COMMENT ON COLUMN plan_changes.occurred_at IS 'when it happened';
COMMENT ON COLUMN plan_changes.extra IS 'members of the payload that no column takes; NULL when there is none';
