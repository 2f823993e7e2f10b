-- Message: its mirror, child tables and the view of the living rows.

CREATE TABLE messages_all (
  id text COLLATE "C" NOT NULL,
  location_id text COLLATE "C",
  agency_id text COLLATE "C",
  conversation_id text COLLATE "C",
  contact_id text COLLATE "C",
  user_id text COLLATE "C",
  email_message_id text COLLATE "C",
  direction text COLLATE "C",
  message_type text COLLATE "C",
  message_type_id bigint,
  message_type_name text COLLATE "C",
  status text COLLATE "C",
  source text COLLATE "C",
  content_type text COLLATE "C",
  subject text COLLATE "C",
  body text COLLATE "C",
  html text COLLATE "C",
  plain_text text COLLATE "C",
  from_address text COLLATE "C",
  to_address text COLLATE "C",
  thread_id text COLLATE "C",
  provider text COLLATE "C",
  conversation_provider_id text COLLATE "C",
  chat_widget_id text COLLATE "C",
  reply_to_alt_id text COLLATE "C",
  call_duration_seconds numeric,
  call_status text COLLATE "C",
  created_at timestamptz,
  deleted_at timestamptz,
  extra jsonb,
  last_event_at timestamptz NOT NULL,
  last_event_id text COLLATE "C" NOT NULL,
  first_received_at timestamptz NOT NULL,
  last_received_at timestamptz NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX messages_by_contact_id_created_at ON messages_all (contact_id, created_at);
CREATE INDEX messages_by_location_id_created_at ON messages_all (location_id, created_at);
COMMENT ON TABLE messages_all IS 'The latest state of each Message, deleted ones included. Deletes are not sent. A second event with the same id (status change) updates the row.';
COMMENT ON COLUMN messages_all.id IS 'the id; unique';
COMMENT ON COLUMN messages_all.location_id IS 'the sub-account (HighLevel''s locationId); refers to `locations.id`';
COMMENT ON COLUMN messages_all.agency_id IS 'the agency (HighLevel''s companyId)';
COMMENT ON COLUMN messages_all.conversation_id IS 'the conversation; refers to `conversations.id`';
COMMENT ON COLUMN messages_all.contact_id IS 'the contact; refers to `contacts.id`';
COMMENT ON COLUMN messages_all.user_id IS 'the user; refers to `users.id`';
COMMENT ON COLUMN messages_all.email_message_id IS 'the e-mail at HighLevel';
COMMENT ON COLUMN messages_all.direction IS 'inbound or outbound; known values: inbound, outbound';
COMMENT ON COLUMN messages_all.message_type IS 'CALL, SMS, Email, VoiceMail, InternalComment, ...: no fixed case; `type` only where it names no event (ProviderOutboundMessage)';
COMMENT ON COLUMN messages_all.message_type_id IS 'kind of message, as a number';
COMMENT ON COLUMN messages_all.message_type_name IS 'TYPE_CALL, TYPE_SMS, TYPE_VOICEMAIL, ...';
COMMENT ON COLUMN messages_all.status IS 'status';
COMMENT ON COLUMN messages_all.source IS 'where it came from; known values: app, api, workflow, campaign, bulk_actions';
COMMENT ON COLUMN messages_all.content_type IS 'media type of the content';
COMMENT ON COLUMN messages_all.subject IS 'subject';
COMMENT ON COLUMN messages_all.body IS 'HTML for email';
COMMENT ON COLUMN messages_all.html IS 'ProviderOutboundMessage, email';
COMMENT ON COLUMN messages_all.plain_text IS 'OutboundMessage, email';
COMMENT ON COLUMN messages_all.from_address IS 'phone number, or "Name <address>"';
COMMENT ON COLUMN messages_all.to_address IS 'a string or a list: the first one; all of them in message_recipients';
COMMENT ON COLUMN messages_all.thread_id IS 'the thread of e-mails';
COMMENT ON COLUMN messages_all.provider IS 'who carries the message';
COMMENT ON COLUMN messages_all.conversation_provider_id IS 'the conversation provider';
COMMENT ON COLUMN messages_all.chat_widget_id IS 'the chat widget';
COMMENT ON COLUMN messages_all.reply_to_alt_id IS 'the message at the provider that it answers';
COMMENT ON COLUMN messages_all.call_duration_seconds IS 'how long the call was';
COMMENT ON COLUMN messages_all.call_status IS 'how the call ended';
COMMENT ON COLUMN messages_all.created_at IS 'when it was made';
COMMENT ON COLUMN messages_all.deleted_at IS 'set while the row is deleted (a tombstone)';
COMMENT ON COLUMN messages_all.extra IS 'members of the payload that no column takes; NULL when there is none';
COMMENT ON COLUMN messages_all.last_event_at IS 'time of the newest event folded in';
COMMENT ON COLUMN messages_all.last_event_id IS 'id of the newest event folded in';
COMMENT ON COLUMN messages_all.first_received_at IS 'arrival of the first event';
COMMENT ON COLUMN messages_all.last_received_at IS 'arrival of the latest event';

CREATE TABLE message_attachments (
  message_id text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  url text COLLATE "C",
  value_json jsonb,
  PRIMARY KEY (message_id, position)
);
COMMENT ON TABLE message_attachments IS 'A row per element of attachments[] of messages';
COMMENT ON COLUMN message_attachments.message_id IS 'the message';
COMMENT ON COLUMN message_attachments.position IS 'place in the list, from 0';
COMMENT ON COLUMN message_attachments.url IS 'URL';
COMMENT ON COLUMN message_attachments.value_json IS 'the value as it was sent; the element as sent, when it is not a plain string';

CREATE TABLE message_recipients (
  message_id text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  kind text COLLATE "C" NOT NULL,
  address text COLLATE "C",
  PRIMARY KEY (message_id, kind, position)
);
COMMENT ON TABLE message_recipients IS 'A row per element of to[]|emailTo[]|ccList[]|cc[]|bccList[]|bcc[] of messages. each may be one string or a list; ccList and bccList win over cc and bcc when both are there';
COMMENT ON COLUMN message_recipients.message_id IS 'the message';
COMMENT ON COLUMN message_recipients.position IS 'place in the list, from 0';
COMMENT ON COLUMN message_recipients.kind IS 'to, cc or bcc; known values: to, cc, bcc';
COMMENT ON COLUMN message_recipients.address IS 'phone number or e-mail address';

CREATE TABLE message_mentions (
  message_id text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  user_id text COLLATE "C",
  PRIMARY KEY (message_id, position)
);
COMMENT ON TABLE message_mentions IS 'A row per element of mentions[] of messages';
COMMENT ON COLUMN message_mentions.message_id IS 'the message';
COMMENT ON COLUMN message_mentions.position IS 'place in the list, from 0';
COMMENT ON COLUMN message_mentions.user_id IS 'the user; refers to `users.id`';

CREATE VIEW messages AS
SELECT id, location_id, agency_id, conversation_id, contact_id, user_id, email_message_id, direction, message_type,
  message_type_id, message_type_name, status, source, content_type, subject, body, html, plain_text, from_address,
  to_address, thread_id, provider, conversation_provider_id, chat_widget_id, reply_to_alt_id, call_duration_seconds,
  call_status, created_at, extra, last_event_at, last_event_id, first_received_at, last_received_at
FROM messages_all
WHERE deleted_at IS NULL;
COMMENT ON VIEW messages IS 'The living rows of messages_all';
