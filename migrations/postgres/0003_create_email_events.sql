-- EmailStat: one row per event, and its child tables.

CREATE TABLE email_events (
  id text COLLATE "C" NOT NULL,
  location_id text COLLATE "C",
  agency_id text COLLATE "C",
  event_type text COLLATE "C",
  provider_event_id text COLLATE "C",
  occurred_at timestamptz,
  log_level text COLLATE "C",
  recipient text COLLATE "C",
  recipient_domain text COLLATE "C",
  recipient_provider text COLLATE "C",
  is_authenticated boolean,
  is_routed boolean,
  is_big boolean,
  is_system_test boolean,
  is_test_mode boolean,
  message_header_id text COLLATE "C",
  message_from text COLLATE "C",
  message_to text COLLATE "C",
  message_size bigint,
  attempt_number bigint,
  smtp_code bigint,
  smtp_message text COLLATE "C",
  smtp_description text COLLATE "C",
  smtp_enhanced_code text COLLATE "C",
  mx_host text COLLATE "C",
  session_seconds numeric,
  first_attempt_seconds numeric,
  is_utf8 boolean,
  severity text COLLATE "C",
  reason text COLLATE "C",
  envelope_sender text COLLATE "C",
  envelope_targets text COLLATE "C",
  envelope_transport text COLLATE "C",
  sending_ip text COLLATE "C",
  ip_pool_id text COLLATE "C",
  ip_pool_name text COLLATE "C",
  extra jsonb,
  PRIMARY KEY (id)
);
COMMENT ON TABLE email_events IS 'What happened once, a row each: EmailStat. The inner object is Mailgun''s event format, with hyphens in its names; other kinds of event bring other members (geolocation, client-info, url, ...): extra.';
COMMENT ON COLUMN email_events.id IS 'the id; unique';
COMMENT ON COLUMN email_events.location_id IS 'the sub-account (HighLevel''s locationId); refers to `locations.id`';
COMMENT ON COLUMN email_events.agency_id IS 'the agency (HighLevel''s companyId)';
COMMENT ON COLUMN email_events.event_type IS 'delivered, opened, clicked, failed, complained, unsubscribed, ...';
COMMENT ON COLUMN email_events.provider_event_id IS 'the event at the mail provider';
COMMENT ON COLUMN email_events.occurred_at IS 'when it happened; integer or decimal seconds';
COMMENT ON COLUMN email_events.log_level IS 'how important the mail system takes it';
COMMENT ON COLUMN email_events.recipient IS 'e-mail address of the recipient';
COMMENT ON COLUMN email_events.recipient_domain IS 'domain of the recipient';
COMMENT ON COLUMN email_events.recipient_provider IS 'mail provider of the recipient';
COMMENT ON COLUMN email_events.is_authenticated IS 'was the sender logged in?';
COMMENT ON COLUMN email_events.is_routed IS 'was it routed by a rule?';
COMMENT ON COLUMN email_events.is_big IS 'was it a big e-mail?';
COMMENT ON COLUMN email_events.is_system_test IS 'was it a test of the mail system?';
COMMENT ON COLUMN email_events.is_test_mode IS 'was it a test?';
COMMENT ON COLUMN email_events.message_header_id IS 'Message-ID of the e-mail';
COMMENT ON COLUMN email_events.message_from IS 'From of the e-mail';
COMMENT ON COLUMN email_events.message_to IS 'To of the e-mail';
COMMENT ON COLUMN email_events.message_size IS 'bytes of the e-mail';
COMMENT ON COLUMN email_events.attempt_number IS 'which attempt at delivery it was';
COMMENT ON COLUMN email_events.smtp_code IS 'answer of the mail server';
COMMENT ON COLUMN email_events.smtp_message IS 'answer of the mail server, text';
COMMENT ON COLUMN email_events.smtp_description IS 'answer of the mail server, explained';
COMMENT ON COLUMN email_events.smtp_enhanced_code IS 'answer of the mail server, enhanced code';
COMMENT ON COLUMN email_events.mx_host IS 'mail server of the recipient';
COMMENT ON COLUMN email_events.session_seconds IS 'how long the mail servers talked';
COMMENT ON COLUMN email_events.first_attempt_seconds IS 'how long the first attempt took';
COMMENT ON COLUMN email_events.is_utf8 IS 'did the server take UTF-8?';
COMMENT ON COLUMN email_events.severity IS 'failed events: permanent or temporary; not on the page';
COMMENT ON COLUMN email_events.reason IS 'failed events; not on the page';
COMMENT ON COLUMN email_events.envelope_sender IS 'sender at the mail servers';
COMMENT ON COLUMN email_events.envelope_targets IS 'recipients at the mail servers';
COMMENT ON COLUMN email_events.envelope_transport IS 'how it was sent';
COMMENT ON COLUMN email_events.sending_ip IS 'address that it was sent from';
COMMENT ON COLUMN email_events.ip_pool_id IS 'the pool of sending addresses';
COMMENT ON COLUMN email_events.ip_pool_name IS 'name of the pool of sending addresses';
COMMENT ON COLUMN email_events.extra IS 'members of the payload that no column takes; NULL when there is none';

CREATE TABLE email_event_tags (
  email_event_id text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  tag text COLLATE "C",
  PRIMARY KEY (email_event_id, position)
);
COMMENT ON TABLE email_event_tags IS 'A row per element of webhookPayload.tags[] of email_events';
COMMENT ON COLUMN email_event_tags.email_event_id IS 'the event of the e-mail';
COMMENT ON COLUMN email_event_tags.position IS 'place in the list, from 0';
COMMENT ON COLUMN email_event_tags.tag IS 'the tag; loc_<id>, com_<id>, et_<kind>';

CREATE TABLE email_event_campaigns (
  email_event_id text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  campaign jsonb,
  PRIMARY KEY (email_event_id, position)
);
COMMENT ON TABLE email_event_campaigns IS 'A row per element of webhookPayload.campaigns[] of email_events';
COMMENT ON COLUMN email_event_campaigns.email_event_id IS 'the event of the e-mail';
COMMENT ON COLUMN email_event_campaigns.position IS 'place in the list, from 0';
COMMENT ON COLUMN email_event_campaigns.campaign IS 'a campaign that the e-mail belongs to';

CREATE TABLE email_event_attachments (
  email_event_id text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  attachment jsonb,
  PRIMARY KEY (email_event_id, position)
);
COMMENT ON TABLE email_event_attachments IS 'A row per element of webhookPayload.message.attachments[] of email_events';
COMMENT ON COLUMN email_event_attachments.email_event_id IS 'the event of the e-mail';
COMMENT ON COLUMN email_event_attachments.position IS 'place in the list, from 0';
COMMENT ON COLUMN email_event_attachments.attachment IS 'an attachment of the e-mail';
