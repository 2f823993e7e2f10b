-- KnowledgeBaseAsset: its mirror and the view of the living rows.

CREATE TABLE knowledge_base_assets_all (
  id TEXT NOT NULL,
  location_id TEXT,
  agency_id TEXT,
  knowledge_base_id TEXT,
  asset_type TEXT,
  status TEXT,
  last_action TEXT,
  deleted_at TIMESTAMP,
  extra TEXT,
  last_event_at TIMESTAMP NOT NULL,
  last_event_id TEXT NOT NULL,
  first_received_at TIMESTAMP NOT NULL,
  last_received_at TIMESTAMP NOT NULL,
  PRIMARY KEY (id)
);

CREATE VIEW knowledge_base_assets AS
SELECT id, location_id, agency_id, knowledge_base_id, asset_type, status, last_action, extra, last_event_at,
  last_event_id, first_received_at, last_received_at
FROM knowledge_base_assets_all
WHERE deleted_at IS NULL;
