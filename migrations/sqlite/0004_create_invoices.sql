-- Invoice: its mirror, child tables and the view of the living rows.

CREATE TABLE invoices_all (
  id TEXT NOT NULL,
  location_id TEXT,
  agency_id TEXT,
  alt_id TEXT,
  alt_type TEXT,
  status TEXT,
  live_mode BOOLEAN,
  name TEXT,
  title TEXT,
  invoice_number TEXT,
  currency TEXT,
  issue_date DATE,
  due_date DATE,
  total REAL,
  amount_paid REAL,
  amount_due REAL,
  subtotal REAL,
  discount_total REAL,
  tax_total REAL,
  discount_type TEXT,
  discount_value REAL,
  business_name TEXT,
  business_address TEXT,
  business_phone TEXT,
  business_website TEXT,
  business_logo_url TEXT,
  contact_id TEXT,
  contact_name TEXT,
  contact_email TEXT,
  contact_phone TEXT,
  contact_company_name TEXT,
  contact_country_code TEXT,
  contact_address1 TEXT,
  contact_address2 TEXT,
  contact_city TEXT,
  contact_state TEXT,
  contact_postal_code TEXT,
  created_at TIMESTAMP,
  updated_at TIMESTAMP,
  sent_at TIMESTAMP,
  paid_at TIMESTAMP,
  voided_at TIMESTAMP,
  deleted_at TIMESTAMP,
  extra TEXT,
  last_event_at TIMESTAMP NOT NULL,
  last_event_id TEXT NOT NULL,
  first_received_at TIMESTAMP NOT NULL,
  last_received_at TIMESTAMP NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX invoices_by_contact_id ON invoices_all (contact_id);

CREATE TABLE invoice_items (
  invoice_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  item_id TEXT,
  product_id TEXT,
  price_id TEXT,
  name TEXT,
  description TEXT,
  currency TEXT,
  quantity REAL,
  amount REAL,
  PRIMARY KEY (invoice_id, position)
) WITHOUT ROWID;

CREATE TABLE invoice_item_taxes (
  invoice_id TEXT NOT NULL,
  item_position INTEGER NOT NULL,
  position INTEGER NOT NULL,
  tax_id TEXT,
  name TEXT,
  rate REAL,
  calculation TEXT,
  description TEXT,
  PRIMARY KEY (invoice_id, item_position, position)
) WITHOUT ROWID;

CREATE TABLE invoice_contact_custom_fields (
  invoice_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  value_json TEXT,
  PRIMARY KEY (invoice_id, position)
) WITHOUT ROWID;

CREATE TABLE invoice_contact_emails (
  invoice_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  email TEXT,
  PRIMARY KEY (invoice_id, position)
) WITHOUT ROWID;

CREATE TABLE invoice_business_custom_values (
  invoice_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  value_json TEXT,
  PRIMARY KEY (invoice_id, position)
) WITHOUT ROWID;

CREATE TABLE invoice_discount_products (
  invoice_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  product_id TEXT,
  PRIMARY KEY (invoice_id, position)
) WITHOUT ROWID;

CREATE VIEW invoices AS
SELECT id, location_id, agency_id, alt_id, alt_type, status, live_mode, name, title, invoice_number, currency,
  issue_date, due_date, total, amount_paid, amount_due, subtotal, discount_total, tax_total, discount_type,
  discount_value, business_name, business_address, business_phone, business_website, business_logo_url, contact_id,
  contact_name, contact_email, contact_phone, contact_company_name, contact_country_code, contact_address1,
  contact_address2, contact_city, contact_state, contact_postal_code, created_at, updated_at, sent_at, paid_at,
  voided_at, extra, last_event_at, last_event_id, first_received_at, last_received_at
FROM invoices_all
WHERE deleted_at IS NULL;
