-- Order: its mirror, child tables and the view of the living rows.

CREATE TABLE orders_all (
  id TEXT NOT NULL,
  location_id TEXT,
  agency_id TEXT,
  alt_id TEXT,
  alt_type TEXT,
  contact_id TEXT,
  status TEXT,
  fulfillment_status TEXT,
  currency TEXT,
  total REAL,
  live_mode BOOLEAN,
  subtotal REAL,
  discount_total REAL,
  tax_total REAL,
  shipping_total REAL,
  source_id TEXT,
  source_name TEXT,
  source_type TEXT,
  source_sub_type TEXT,
  source_step_id TEXT,
  source_page_id TEXT,
  source_domain TEXT,
  source_page_url TEXT,
  contact_name TEXT,
  contact_first_name TEXT,
  contact_last_name TEXT,
  contact_email TEXT,
  contact_phone TEXT,
  contact_company_name TEXT,
  contact_website TEXT,
  contact_address1 TEXT,
  contact_city TEXT,
  contact_state TEXT,
  contact_postal_code TEXT,
  contact_country TEXT,
  contact_source TEXT,
  contact_dnd BOOLEAN,
  contact_assigned_user_id TEXT,
  contact_date_of_birth DATE,
  contact_created_at TIMESTAMP,
  created_at TIMESTAMP,
  updated_at TIMESTAMP,
  deleted_at TIMESTAMP,
  extra TEXT,
  last_event_at TIMESTAMP NOT NULL,
  last_event_id TEXT NOT NULL,
  first_received_at TIMESTAMP NOT NULL,
  last_received_at TIMESTAMP NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX orders_by_contact_id ON orders_all (contact_id);

CREATE TABLE order_source_meta (
  order_id TEXT NOT NULL,
  meta_key TEXT NOT NULL,
  value TEXT,
  value_json TEXT,
  PRIMARY KEY (order_id, meta_key)
) WITHOUT ROWID;

CREATE TABLE order_taxes (
  order_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  tax_id TEXT,
  name TEXT,
  rate REAL,
  calculation TEXT,
  amount REAL,
  PRIMARY KEY (order_id, position)
) WITHOUT ROWID;

CREATE TABLE order_items (
  order_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  name TEXT,
  quantity REAL,
  product_id TEXT,
  product_name TEXT,
  product_description TEXT,
  product_available_in_store BOOLEAN,
  price_id TEXT,
  price_name TEXT,
  price_type TEXT,
  price_currency TEXT,
  price_amount REAL,
  PRIMARY KEY (order_id, position)
) WITHOUT ROWID;

CREATE TABLE order_item_taxes (
  order_id TEXT NOT NULL,
  item_position INTEGER NOT NULL,
  position INTEGER NOT NULL,
  tax_id TEXT,
  name TEXT,
  rate REAL,
  calculation TEXT,
  is_deleted BOOLEAN,
  alt_id TEXT,
  alt_type TEXT,
  created_at TIMESTAMP,
  updated_at TIMESTAMP,
  document_version INTEGER,
  PRIMARY KEY (order_id, item_position, position)
) WITHOUT ROWID;

CREATE TABLE order_item_variants (
  order_id TEXT NOT NULL,
  item_position INTEGER NOT NULL,
  position INTEGER NOT NULL,
  variant_id TEXT,
  name TEXT,
  PRIMARY KEY (order_id, item_position, position)
) WITHOUT ROWID;

CREATE TABLE order_item_variant_options (
  order_id TEXT NOT NULL,
  item_position INTEGER NOT NULL,
  variant_position INTEGER NOT NULL,
  position INTEGER NOT NULL,
  option_id TEXT,
  name TEXT,
  PRIMARY KEY (order_id, item_position, variant_position, position)
) WITHOUT ROWID;

CREATE TABLE order_item_price_options (
  order_id TEXT NOT NULL,
  item_position INTEGER NOT NULL,
  position INTEGER NOT NULL,
  option_id TEXT,
  PRIMARY KEY (order_id, item_position, position)
) WITHOUT ROWID;

CREATE TABLE order_contact_tags (
  order_id TEXT NOT NULL,
  position INTEGER,
  tag TEXT NOT NULL,
  PRIMARY KEY (order_id, tag)
) WITHOUT ROWID;

CREATE TABLE order_contact_attachments (
  order_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  url TEXT,
  value_json TEXT,
  PRIMARY KEY (order_id, position)
) WITHOUT ROWID;

CREATE VIEW orders AS
SELECT id, location_id, agency_id, alt_id, alt_type, contact_id, status, fulfillment_status, currency, total,
  live_mode, subtotal, discount_total, tax_total, shipping_total, source_id, source_name, source_type,
  source_sub_type, source_step_id, source_page_id, source_domain, source_page_url, contact_name, contact_first_name,
  contact_last_name, contact_email, contact_phone, contact_company_name, contact_website, contact_address1,
  contact_city, contact_state, contact_postal_code, contact_country, contact_source, contact_dnd,
  contact_assigned_user_id, contact_date_of_birth, contact_created_at, created_at, updated_at, extra, last_event_at,
  last_event_id, first_received_at, last_received_at
FROM orders_all
WHERE deleted_at IS NULL;
