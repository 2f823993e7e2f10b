-- KnowledgeBase: its mirror and the view of the living rows.

CREATE TABLE knowledge_bases_all (
  id text COLLATE "C" NOT NULL,
  location_id text COLLATE "C",
  agency_id text COLLATE "C",
  name text COLLATE "C",
  description text COLLATE "C",
  deleted_at timestamptz,
  extra jsonb,
  last_event_at timestamptz NOT NULL,
  last_event_id text COLLATE "C" NOT NULL,
  first_received_at timestamptz NOT NULL,
  last_received_at timestamptz NOT NULL,
  PRIMARY KEY (id)
);
COMMENT ON TABLE knowledge_bases_all IS 'The latest state of each KnowledgeBase, deleted ones included';
COMMENT ON COLUMN knowledge_bases_all.id IS 'the id; unique';
COMMENT ON COLUMN knowledge_bases_all.location_id IS 'the sub-account (HighLevel''s locationId); refers to `locations.id`';
COMMENT ON COLUMN knowledge_bases_all.agency_id IS 'the agency (HighLevel''s companyId)';
COMMENT ON COLUMN knowledge_bases_all.name IS 'name';
COMMENT ON COLUMN knowledge_bases_all.description IS 'description';
COMMENT ON COLUMN knowledge_bases_all.deleted_at IS 'set while the row is deleted (a tombstone)';
COMMENT ON COLUMN knowledge_bases_all.extra IS 'members of the payload that no column takes; NULL when there is none';
COMMENT ON COLUMN knowledge_bases_all.last_event_at IS 'time of the newest event folded in';
COMMENT ON COLUMN knowledge_bases_all.last_event_id IS 'id of the newest event folded in';
COMMENT ON COLUMN knowledge_bases_all.first_received_at IS 'arrival of the first event';
COMMENT ON COLUMN knowledge_bases_all.last_received_at IS 'arrival of the latest event';

CREATE VIEW knowledge_bases AS
SELECT id, location_id, agency_id, name, description, extra, last_event_at, last_event_id, first_received_at,
  last_received_at
FROM knowledge_bases_all
WHERE deleted_at IS NULL;
COMMENT ON VIEW knowledge_bases IS 'The living rows of knowledge_bases_all';
