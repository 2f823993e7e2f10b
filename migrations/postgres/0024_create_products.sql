-- Product: its mirror, child tables and the view of the living rows.

CREATE TABLE products_all (
  id text COLLATE "C" NOT NULL,
  location_id text COLLATE "C",
  agency_id text COLLATE "C",
  name text COLLATE "C",
  description text COLLATE "C",
  product_type text COLLATE "C",
  available_in_store boolean,
  statement_descriptor text COLLATE "C",
  image_url text COLLATE "C",
  user_id text COLLATE "C",
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
COMMENT ON TABLE products_all IS 'The latest state of each Product, deleted ones included';
COMMENT ON COLUMN products_all.id IS 'the id; unique';
COMMENT ON COLUMN products_all.location_id IS 'the sub-account (HighLevel''s locationId); refers to `locations.id`';
COMMENT ON COLUMN products_all.agency_id IS 'the agency (HighLevel''s companyId)';
COMMENT ON COLUMN products_all.name IS 'name';
COMMENT ON COLUMN products_all.description IS 'description';
COMMENT ON COLUMN products_all.product_type IS 'kind of product; known values: DIGITAL, PHYSICAL, SERVICE, PHYSICAL/DIGITAL';
COMMENT ON COLUMN products_all.available_in_store IS 'is it sold in the online store?';
COMMENT ON COLUMN products_all.statement_descriptor IS 'what the bank statement says';
COMMENT ON COLUMN products_all.image_url IS 'its picture';
COMMENT ON COLUMN products_all.user_id IS 'the user; refers to `users.id`';
COMMENT ON COLUMN products_all.created_at IS 'when it was made';
COMMENT ON COLUMN products_all.updated_at IS 'when it was changed last';
COMMENT ON COLUMN products_all.deleted_at IS 'set while the row is deleted (a tombstone)';
COMMENT ON COLUMN products_all.extra IS 'members of the payload that no column takes; NULL when there is none';
COMMENT ON COLUMN products_all.last_event_at IS 'time of the newest event folded in';
COMMENT ON COLUMN products_all.last_event_id IS 'id of the newest event folded in';
COMMENT ON COLUMN products_all.first_received_at IS 'arrival of the first event';
COMMENT ON COLUMN products_all.last_received_at IS 'arrival of the latest event';

CREATE TABLE product_variants (
  product_id text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  variant_id text COLLATE "C",
  name text COLLATE "C",
  PRIMARY KEY (product_id, position)
);
COMMENT ON TABLE product_variants IS 'A row per element of variants[] of products';
COMMENT ON COLUMN product_variants.product_id IS 'the product';
COMMENT ON COLUMN product_variants.position IS 'place in the list, from 0';
COMMENT ON COLUMN product_variants.variant_id IS 'the variant';
COMMENT ON COLUMN product_variants.name IS 'name';

CREATE TABLE product_variant_options (
  product_id text COLLATE "C" NOT NULL,
  variant_position bigint NOT NULL,
  position bigint NOT NULL,
  option_id text COLLATE "C",
  name text COLLATE "C",
  PRIMARY KEY (product_id, variant_position, position)
);
COMMENT ON TABLE product_variant_options IS 'A row per element of variants[].options[] of products';
COMMENT ON COLUMN product_variant_options.product_id IS 'the product';
COMMENT ON COLUMN product_variant_options.variant_position IS 'place of the variant in the list, from 0';
COMMENT ON COLUMN product_variant_options.position IS 'place in the list, from 0';
COMMENT ON COLUMN product_variant_options.option_id IS 'the option';
COMMENT ON COLUMN product_variant_options.name IS 'name';

CREATE TABLE product_media (
  product_id text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  media_id text COLLATE "C",
  title text COLLATE "C",
  url text COLLATE "C",
  media_type text COLLATE "C",
  is_featured boolean,
  PRIMARY KEY (product_id, position)
);
COMMENT ON TABLE product_media IS 'A row per element of medias[] of products';
COMMENT ON COLUMN product_media.product_id IS 'the product';
COMMENT ON COLUMN product_media.position IS 'place in the list, from 0';
COMMENT ON COLUMN product_media.media_id IS 'the picture or film';
COMMENT ON COLUMN product_media.title IS 'title';
COMMENT ON COLUMN product_media.url IS 'URL';
COMMENT ON COLUMN product_media.media_type IS 'image or video; known values: image, video';
COMMENT ON COLUMN product_media.is_featured IS 'is it the one that is shown first?';

CREATE VIEW products AS
SELECT id, location_id, agency_id, name, description, product_type, available_in_store, statement_descriptor,
  image_url, user_id, created_at, updated_at, extra, last_event_at, last_event_id, first_received_at, last_received_at
FROM products_all
WHERE deleted_at IS NULL;
COMMENT ON VIEW products IS 'The living rows of products_all';
