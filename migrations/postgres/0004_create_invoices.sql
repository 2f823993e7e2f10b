-- Invoice: its mirror, child tables and the view of the living rows.

CREATE TABLE invoices_all (
  id text COLLATE "C" NOT NULL,
  location_id text COLLATE "C",
  agency_id text COLLATE "C",
  alt_id text COLLATE "C",
  alt_type text COLLATE "C",
  status text COLLATE "C",
  live_mode boolean,
  name text COLLATE "C",
  title text COLLATE "C",
  invoice_number text COLLATE "C",
  currency text COLLATE "C",
  issue_date date,
  due_date date,
  total numeric,
  amount_paid numeric,
  amount_due numeric,
  subtotal numeric,
  discount_total numeric,
  tax_total numeric,
  discount_type text COLLATE "C",
  discount_value numeric,
  business_name text COLLATE "C",
  business_address text COLLATE "C",
  business_phone text COLLATE "C",
  business_website text COLLATE "C",
  business_logo_url text COLLATE "C",
  contact_id text COLLATE "C",
  contact_name text COLLATE "C",
  contact_email text COLLATE "C",
  contact_phone text COLLATE "C",
  contact_company_name text COLLATE "C",
  contact_country_code text COLLATE "C",
  contact_address1 text COLLATE "C",
  contact_address2 text COLLATE "C",
  contact_city text COLLATE "C",
  contact_state text COLLATE "C",
  contact_postal_code text COLLATE "C",
  created_at timestamptz,
  updated_at timestamptz,
  sent_at timestamptz,
  paid_at timestamptz,
  voided_at timestamptz,
  deleted_at timestamptz,
  extra jsonb,
  last_event_at timestamptz NOT NULL,
  last_event_id text COLLATE "C" NOT NULL,
  first_received_at timestamptz NOT NULL,
  last_received_at timestamptz NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX invoices_by_contact_id ON invoices_all (contact_id);
COMMENT ON TABLE invoices_all IS 'The latest state of each Invoice, deleted ones included. Every invoice event carries the whole invoice: the event name says what happened, the status says where it is now.';
COMMENT ON COLUMN invoices_all.id IS 'the id; unique';
COMMENT ON COLUMN invoices_all.location_id IS 'the sub-account (HighLevel''s locationId); altId when altType is "location"; refers to `locations.id`';
COMMENT ON COLUMN invoices_all.agency_id IS 'the agency (HighLevel''s companyId)';
COMMENT ON COLUMN invoices_all.alt_id IS 'owner of the thing, as alt_type says';
COMMENT ON COLUMN invoices_all.alt_type IS 'kind of owner; known values: location';
COMMENT ON COLUMN invoices_all.status IS 'status; known values: draft, sent, payment_processing, paid, partially_paid, void, delete';
COMMENT ON COLUMN invoices_all.live_mode IS 'false: a test payment';
COMMENT ON COLUMN invoices_all.name IS 'name';
COMMENT ON COLUMN invoices_all.title IS 'title';
COMMENT ON COLUMN invoices_all.invoice_number IS 'string in events, number in the API';
COMMENT ON COLUMN invoices_all.currency IS 'currency of the amounts';
COMMENT ON COLUMN invoices_all.issue_date IS 'day on which it was issued';
COMMENT ON COLUMN invoices_all.due_date IS 'day on which it is due';
COMMENT ON COLUMN invoices_all.total IS 'sum to be paid';
COMMENT ON COLUMN invoices_all.amount_paid IS 'what has been paid';
COMMENT ON COLUMN invoices_all.amount_due IS 'what is still to be paid';
COMMENT ON COLUMN invoices_all.subtotal IS 'sum before discounts, taxes and shipping';
COMMENT ON COLUMN invoices_all.discount_total IS 'sum of the discounts';
COMMENT ON COLUMN invoices_all.tax_total IS 'sum of the taxes';
COMMENT ON COLUMN invoices_all.discount_type IS 'how the discount is reckoned; known values: percentage, fixed';
COMMENT ON COLUMN invoices_all.discount_value IS 'the discount, as its type says';
COMMENT ON COLUMN invoices_all.business_name IS 'name of who sends the invoice';
COMMENT ON COLUMN invoices_all.business_address IS 'a string on the event page, an object in the API: then JSON text';
COMMENT ON COLUMN invoices_all.business_phone IS 'telephone of who sends the invoice';
COMMENT ON COLUMN invoices_all.business_website IS 'website of who sends the invoice';
COMMENT ON COLUMN invoices_all.business_logo_url IS 'logo of who sends the invoice';
COMMENT ON COLUMN invoices_all.contact_id IS 'the contact; refers to `contacts.id`';
COMMENT ON COLUMN invoices_all.contact_name IS 'name of the contact';
COMMENT ON COLUMN invoices_all.contact_email IS 'e-mail address of the contact';
COMMENT ON COLUMN invoices_all.contact_phone IS 'telephone of the contact';
COMMENT ON COLUMN invoices_all.contact_company_name IS 'company of the contact';
COMMENT ON COLUMN invoices_all.contact_country_code IS 'country of the contact';
COMMENT ON COLUMN invoices_all.contact_address1 IS 'street of the contact';
COMMENT ON COLUMN invoices_all.contact_address2 IS 'second line of the contact''s address';
COMMENT ON COLUMN invoices_all.contact_city IS 'city of the contact';
COMMENT ON COLUMN invoices_all.contact_state IS 'state or province of the contact';
COMMENT ON COLUMN invoices_all.contact_postal_code IS 'postal code of the contact';
COMMENT ON COLUMN invoices_all.created_at IS 'when it was made';
COMMENT ON COLUMN invoices_all.updated_at IS 'when it was changed last';
COMMENT ON COLUMN invoices_all.sent_at IS 'set by the event: time of InvoiceSent';
COMMENT ON COLUMN invoices_all.paid_at IS 'set by the event: time of InvoicePaid';
COMMENT ON COLUMN invoices_all.voided_at IS 'set by the event: time of InvoiceVoid';
COMMENT ON COLUMN invoices_all.deleted_at IS 'set while the row is deleted (a tombstone)';
COMMENT ON COLUMN invoices_all.extra IS 'members of the payload that no column takes; NULL when there is none';
COMMENT ON COLUMN invoices_all.last_event_at IS 'time of the newest event folded in';
COMMENT ON COLUMN invoices_all.last_event_id IS 'id of the newest event folded in';
COMMENT ON COLUMN invoices_all.first_received_at IS 'arrival of the first event';
COMMENT ON COLUMN invoices_all.last_received_at IS 'arrival of the latest event';

CREATE TABLE invoice_items (
  invoice_id text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  item_id text COLLATE "C",
  product_id text COLLATE "C",
  price_id text COLLATE "C",
  name text COLLATE "C",
  description text COLLATE "C",
  currency text COLLATE "C",
  quantity numeric,
  amount numeric,
  PRIMARY KEY (invoice_id, position)
);
COMMENT ON TABLE invoice_items IS 'A row per element of invoiceItems[] of invoices';
COMMENT ON COLUMN invoice_items.invoice_id IS 'the invoice';
COMMENT ON COLUMN invoice_items.position IS 'place in the list, from 0';
COMMENT ON COLUMN invoice_items.item_id IS 'the item';
COMMENT ON COLUMN invoice_items.product_id IS 'the product; refers to `products.id`';
COMMENT ON COLUMN invoice_items.price_id IS 'the price; refers to `prices.id`';
COMMENT ON COLUMN invoice_items.name IS 'name';
COMMENT ON COLUMN invoice_items.description IS 'description';
COMMENT ON COLUMN invoice_items.currency IS 'currency of the amounts';
COMMENT ON COLUMN invoice_items.quantity IS 'how many';
COMMENT ON COLUMN invoice_items.amount IS 'amount of money, as sent';

CREATE TABLE invoice_item_taxes (
  invoice_id text COLLATE "C" NOT NULL,
  item_position bigint NOT NULL,
  position bigint NOT NULL,
  tax_id text COLLATE "C",
  name text COLLATE "C",
  rate numeric,
  calculation text COLLATE "C",
  description text COLLATE "C",
  PRIMARY KEY (invoice_id, item_position, position)
);
COMMENT ON TABLE invoice_item_taxes IS 'A row per element of invoiceItems[].taxes[] of invoices. elements are not on the event page; shape from the invoices API';
COMMENT ON COLUMN invoice_item_taxes.invoice_id IS 'the invoice';
COMMENT ON COLUMN invoice_item_taxes.item_position IS 'place of the item in the list, from 0';
COMMENT ON COLUMN invoice_item_taxes.position IS 'place in the list, from 0';
COMMENT ON COLUMN invoice_item_taxes.tax_id IS 'the tax';
COMMENT ON COLUMN invoice_item_taxes.name IS 'name';
COMMENT ON COLUMN invoice_item_taxes.rate IS 'rate of the tax in percent';
COMMENT ON COLUMN invoice_item_taxes.calculation IS 'how the tax is added; known values: exclusive, inclusive';
COMMENT ON COLUMN invoice_item_taxes.description IS 'description';

CREATE TABLE invoice_contact_custom_fields (
  invoice_id text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  value_json jsonb,
  PRIMARY KEY (invoice_id, position)
);
COMMENT ON TABLE invoice_contact_custom_fields IS 'A row per element of contactDetails.customFields[] of invoices';
COMMENT ON COLUMN invoice_contact_custom_fields.invoice_id IS 'the invoice';
COMMENT ON COLUMN invoice_contact_custom_fields.position IS 'place in the list, from 0';
COMMENT ON COLUMN invoice_contact_custom_fields.value_json IS 'the value as it was sent';

CREATE TABLE invoice_contact_emails (
  invoice_id text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  email text COLLATE "C",
  PRIMARY KEY (invoice_id, position)
);
COMMENT ON TABLE invoice_contact_emails IS 'A row per element of contactDetails.additionalEmails[] of invoices';
COMMENT ON COLUMN invoice_contact_emails.invoice_id IS 'the invoice';
COMMENT ON COLUMN invoice_contact_emails.position IS 'place in the list, from 0';
COMMENT ON COLUMN invoice_contact_emails.email IS 'e-mail address';

CREATE TABLE invoice_business_custom_values (
  invoice_id text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  value_json jsonb,
  PRIMARY KEY (invoice_id, position)
);
COMMENT ON TABLE invoice_business_custom_values IS 'A row per element of businessDetails.customValues[] of invoices';
COMMENT ON COLUMN invoice_business_custom_values.invoice_id IS 'the invoice';
COMMENT ON COLUMN invoice_business_custom_values.position IS 'place in the list, from 0';
COMMENT ON COLUMN invoice_business_custom_values.value_json IS 'the value as it was sent';

CREATE TABLE invoice_discount_products (
  invoice_id text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  product_id text COLLATE "C",
  PRIMARY KEY (invoice_id, position)
);
COMMENT ON TABLE invoice_discount_products IS 'A row per element of discount.validOnProductIds[] of invoices. from the invoices API';
COMMENT ON COLUMN invoice_discount_products.invoice_id IS 'the invoice';
COMMENT ON COLUMN invoice_discount_products.position IS 'place in the list, from 0';
COMMENT ON COLUMN invoice_discount_products.product_id IS 'the product; refers to `products.id`';

CREATE VIEW invoices AS
SELECT id, location_id, agency_id, alt_id, alt_type, status, live_mode, name, title, invoice_number, currency,
  issue_date, due_date, total, amount_paid, amount_due, subtotal, discount_total, tax_total, discount_type,
  discount_value, business_name, business_address, business_phone, business_website, business_logo_url, contact_id,
  contact_name, contact_email, contact_phone, contact_company_name, contact_country_code, contact_address1,
  contact_address2, contact_city, contact_state, contact_postal_code, created_at, updated_at, sent_at, paid_at,
  voided_at, extra, last_event_at, last_event_id, first_received_at, last_received_at
FROM invoices_all
WHERE deleted_at IS NULL;
COMMENT ON VIEW invoices IS 'The living rows of invoices_all';
