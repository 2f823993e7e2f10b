-- Contact: its mirror, child tables and the view of the living rows.

CREATE TABLE contacts_all (
  id TEXT NOT NULL,
  location_id TEXT,
  agency_id TEXT,
  name TEXT,
  first_name TEXT,
  last_name TEXT,
  email TEXT,
  phone TEXT,
  phone_label TEXT,
  company_name TEXT,
  website TEXT,
  address1 TEXT,
  city TEXT,
  state TEXT,
  postal_code TEXT,
  country TEXT,
  source TEXT,
  date_of_birth DATE,
  assigned_user_id TEXT,
  dnd BOOLEAN,
  created_at TIMESTAMP,
  deleted_at TIMESTAMP,
  extra TEXT,
  last_event_at TIMESTAMP NOT NULL,
  last_event_id TEXT NOT NULL,
  first_received_at TIMESTAMP NOT NULL,
  last_received_at TIMESTAMP NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX contacts_by_location_id_created_at ON contacts_all (location_id, created_at);
CREATE INDEX contacts_by_email ON contacts_all (email);
CREATE INDEX contacts_by_phone ON contacts_all (phone);

CREATE TABLE contact_tags (
  contact_id TEXT NOT NULL,
  position INTEGER,
  tag TEXT NOT NULL,
  PRIMARY KEY (contact_id, tag)
) WITHOUT ROWID;

CREATE TABLE contact_custom_fields (
  contact_id TEXT NOT NULL,
  position INTEGER,
  custom_field_id TEXT NOT NULL,
  value TEXT,
  value_json TEXT,
  PRIMARY KEY (contact_id, custom_field_id)
) WITHOUT ROWID;

CREATE TABLE contact_attachments (
  contact_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  url TEXT,
  value_json TEXT,
  PRIMARY KEY (contact_id, position)
) WITHOUT ROWID;

CREATE TABLE contact_dnd_settings (
  contact_id TEXT NOT NULL,
  channel TEXT NOT NULL,
  dnd_status TEXT,
  message TEXT,
  code TEXT,
  PRIMARY KEY (contact_id, channel)
) WITHOUT ROWID;

CREATE VIEW contacts AS
SELECT id, location_id, agency_id, name, first_name, last_name, email, phone, phone_label, company_name, website,
  address1, city, state, postal_code, country, source, date_of_birth, assigned_user_id, dnd, created_at, extra,
  last_event_at, last_event_id, first_received_at, last_received_at
FROM contacts_all
WHERE deleted_at IS NULL;
