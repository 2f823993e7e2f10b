-- KnowledgeBaseAsset: its mirror and the view of the living rows.

CREATE TABLE knowledge_base_assets_all (
  id text COLLATE "C" NOT NULL,
  location_id text COLLATE "C",
  agency_id text COLLATE "C",
  knowledge_base_id text COLLATE "C",
  asset_type text COLLATE "C",
  status text COLLATE "C",
  last_action text COLLATE "C",
  deleted_at timestamptz,
  extra jsonb,
  last_event_at timestamptz NOT NULL,
  last_event_id text COLLATE "C" NOT NULL,
  first_received_at timestamptz NOT NULL,
  last_received_at timestamptz NOT NULL,
  PRIMARY KEY (id)
);
COMMENT ON TABLE knowledge_base_assets_all IS 'The latest state of each KnowledgeBaseAsset, deleted ones included';
COMMENT ON COLUMN knowledge_base_assets_all.id IS 'the id; unique';
COMMENT ON COLUMN knowledge_base_assets_all.location_id IS 'the sub-account (HighLevel''s locationId); refers to `locations.id`';
COMMENT ON COLUMN knowledge_base_assets_all.agency_id IS 'the agency (HighLevel''s companyId)';
COMMENT ON COLUMN knowledge_base_assets_all.knowledge_base_id IS 'the knowledge base; refers to `knowledge_bases.id`';
COMMENT ON COLUMN knowledge_base_assets_all.asset_type IS 'kind of asset; known values: faq, file, rich_text, table_file, trained_url';
COMMENT ON COLUMN knowledge_base_assets_all.status IS 'status; uploaded, trained, failed, aborted, active, ...';
COMMENT ON COLUMN knowledge_base_assets_all.last_action IS 'what the latest event said: created, updated or deleted; known values: created, updated, deleted';
COMMENT ON COLUMN knowledge_base_assets_all.deleted_at IS 'set while the row is deleted (a tombstone)';
COMMENT ON COLUMN knowledge_base_assets_all.extra IS 'members of the payload that no column takes; NULL when there is none';
COMMENT ON COLUMN knowledge_base_assets_all.last_event_at IS 'time of the newest event folded in';
COMMENT ON COLUMN knowledge_base_assets_all.last_event_id IS 'id of the newest event folded in';
COMMENT ON COLUMN knowledge_base_assets_all.first_received_at IS 'arrival of the first event';
COMMENT ON COLUMN knowledge_base_assets_all.last_received_at IS 'arrival of the latest event';

CREATE VIEW knowledge_base_assets AS
SELECT id, location_id, agency_id, knowledge_base_id, asset_type, status, last_action, extra, last_event_at,
  last_event_id, first_received_at, last_received_at
FROM knowledge_base_assets_all
WHERE deleted_at IS NULL;
COMMENT ON VIEW knowledge_base_assets IS 'The living rows of knowledge_base_assets_all';
