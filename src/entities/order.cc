#include "entities/entity.h"

namespace crmsink {
namespace {

constexpr Column kColumns[] = {
    {.name = "id", .from = "_id"},
    {.name = "location_id",
     .from = "locationId|altId?altType=location|contactSnapshot.locationId",
     .references = "locations.id"},
    {.name = "agency_id", .from = "companyId"},
    {.name = "alt_id", .from = "altId"},
    {.name = "alt_type", .from = "altType", .note = "known values: location"},
    {.name = "contact_id", .from = "contactId|contactSnapshot.id", .references = "contacts.id"},
    {.name = "status", .from = "status"},
    {.name = "fulfillment_status", .from = "fulfillmentStatus", .note = "how far the delivery of the goods is"},
    {.name = "currency", .from = "currency"},
    {.name = "total", .type = Type::kNumber, .from = "amount"},
    {.name = "live_mode", .type = Type::kBoolean, .from = "liveMode"},
    {.name = "subtotal", .type = Type::kNumber, .from = "amountSummary.subtotal"},
    {.name = "discount_total", .type = Type::kNumber, .from = "amountSummary.discount"},
    {.name = "tax_total", .type = Type::kNumber, .from = "amountSummary.tax"},
    {.name = "shipping_total",
     .type = Type::kNumber,
     .from = "amountSummary.shipping",
     .note = "sum of the shipping costs"},
    {.name = "source_id", .from = "source.id", .note = "the funnel, website, ... that it came from"},
    {.name = "source_name", .from = "source.name", .note = "name of the funnel, website, ... that it came from"},
    {.name = "source_type",
     .from = "source.type",
     .note = "kind of source; known values: funnel, website, invoice, calendar, text2Pay, document_contracts, "
             "membership, mobile_app, communities, point_of_sale, manual, form, survey, payment_link, external"},
    {.name = "source_sub_type", .from = "source.subType", .note = "kind of source, more closely"},
    {.name = "source_step_id", .from = "source.meta.stepId", .note = "the step of the funnel that it came from"},
    {.name = "source_page_id", .from = "source.meta.pageId", .note = "the page that it came from"},
    {.name = "source_domain", .from = "source.meta.domain", .note = "domain of the page that it came from"},
    {.name = "source_page_url", .from = "source.meta.pageUrl", .note = "URL of the page that it came from"},
    {.name = "contact_name", .from = "contactSnapshot.name"},
    {.name = "contact_first_name", .from = "contactSnapshot.firstName", .note = "first name of the contact"},
    {.name = "contact_last_name", .from = "contactSnapshot.lastName", .note = "last name of the contact"},
    {.name = "contact_email", .from = "contactSnapshot.email"},
    {.name = "contact_phone", .from = "contactSnapshot.phone"},
    {.name = "contact_company_name", .from = "contactSnapshot.companyName"},
    {.name = "contact_website", .from = "contactSnapshot.website", .note = "website of the contact"},
    {.name = "contact_address1", .from = "contactSnapshot.address1"},
    {.name = "contact_city", .from = "contactSnapshot.city"},
    {.name = "contact_state", .from = "contactSnapshot.state"},
    {.name = "contact_postal_code", .from = "contactSnapshot.postalCode"},
    {.name = "contact_country", .from = "contactSnapshot.country", .note = "country of the contact"},
    {.name = "contact_source", .from = "contactSnapshot.source", .note = "where the contact came from"},
    {.name = "contact_dnd",
     .type = Type::kBoolean,
     .from = "contactSnapshot.dnd",
     .note = "did the contact ask not to be disturbed?"},
    {.name = "contact_assigned_user_id",
     .from = "contactSnapshot.assignedTo",
     .note = "the user in charge of the contact",
     .references = "users.id"},
    {.name = "contact_date_of_birth",
     .type = Type::kDate,
     .from = "contactSnapshot.dateOfBirth",
     .note = "birthday of the contact"},
    {.name = "contact_created_at",
     .type = Type::kTimestamp,
     .from = "contactSnapshot.dateAdded",
     .note = "when the contact was made"},
    {.name = "created_at", .type = Type::kTimestamp, .from = "createdAt"},
    {.name = "updated_at", .type = Type::kTimestamp, .from = "updatedAt"},
};

constexpr Column kSourceMeta[] = {
    {.name = "order_id", .from = "@parent.id"},
    {.name = "meta_key", .from = "@key", .note = "name of the member"},
    {.name = "value", .from = "."},
    {.name = "value_json", .type = Type::kJson, .from = "."},
};

constexpr Column kTaxes[] = {
    {.name = "order_id", .from = "@parent.id"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "tax_id", .from = "_id"},
    {.name = "name", .from = "name"},
    {.name = "rate", .type = Type::kNumber, .from = "rate"},
    {.name = "calculation", .from = "calculation", .note = "known values: exclusive, inclusive"},
    {.name = "amount", .type = Type::kNumber, .from = "amount"},
};

constexpr Column kItems[] = {
    {.name = "order_id", .from = "@parent.id"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "name", .from = "name"},
    {.name = "quantity", .type = Type::kNumber, .from = "qty"},
    {.name = "product_id", .from = "product._id", .references = "products.id"},
    {.name = "product_name", .from = "product.name", .note = "name of the product"},
    {.name = "product_description", .from = "product.description", .note = "description of the product"},
    {.name = "product_available_in_store",
     .type = Type::kBoolean,
     .from = "product.availableInStore",
     .note = "was the product sold in the online store?"},
    {.name = "price_id", .from = "price._id", .references = "prices.id"},
    {.name = "price_name", .from = "price.name", .note = "name of the price"},
    {.name = "price_type", .from = "price.type", .note = "known values: one_time, recurring"},
    {.name = "price_currency", .from = "price.currency", .note = "currency of the price"},
    {.name = "price_amount", .type = Type::kNumber, .from = "price.amount", .note = "amount of the price"},
};

constexpr Column kItemTaxes[] = {
    {.name = "order_id", .from = "@parent.id"},
    {.name = "item_position", .type = Type::kInteger, .from = "@index:1"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "tax_id", .from = "_id"},
    {.name = "name", .from = "name"},
    {.name = "rate", .type = Type::kNumber, .from = "rate"},
    {.name = "calculation", .from = "calculation", .note = "known values: exclusive, inclusive"},
    {.name = "is_deleted", .type = Type::kBoolean, .from = "deleted", .note = "is it deleted at HighLevel?"},
    {.name = "alt_id", .from = "altId"},
    {.name = "alt_type", .from = "altType"},
    {.name = "created_at", .type = Type::kTimestamp, .from = "createdAt"},
    {.name = "updated_at", .type = Type::kTimestamp, .from = "updatedAt"},
    {.name = "document_version", .type = Type::kInteger, .from = "__v", .note = "version of the document at HighLevel"},
};

constexpr Column kItemVariants[] = {
    {.name = "order_id", .from = "@parent.id"},
    {.name = "item_position", .type = Type::kInteger, .from = "@index:1"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "variant_id", .from = "id"},
    {.name = "name", .from = "name"},
};

constexpr Column kItemVariantOptions[] = {
    {.name = "order_id", .from = "@parent.id"},
    {.name = "item_position", .type = Type::kInteger, .from = "@index:1"},
    {.name = "variant_position", .type = Type::kInteger, .from = "@index:2"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "option_id", .from = "id"},
    {.name = "name", .from = "name"},
};

constexpr Column kItemPriceOptions[] = {
    {.name = "order_id", .from = "@parent.id"},
    {.name = "item_position", .type = Type::kInteger, .from = "@index:1"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "option_id", .from = "."},
};

constexpr Column kContactTags[] = {
    {.name = "order_id", .from = "@parent.id"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "tag", .from = "."},
};

constexpr Column kContactAttachments[] = {
    {.name = "order_id", .from = "@parent.id"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "url", .from = ".|url"},
    {.name = "value_json",
     .type = Type::kJson,
     .from = ".",
     .note = "the element as sent, when it is not a plain string",
     .flags = kUnlessText},
};

constexpr Child kChildren[] = {
    {.table = "order_source_meta",
     .from = "source.meta{}",
     .key = "order_id,meta_key",
     .columns = kSourceMeta,
     .note = "free-form map; the keys seen have columns of their own as well"},
    {.table = "order_taxes", .from = "taxSummary[]", .key = "order_id,position", .columns = kTaxes},
    {.table = "order_items", .from = "items[]", .key = "order_id,position", .columns = kItems},
    {.table = "order_item_taxes",
     .from = "items[].product.taxes[]",
     .key = "order_id,item_position,position",
     .columns = kItemTaxes},
    {.table = "order_item_variants",
     .from = "items[].product.variants[]",
     .key = "order_id,item_position,position",
     .columns = kItemVariants},
    {.table = "order_item_variant_options",
     .from = "items[].product.variants[].options[]",
     .key = "order_id,item_position,variant_position,position",
     .columns = kItemVariantOptions},
    {.table = "order_item_price_options",
     .from = "items[].price.variantOptionIds[]",
     .key = "order_id,item_position,position",
     .columns = kItemPriceOptions},
    {.table = "order_contact_tags", .from = "contactSnapshot.tags[]", .key = "order_id,tag", .columns = kContactTags},
    {.table = "order_contact_attachments",
     .from = "contactSnapshot.attachments[]",
     .key = "order_id,position",
     .columns = kContactAttachments,
     .flags = kJsonStringOk},
};

constexpr EventType kEvents[] = {
    {.name = "OrderCreate",
     .op = Op::kCreate,
     .rank = 0,
     .time = "updatedAt|timestamp|createdAt",
     .scope = "~payments/orders.readonly"},
    {.name = "OrderStatusUpdate",
     .op = Op::kUpdate,
     .rank = 2,
     .time = "updatedAt|timestamp",
     .scope = "~payments/orders.readonly"},
};

}  // namespace

extern constexpr Entity kOrder =
    Checked({.name = "Order",
             .table = "orders",
             .kind = Kind::kMirror,
             .columns = kColumns,
             .children = kChildren,
             .events = kEvents,
             .shape = "fulfillmentStatus|items",
             .indexes = "contact_id",
             .location = "locationId|altId?altType=location",
             .note = "OrderCreate and OrderStatusUpdate carry the whole order and may share updatedAt."});

}  // namespace crmsink
