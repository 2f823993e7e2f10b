-- AppPaymentStatus: one row per event.

CREATE TABLE app_payment_statuses (
  id text COLLATE "C" NOT NULL,
  app_id text COLLATE "C",
  location_id text COLLATE "C",
  agency_id text COLLATE "C",
  user_id text COLLATE "C",
  previous_status text COLLATE "C",
  new_status text COLLATE "C",
  occurred_at timestamptz,
  extra jsonb,
  PRIMARY KEY (id)
);
COMMENT ON TABLE app_payment_statuses IS 'What happened once, a row each: AppPaymentStatus';
COMMENT ON COLUMN app_payment_statuses.id IS 'the id; unique';
COMMENT ON COLUMN app_payment_statuses.app_id IS 'the marketplace app that the event was sent to';
COMMENT ON COLUMN app_payment_statuses.location_id IS 'the sub-account (HighLevel''s locationId); refers to `locations.id`';
COMMENT ON COLUMN app_payment_statuses.agency_id IS 'the agency (HighLevel''s companyId)';
COMMENT ON COLUMN app_payment_statuses.user_id IS 'the user; refers to `users.id`';
COMMENT ON COLUMN app_payment_statuses.previous_status IS 'the status until then; known values: COMPLETE, FAILED, PENDING';
COMMENT ON COLUMN app_payment_statuses.new_status IS 'the status from then on; known values: COMPLETE, FAILED, PENDING';
COMMENT ON COLUMN app_payment_statuses.occurred_at IS 'when it happened';
COMMENT ON COLUMN app_payment_statuses.extra IS 'members of the payload that no column takes; NULL when there is none';
