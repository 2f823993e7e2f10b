-- The log of events and what stands beside it. What arrived is fixed for ever; what was derived from it may be written
-- again by a later version that understands more.

CREATE TABLE events (
  seq INTEGER PRIMARY KEY,
  event_id TEXT NOT NULL,
  source TEXT NOT NULL,
  received_at TEXT NOT NULL,
  path TEXT NOT NULL,
  signature_scheme TEXT,
  signature_key TEXT,
  signature TEXT,
  payload TEXT NOT NULL,
  -- Derived.
  log_key BLOB NOT NULL,
  type TEXT NOT NULL,
  entity TEXT,
  entity_id TEXT,
  location_id TEXT,
  agency_id TEXT,
  app_id TEXT,
  app_version_id TEXT,
  trace_id TEXT,
  occurred_at TEXT NOT NULL,
  sent_at TEXT
) STRICT;

-- 8 bytes of SHA-256(entity, entity_id) and 8 of SHA-256(event_id): finds a duplicate by the whole, the events of an
-- entity by the first half.
CREATE UNIQUE INDEX events_log_key ON events (log_key);

-- The one door through which events may be changed or removed: a row that is opened and closed in one transaction.
CREATE TABLE log_maintenance (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  reason TEXT NOT NULL,
  opened_at TEXT NOT NULL,
  closed_at TEXT
) STRICT;

CREATE TRIGGER events_refuse_delete BEFORE DELETE ON events
WHEN NOT EXISTS (SELECT 1 FROM log_maintenance WHERE closed_at IS NULL)
BEGIN
  SELECT RAISE(ABORT, 'events are append-only');
END;

CREATE TRIGGER events_refuse_update BEFORE UPDATE ON events
WHEN (NEW.seq, NEW.event_id, NEW.source, NEW.received_at, NEW.path, NEW.signature_scheme, NEW.signature_key,
      NEW.signature, NEW.payload)
  IS NOT (OLD.seq, OLD.event_id, OLD.source, OLD.received_at, OLD.path, OLD.signature_scheme, OLD.signature_key,
          OLD.signature, OLD.payload)
  AND NOT EXISTS (SELECT 1 FROM log_maintenance WHERE closed_at IS NULL)
BEGIN
  SELECT RAISE(ABORT, 'events are append-only');
END;

-- UPDATE OR REPLACE would remove the row that has the key.
CREATE TRIGGER events_keep_known BEFORE UPDATE OF log_key ON events
WHEN EXISTS (SELECT 1 FROM events WHERE log_key = NEW.log_key AND seq <> OLD.seq)
BEGIN
  SELECT RAISE(ABORT, 'another event has this place in the log');
END;

-- INSERT OR REPLACE removes a row without asking the trigger on DELETE: such a row is not inserted at all.
CREATE TRIGGER events_ignore_known BEFORE INSERT ON events
WHEN EXISTS (SELECT 1 FROM events WHERE log_key = NEW.log_key) OR EXISTS (SELECT 1 FROM events WHERE seq = NEW.seq)
BEGIN
  SELECT RAISE(IGNORE);
END;

-- Authentic deliveries that could not become an event. digest: SHA-256 of (path, signature, bytes).
CREATE TABLE quarantine (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  digest BLOB NOT NULL UNIQUE,
  reason TEXT NOT NULL,
  source TEXT NOT NULL,
  received_at TEXT NOT NULL,
  path TEXT NOT NULL,
  signature_scheme TEXT,
  signature_key TEXT,
  signature TEXT,
  payload BLOB NOT NULL
) STRICT;

-- Deliveries with a well-formed signature that fits no known key, held until one does. Bounded by the program.
CREATE TABLE unverified (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  digest BLOB NOT NULL UNIQUE,
  reason TEXT NOT NULL,
  source TEXT NOT NULL,
  received_at TEXT NOT NULL,
  path TEXT NOT NULL,
  signature_scheme TEXT,
  signature_key TEXT,
  signature TEXT,
  payload BLOB NOT NULL
) STRICT;

-- Events per day and kind, so that nothing has to scan the log to know them. writer: the instance that counted.
CREATE TABLE event_counts (
  day TEXT NOT NULL,
  source TEXT NOT NULL,
  location_id TEXT NOT NULL,
  type TEXT NOT NULL,
  writer TEXT NOT NULL,
  events INTEGER NOT NULL,
  last_received_at TEXT NOT NULL,
  PRIMARY KEY (day, source, location_id, type, writer)
) STRICT, WITHOUT ROWID;

-- Requests that were refused before they could be a delivery: a misspelt path shows here.
CREATE TABLE refusals (
  day TEXT NOT NULL,
  kind TEXT NOT NULL,
  detail TEXT NOT NULL,
  writer TEXT NOT NULL,
  requests INTEGER NOT NULL,
  last_received_at TEXT NOT NULL,
  PRIMARY KEY (day, kind, detail, writer)
) STRICT, WITHOUT ROWID;
