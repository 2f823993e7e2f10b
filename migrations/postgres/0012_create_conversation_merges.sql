-- ConversationMerge: one row per event.

CREATE TABLE conversation_merges (
  id text COLLATE "C" NOT NULL,
  location_id text COLLATE "C",
  agency_id text COLLATE "C",
  old_conversation_id text COLLATE "C",
  new_conversation_id text COLLATE "C",
  contact_id text COLLATE "C",
  occurred_at timestamptz,
  extra jsonb,
  PRIMARY KEY (id)
);
COMMENT ON TABLE conversation_merges IS 'What happened once, a row each: ConversationMerge. A live-chat conversation was folded into another one.';
COMMENT ON COLUMN conversation_merges.id IS 'the id; unique';
COMMENT ON COLUMN conversation_merges.location_id IS 'the sub-account (HighLevel''s locationId); refers to `locations.id`';
COMMENT ON COLUMN conversation_merges.agency_id IS 'the agency (HighLevel''s companyId)';
COMMENT ON COLUMN conversation_merges.old_conversation_id IS 'the conversation that was merged into the other; refers to `conversations.id`';
COMMENT ON COLUMN conversation_merges.new_conversation_id IS 'the conversation that stays; refers to `conversations.id`';
COMMENT ON COLUMN conversation_merges.contact_id IS 'the contact; refers to `contacts.id`';
COMMENT ON COLUMN conversation_merges.occurred_at IS 'when it happened';
COMMENT ON COLUMN conversation_merges.extra IS 'members of the payload that no column takes; NULL when there is none';
