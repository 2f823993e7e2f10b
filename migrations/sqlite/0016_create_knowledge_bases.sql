-- KnowledgeBase: its mirror and the view of the living rows.

CREATE TABLE knowledge_bases_all (
  id TEXT NOT NULL,
  location_id TEXT,
  agency_id TEXT,
  name TEXT,
  description TEXT,
  deleted_at TIMESTAMP,
  extra TEXT,
  last_event_at TIMESTAMP NOT NULL,
  last_event_id TEXT NOT NULL,
  first_received_at TIMESTAMP NOT NULL,
  last_received_at TIMESTAMP NOT NULL,
  PRIMARY KEY (id)
);

CREATE VIEW knowledge_bases AS
SELECT id, location_id, agency_id, name, description, extra, last_event_at, last_event_id, first_received_at,
  last_received_at
FROM knowledge_bases_all
WHERE deleted_at IS NULL;
