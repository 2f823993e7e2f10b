-- AppInstall: its mirror and the view of the living rows.

CREATE TABLE app_installs_all (
  id text COLLATE "C" NOT NULL,
  app_id text COLLATE "C",
  location_id text COLLATE "C",
  agency_id text COLLATE "C",
  app_version_id text COLLATE "C",
  previous_app_version_id text COLLATE "C",
  user_id text COLLATE "C",
  plan_id text COLLATE "C",
  on_trial boolean,
  trial_duration_days bigint,
  trial_started_at timestamptz,
  is_whitelabel_agency boolean,
  whitelabel_domain text COLLATE "C",
  whitelabel_logo_url text COLLATE "C",
  agency_name text COLLATE "C",
  deleted_at timestamptz,
  extra jsonb,
  last_event_at timestamptz NOT NULL,
  last_event_id text COLLATE "C" NOT NULL,
  first_received_at timestamptz NOT NULL,
  last_received_at timestamptz NOT NULL,
  PRIMARY KEY (id)
);
COMMENT ON TABLE app_installs_all IS 'The latest state of each AppInstall, deleted ones included. One row per (app, location or company). INSTALL after UNINSTALL brings the row back. The page gives no id: it is composed. The history of installs is in the event log.';
COMMENT ON COLUMN app_installs_all.id IS 'the id; unique; appId + ":" + (locationId, else companyId)';
COMMENT ON COLUMN app_installs_all.app_id IS 'the marketplace app that the event was sent to';
COMMENT ON COLUMN app_installs_all.location_id IS 'the sub-account (HighLevel''s locationId); absent for agency-level installs; refers to `locations.id`';
COMMENT ON COLUMN app_installs_all.agency_id IS 'the agency (HighLevel''s companyId)';
COMMENT ON COLUMN app_installs_all.app_version_id IS 'the version of the marketplace app; envelope field; not on the event pages';
COMMENT ON COLUMN app_installs_all.previous_app_version_id IS 'the version before the update';
COMMENT ON COLUMN app_installs_all.user_id IS 'the user; refers to `users.id`';
COMMENT ON COLUMN app_installs_all.plan_id IS 'plan at install or update; a later PlanChange is a row of plan_changes';
COMMENT ON COLUMN app_installs_all.on_trial IS 'is the install on trial?';
COMMENT ON COLUMN app_installs_all.trial_duration_days IS 'days of the trial';
COMMENT ON COLUMN app_installs_all.trial_started_at IS 'when the trial began';
COMMENT ON COLUMN app_installs_all.is_whitelabel_agency IS 'does the agency use a name of its own?';
COMMENT ON COLUMN app_installs_all.whitelabel_domain IS 'domain of the agency';
COMMENT ON COLUMN app_installs_all.whitelabel_logo_url IS 'logo of the agency';
COMMENT ON COLUMN app_installs_all.agency_name IS 'name of the agency';
COMMENT ON COLUMN app_installs_all.deleted_at IS 'set while the row is deleted (a tombstone)';
COMMENT ON COLUMN app_installs_all.extra IS 'members of the payload that no column takes; NULL when there is none';
COMMENT ON COLUMN app_installs_all.last_event_at IS 'time of the newest event folded in';
COMMENT ON COLUMN app_installs_all.last_event_id IS 'id of the newest event folded in';
COMMENT ON COLUMN app_installs_all.first_received_at IS 'arrival of the first event';
COMMENT ON COLUMN app_installs_all.last_received_at IS 'arrival of the latest event';

CREATE VIEW app_installs AS
SELECT id, app_id, location_id, agency_id, app_version_id, previous_app_version_id, user_id, plan_id, on_trial,
  trial_duration_days, trial_started_at, is_whitelabel_agency, whitelabel_domain, whitelabel_logo_url, agency_name,
  extra, last_event_at, last_event_id, first_received_at, last_received_at
FROM app_installs_all
WHERE deleted_at IS NULL;
COMMENT ON VIEW app_installs IS 'The living rows of app_installs_all';
