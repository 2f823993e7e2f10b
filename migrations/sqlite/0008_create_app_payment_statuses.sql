-- AppPaymentStatus: one row per event.

CREATE TABLE app_payment_statuses (
  id TEXT NOT NULL,
  app_id TEXT,
  location_id TEXT,
  agency_id TEXT,
  user_id TEXT,
  previous_status TEXT,
  new_status TEXT,
  occurred_at TIMESTAMP,
  extra TEXT,
  PRIMARY KEY (id)
);
