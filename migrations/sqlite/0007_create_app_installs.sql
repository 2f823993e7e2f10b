-- AppInstall: its mirror and the view of the living rows.

CREATE TABLE app_installs_all (
  id TEXT NOT NULL,
  app_id TEXT,
  location_id TEXT,
  agency_id TEXT,
  app_version_id TEXT,
  previous_app_version_id TEXT,
  user_id TEXT,
  plan_id TEXT,
  on_trial BOOLEAN,
  trial_duration_days INTEGER,
  trial_started_at TIMESTAMP,
  is_whitelabel_agency BOOLEAN,
  whitelabel_domain TEXT,
  whitelabel_logo_url TEXT,
  agency_name TEXT,
  deleted_at TIMESTAMP,
  extra TEXT,
  last_event_at TIMESTAMP NOT NULL,
  last_event_id TEXT NOT NULL,
  first_received_at TIMESTAMP NOT NULL,
  last_received_at TIMESTAMP NOT NULL,
  PRIMARY KEY (id)
);

CREATE VIEW app_installs AS
SELECT id, app_id, location_id, agency_id, app_version_id, previous_app_version_id, user_id, plan_id, on_trial,
  trial_duration_days, trial_started_at, is_whitelabel_agency, whitelabel_domain, whitelabel_logo_url, agency_name,
  extra, last_event_at, last_event_id, first_received_at, last_received_at
FROM app_installs_all
WHERE deleted_at IS NULL;
