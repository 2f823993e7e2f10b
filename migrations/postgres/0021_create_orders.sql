-- Order: its mirror, child tables and the view of the living rows.

CREATE TABLE orders_all (
  id text COLLATE "C" NOT NULL,
  location_id text COLLATE "C",
  agency_id text COLLATE "C",
  alt_id text COLLATE "C",
  alt_type text COLLATE "C",
  contact_id text COLLATE "C",
  status text COLLATE "C",
  fulfillment_status text COLLATE "C",
  currency text COLLATE "C",
  total numeric,
  live_mode boolean,
  subtotal numeric,
  discount_total numeric,
  tax_total numeric,
  shipping_total numeric,
  source_id text COLLATE "C",
  source_name text COLLATE "C",
  source_type text COLLATE "C",
  source_sub_type text COLLATE "C",
  source_step_id text COLLATE "C",
  source_page_id text COLLATE "C",
  source_domain text COLLATE "C",
  source_page_url text COLLATE "C",
  contact_name text COLLATE "C",
  contact_first_name text COLLATE "C",
  contact_last_name text COLLATE "C",
  contact_email text COLLATE "C",
  contact_phone text COLLATE "C",
  contact_company_name text COLLATE "C",
  contact_website text COLLATE "C",
  contact_address1 text COLLATE "C",
  contact_city text COLLATE "C",
  contact_state text COLLATE "C",
  contact_postal_code text COLLATE "C",
  contact_country text COLLATE "C",
  contact_source text COLLATE "C",
  contact_dnd boolean,
  contact_assigned_user_id text COLLATE "C",
  contact_date_of_birth date,
  contact_created_at timestamptz,
  created_at timestamptz,
  updated_at timestamptz,
  deleted_at timestamptz,
  extra jsonb,
  last_event_at timestamptz NOT NULL,
  last_event_id text COLLATE "C" NOT NULL,
  first_received_at timestamptz NOT NULL,
  last_received_at timestamptz NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX orders_by_contact_id ON orders_all (contact_id);
COMMENT ON TABLE orders_all IS 'The latest state of each Order, deleted ones included. OrderCreate and OrderStatusUpdate carry the whole order and may share updatedAt.';
COMMENT ON COLUMN orders_all.id IS 'the id; unique';
COMMENT ON COLUMN orders_all.location_id IS 'the sub-account (HighLevel''s locationId); refers to `locations.id`';
COMMENT ON COLUMN orders_all.agency_id IS 'the agency (HighLevel''s companyId)';
COMMENT ON COLUMN orders_all.alt_id IS 'owner of the thing, as alt_type says';
COMMENT ON COLUMN orders_all.alt_type IS 'kind of owner; known values: location';
COMMENT ON COLUMN orders_all.contact_id IS 'the contact; refers to `contacts.id`';
COMMENT ON COLUMN orders_all.status IS 'status';
COMMENT ON COLUMN orders_all.fulfillment_status IS 'how far the delivery of the goods is';
COMMENT ON COLUMN orders_all.currency IS 'currency of the amounts';
COMMENT ON COLUMN orders_all.total IS 'sum to be paid';
COMMENT ON COLUMN orders_all.live_mode IS 'false: a test payment';
COMMENT ON COLUMN orders_all.subtotal IS 'sum before discounts, taxes and shipping';
COMMENT ON COLUMN orders_all.discount_total IS 'sum of the discounts';
COMMENT ON COLUMN orders_all.tax_total IS 'sum of the taxes';
COMMENT ON COLUMN orders_all.shipping_total IS 'sum of the shipping costs';
COMMENT ON COLUMN orders_all.source_id IS 'the funnel, website, ... that it came from';
COMMENT ON COLUMN orders_all.source_name IS 'name of the funnel, website, ... that it came from';
COMMENT ON COLUMN orders_all.source_type IS 'kind of source; known values: funnel, website, invoice, calendar, text2Pay, document_contracts, membership, mobile_app, communities, point_of_sale, manual, form, survey, payment_link, external';
COMMENT ON COLUMN orders_all.source_sub_type IS 'kind of source, more closely';
COMMENT ON COLUMN orders_all.source_step_id IS 'the step of the funnel that it came from';
COMMENT ON COLUMN orders_all.source_page_id IS 'the page that it came from';
COMMENT ON COLUMN orders_all.source_domain IS 'domain of the page that it came from';
COMMENT ON COLUMN orders_all.source_page_url IS 'URL of the page that it came from';
COMMENT ON COLUMN orders_all.contact_name IS 'name of the contact';
COMMENT ON COLUMN orders_all.contact_first_name IS 'first name of the contact';
COMMENT ON COLUMN orders_all.contact_last_name IS 'last name of the contact';
COMMENT ON COLUMN orders_all.contact_email IS 'e-mail address of the contact';
COMMENT ON COLUMN orders_all.contact_phone IS 'telephone of the contact';
COMMENT ON COLUMN orders_all.contact_company_name IS 'company of the contact';
COMMENT ON COLUMN orders_all.contact_website IS 'website of the contact';
COMMENT ON COLUMN orders_all.contact_address1 IS 'street of the contact';
COMMENT ON COLUMN orders_all.contact_city IS 'city of the contact';
COMMENT ON COLUMN orders_all.contact_state IS 'state or province of the contact';
COMMENT ON COLUMN orders_all.contact_postal_code IS 'postal code of the contact';
COMMENT ON COLUMN orders_all.contact_country IS 'country of the contact';
COMMENT ON COLUMN orders_all.contact_source IS 'where the contact came from';
COMMENT ON COLUMN orders_all.contact_dnd IS 'did the contact ask not to be disturbed?';
COMMENT ON COLUMN orders_all.contact_assigned_user_id IS 'the user in charge of the contact; refers to `users.id`';
COMMENT ON COLUMN orders_all.contact_date_of_birth IS 'birthday of the contact';
COMMENT ON COLUMN orders_all.contact_created_at IS 'when the contact was made';
COMMENT ON COLUMN orders_all.created_at IS 'when it was made';
COMMENT ON COLUMN orders_all.updated_at IS 'when it was changed last';
COMMENT ON COLUMN orders_all.deleted_at IS 'set while the row is deleted (a tombstone)';
COMMENT ON COLUMN orders_all.extra IS 'members of the payload that no column takes; NULL when there is none';
COMMENT ON COLUMN orders_all.last_event_at IS 'time of the newest event folded in';
COMMENT ON COLUMN orders_all.last_event_id IS 'id of the newest event folded in';
COMMENT ON COLUMN orders_all.first_received_at IS 'arrival of the first event';
COMMENT ON COLUMN orders_all.last_received_at IS 'arrival of the latest event';

CREATE TABLE order_source_meta (
  order_id text COLLATE "C" NOT NULL,
  meta_key text COLLATE "C" NOT NULL,
  value text COLLATE "C",
  value_json jsonb,
  PRIMARY KEY (order_id, meta_key)
);
COMMENT ON TABLE order_source_meta IS 'A row per element of source.meta{} of orders. free-form map; the keys seen have columns of their own as well';
COMMENT ON COLUMN order_source_meta.order_id IS 'the order';
COMMENT ON COLUMN order_source_meta.meta_key IS 'name of the member';
COMMENT ON COLUMN order_source_meta.value IS 'value';
COMMENT ON COLUMN order_source_meta.value_json IS 'the value as it was sent';

CREATE TABLE order_taxes (
  order_id text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  tax_id text COLLATE "C",
  name text COLLATE "C",
  rate numeric,
  calculation text COLLATE "C",
  amount numeric,
  PRIMARY KEY (order_id, position)
);
COMMENT ON TABLE order_taxes IS 'A row per element of taxSummary[] of orders';
COMMENT ON COLUMN order_taxes.order_id IS 'the order';
COMMENT ON COLUMN order_taxes.position IS 'place in the list, from 0';
COMMENT ON COLUMN order_taxes.tax_id IS 'the tax';
COMMENT ON COLUMN order_taxes.name IS 'name';
COMMENT ON COLUMN order_taxes.rate IS 'rate of the tax in percent';
COMMENT ON COLUMN order_taxes.calculation IS 'how the tax is added; known values: exclusive, inclusive';
COMMENT ON COLUMN order_taxes.amount IS 'amount of money, as sent';

CREATE TABLE order_items (
  order_id text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  name text COLLATE "C",
  quantity numeric,
  product_id text COLLATE "C",
  product_name text COLLATE "C",
  product_description text COLLATE "C",
  product_available_in_store boolean,
  price_id text COLLATE "C",
  price_name text COLLATE "C",
  price_type text COLLATE "C",
  price_currency text COLLATE "C",
  price_amount numeric,
  PRIMARY KEY (order_id, position)
);
COMMENT ON TABLE order_items IS 'A row per element of items[] of orders';
COMMENT ON COLUMN order_items.order_id IS 'the order';
COMMENT ON COLUMN order_items.position IS 'place in the list, from 0';
COMMENT ON COLUMN order_items.name IS 'name';
COMMENT ON COLUMN order_items.quantity IS 'how many';
COMMENT ON COLUMN order_items.product_id IS 'the product; refers to `products.id`';
COMMENT ON COLUMN order_items.product_name IS 'name of the product';
COMMENT ON COLUMN order_items.product_description IS 'description of the product';
COMMENT ON COLUMN order_items.product_available_in_store IS 'was the product sold in the online store?';
COMMENT ON COLUMN order_items.price_id IS 'the price; refers to `prices.id`';
COMMENT ON COLUMN order_items.price_name IS 'name of the price';
COMMENT ON COLUMN order_items.price_type IS 'one_time or recurring; known values: one_time, recurring';
COMMENT ON COLUMN order_items.price_currency IS 'currency of the price';
COMMENT ON COLUMN order_items.price_amount IS 'amount of the price';

CREATE TABLE order_item_taxes (
  order_id text COLLATE "C" NOT NULL,
  item_position bigint NOT NULL,
  position bigint NOT NULL,
  tax_id text COLLATE "C",
  name text COLLATE "C",
  rate numeric,
  calculation text COLLATE "C",
  is_deleted boolean,
  alt_id text COLLATE "C",
  alt_type text COLLATE "C",
  created_at timestamptz,
  updated_at timestamptz,
  document_version bigint,
  PRIMARY KEY (order_id, item_position, position)
);
COMMENT ON TABLE order_item_taxes IS 'A row per element of items[].product.taxes[] of orders';
COMMENT ON COLUMN order_item_taxes.order_id IS 'the order';
COMMENT ON COLUMN order_item_taxes.item_position IS 'place of the item in the list, from 0';
COMMENT ON COLUMN order_item_taxes.position IS 'place in the list, from 0';
COMMENT ON COLUMN order_item_taxes.tax_id IS 'the tax';
COMMENT ON COLUMN order_item_taxes.name IS 'name';
COMMENT ON COLUMN order_item_taxes.rate IS 'rate of the tax in percent';
COMMENT ON COLUMN order_item_taxes.calculation IS 'how the tax is added; known values: exclusive, inclusive';
COMMENT ON COLUMN order_item_taxes.is_deleted IS 'is it deleted at HighLevel?';
COMMENT ON COLUMN order_item_taxes.alt_id IS 'owner of the thing, as alt_type says';
COMMENT ON COLUMN order_item_taxes.alt_type IS 'kind of owner';
COMMENT ON COLUMN order_item_taxes.created_at IS 'when it was made';
COMMENT ON COLUMN order_item_taxes.updated_at IS 'when it was changed last';
COMMENT ON COLUMN order_item_taxes.document_version IS 'version of the document at HighLevel';

CREATE TABLE order_item_variants (
  order_id text COLLATE "C" NOT NULL,
  item_position bigint NOT NULL,
  position bigint NOT NULL,
  variant_id text COLLATE "C",
  name text COLLATE "C",
  PRIMARY KEY (order_id, item_position, position)
);
COMMENT ON TABLE order_item_variants IS 'A row per element of items[].product.variants[] of orders';
COMMENT ON COLUMN order_item_variants.order_id IS 'the order';
COMMENT ON COLUMN order_item_variants.item_position IS 'place of the item in the list, from 0';
COMMENT ON COLUMN order_item_variants.position IS 'place in the list, from 0';
COMMENT ON COLUMN order_item_variants.variant_id IS 'the variant';
COMMENT ON COLUMN order_item_variants.name IS 'name';

CREATE TABLE order_item_variant_options (
  order_id text COLLATE "C" NOT NULL,
  item_position bigint NOT NULL,
  variant_position bigint NOT NULL,
  position bigint NOT NULL,
  option_id text COLLATE "C",
  name text COLLATE "C",
  PRIMARY KEY (order_id, item_position, variant_position, position)
);
COMMENT ON TABLE order_item_variant_options IS 'A row per element of items[].product.variants[].options[] of orders';
COMMENT ON COLUMN order_item_variant_options.order_id IS 'the order';
COMMENT ON COLUMN order_item_variant_options.item_position IS 'place of the item in the list, from 0';
COMMENT ON COLUMN order_item_variant_options.variant_position IS 'place of the variant in the list, from 0';
COMMENT ON COLUMN order_item_variant_options.position IS 'place in the list, from 0';
COMMENT ON COLUMN order_item_variant_options.option_id IS 'the option';
COMMENT ON COLUMN order_item_variant_options.name IS 'name';

CREATE TABLE order_item_price_options (
  order_id text COLLATE "C" NOT NULL,
  item_position bigint NOT NULL,
  position bigint NOT NULL,
  option_id text COLLATE "C",
  PRIMARY KEY (order_id, item_position, position)
);
COMMENT ON TABLE order_item_price_options IS 'A row per element of items[].price.variantOptionIds[] of orders';
COMMENT ON COLUMN order_item_price_options.order_id IS 'the order';
COMMENT ON COLUMN order_item_price_options.item_position IS 'place of the item in the list, from 0';
COMMENT ON COLUMN order_item_price_options.position IS 'place in the list, from 0';
COMMENT ON COLUMN order_item_price_options.option_id IS 'the option';

CREATE TABLE order_contact_tags (
  order_id text COLLATE "C" NOT NULL,
  position bigint,
  tag text COLLATE "C" NOT NULL,
  PRIMARY KEY (order_id, tag)
);
COMMENT ON TABLE order_contact_tags IS 'A row per element of contactSnapshot.tags[] of orders';
COMMENT ON COLUMN order_contact_tags.order_id IS 'the order';
COMMENT ON COLUMN order_contact_tags.position IS 'place in the list, from 0';
COMMENT ON COLUMN order_contact_tags.tag IS 'the tag';

CREATE TABLE order_contact_attachments (
  order_id text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  url text COLLATE "C",
  value_json jsonb,
  PRIMARY KEY (order_id, position)
);
COMMENT ON TABLE order_contact_attachments IS 'A row per element of contactSnapshot.attachments[] of orders';
COMMENT ON COLUMN order_contact_attachments.order_id IS 'the order';
COMMENT ON COLUMN order_contact_attachments.position IS 'place in the list, from 0';
COMMENT ON COLUMN order_contact_attachments.url IS 'URL';
COMMENT ON COLUMN order_contact_attachments.value_json IS 'the value as it was sent; the element as sent, when it is not a plain string';

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
COMMENT ON VIEW orders IS 'The living rows of orders_all';
