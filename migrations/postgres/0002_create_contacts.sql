-- Contact: its mirror, child tables and the view of the living rows.

CREATE TABLE contacts_all (
  id text COLLATE "C" NOT NULL,
  location_id text COLLATE "C",
  agency_id text COLLATE "C",
  name text COLLATE "C",
  first_name text COLLATE "C",
  last_name text COLLATE "C",
  email text COLLATE "C",
  phone text COLLATE "C",
  phone_label text COLLATE "C",
  company_name text COLLATE "C",
  website text COLLATE "C",
  address1 text COLLATE "C",
  city text COLLATE "C",
  state text COLLATE "C",
  postal_code text COLLATE "C",
  country text COLLATE "C",
  source text COLLATE "C",
  date_of_birth date,
  assigned_user_id text COLLATE "C",
  dnd boolean,
  created_at timestamptz,
  deleted_at timestamptz,
  extra jsonb,
  last_event_at timestamptz NOT NULL,
  last_event_id text COLLATE "C" NOT NULL,
  first_received_at timestamptz NOT NULL,
  last_received_at timestamptz NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX contacts_by_location_id_created_at ON contacts_all (location_id, created_at);
CREATE INDEX contacts_by_email ON contacts_all (email);
CREATE INDEX contacts_by_phone ON contacts_all (phone);
COMMENT ON TABLE contacts_all IS 'The latest state of each Contact, deleted ones included. Every contact event carries the whole contact as far as it is filled in; empty fields are left out.';
COMMENT ON COLUMN contacts_all.id IS 'the id; unique';
COMMENT ON COLUMN contacts_all.location_id IS 'the sub-account (HighLevel''s locationId); refers to `locations.id`';
COMMENT ON COLUMN contacts_all.agency_id IS 'the agency (HighLevel''s companyId)';
COMMENT ON COLUMN contacts_all.name IS 'name';
COMMENT ON COLUMN contacts_all.first_name IS 'first name';
COMMENT ON COLUMN contacts_all.last_name IS 'last name';
COMMENT ON COLUMN contacts_all.email IS 'e-mail address';
COMMENT ON COLUMN contacts_all.phone IS 'telephone number';
COMMENT ON COLUMN contacts_all.phone_label IS 'newer page only';
COMMENT ON COLUMN contacts_all.company_name IS 'the company that the contact works for';
COMMENT ON COLUMN contacts_all.website IS 'website';
COMMENT ON COLUMN contacts_all.address1 IS 'street';
COMMENT ON COLUMN contacts_all.city IS 'city';
COMMENT ON COLUMN contacts_all.state IS 'state or province';
COMMENT ON COLUMN contacts_all.postal_code IS 'postal code';
COMMENT ON COLUMN contacts_all.country IS 'country, two letters';
COMMENT ON COLUMN contacts_all.source IS 'where it came from';
COMMENT ON COLUMN contacts_all.date_of_birth IS 'sent as midnight UTC, YYYY-MM-DDT00:00:00.000Z';
COMMENT ON COLUMN contacts_all.assigned_user_id IS 'the user in charge; refers to `users.id`';
COMMENT ON COLUMN contacts_all.dnd IS 'do not disturb on any channel';
COMMENT ON COLUMN contacts_all.created_at IS 'when it was made';
COMMENT ON COLUMN contacts_all.deleted_at IS 'set while the row is deleted (a tombstone)';
COMMENT ON COLUMN contacts_all.extra IS 'members of the payload that no column takes; NULL when there is none';
COMMENT ON COLUMN contacts_all.last_event_at IS 'time of the newest event folded in';
COMMENT ON COLUMN contacts_all.last_event_id IS 'id of the newest event folded in';
COMMENT ON COLUMN contacts_all.first_received_at IS 'arrival of the first event';
COMMENT ON COLUMN contacts_all.last_received_at IS 'arrival of the latest event';

CREATE TABLE contact_tags (
  contact_id text COLLATE "C" NOT NULL,
  position bigint,
  tag text COLLATE "C" NOT NULL,
  PRIMARY KEY (contact_id, tag)
);
COMMENT ON TABLE contact_tags IS 'A row per element of tags[] of contacts';
COMMENT ON COLUMN contact_tags.contact_id IS 'the contact';
COMMENT ON COLUMN contact_tags.position IS 'place in the list, from 0';
COMMENT ON COLUMN contact_tags.tag IS 'the tag';

CREATE TABLE contact_custom_fields (
  contact_id text COLLATE "C" NOT NULL,
  position bigint,
  custom_field_id text COLLATE "C" NOT NULL,
  value text COLLATE "C",
  value_json jsonb,
  PRIMARY KEY (contact_id, custom_field_id)
);
COMMENT ON TABLE contact_custom_fields IS 'A row per element of customFields[] of contacts';
COMMENT ON COLUMN contact_custom_fields.contact_id IS 'the contact';
COMMENT ON COLUMN contact_custom_fields.position IS 'place in the list, from 0';
COMMENT ON COLUMN contact_custom_fields.custom_field_id IS 'the custom field';
COMMENT ON COLUMN contact_custom_fields.value IS 'value; when it is a scalar: its text';
COMMENT ON COLUMN contact_custom_fields.value_json IS 'the value as it was sent; string, number, array or object: as sent';

CREATE TABLE contact_attachments (
  contact_id text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  url text COLLATE "C",
  value_json jsonb,
  PRIMARY KEY (contact_id, position)
);
COMMENT ON TABLE contact_attachments IS 'A row per element of attachments[] of contacts';
COMMENT ON COLUMN contact_attachments.contact_id IS 'the contact';
COMMENT ON COLUMN contact_attachments.position IS 'place in the list, from 0';
COMMENT ON COLUMN contact_attachments.url IS 'URL';
COMMENT ON COLUMN contact_attachments.value_json IS 'the value as it was sent; the element as sent, when it is not a plain string';

CREATE TABLE contact_dnd_settings (
  contact_id text COLLATE "C" NOT NULL,
  channel text COLLATE "C" NOT NULL,
  dnd_status text COLLATE "C",
  message text COLLATE "C",
  code text COLLATE "C",
  PRIMARY KEY (contact_id, channel)
);
COMMENT ON TABLE contact_dnd_settings IS 'A row per element of dndSettings{} of contacts. a map channel -> object; RCS is not on the page but is sent (highlevel-api-docs #264)';
COMMENT ON COLUMN contact_dnd_settings.contact_id IS 'the contact';
COMMENT ON COLUMN contact_dnd_settings.channel IS 'channel of communication; known values: SMS, Email, GMB, FB, WhatsApp, Call, RCS';
COMMENT ON COLUMN contact_dnd_settings.dnd_status IS 'active: messages on this channel are suppressed; known values: active, inactive, permanent';
COMMENT ON COLUMN contact_dnd_settings.message IS 'text of the message';
COMMENT ON COLUMN contact_dnd_settings.code IS 'code of the state';

CREATE VIEW contacts AS
SELECT id, location_id, agency_id, name, first_name, last_name, email, phone, phone_label, company_name, website,
  address1, city, state, postal_code, country, source, date_of_birth, assigned_user_id, dnd, created_at, extra,
  last_event_at, last_event_id, first_received_at, last_received_at
FROM contacts_all
WHERE deleted_at IS NULL;
COMMENT ON VIEW contacts IS 'The living rows of contacts_all';
