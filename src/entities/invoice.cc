#include "entities/entity.h"

namespace crmsink {
namespace {

constexpr Column kColumns[] = {
    {.name = "id", .from = "_id"},
    {.name = "location_id",
     .from = "locationId|altId?altType=location",
     .note = "altId when altType is \"location\"",
     .references = "locations.id"},
    {.name = "agency_id", .from = "companyId"},
    {.name = "alt_id", .from = "altId"},
    {.name = "alt_type", .from = "altType", .note = "known values: location"},
    {.name = "status",
     .from = "status",
     .note = "known values: draft, sent, payment_processing, paid, partially_paid, void, delete"},
    {.name = "live_mode", .type = Type::kBoolean, .from = "liveMode"},
    {.name = "name", .from = "name"},
    {.name = "title", .from = "title"},
    {.name = "invoice_number", .from = "invoiceNumber", .note = "string in events, number in the API"},
    {.name = "currency", .from = "currency"},
    {.name = "issue_date", .type = Type::kDate, .from = "issueDate", .note = "day on which it was issued"},
    {.name = "due_date", .type = Type::kDate, .from = "dueDate", .note = "day on which it is due"},
    {.name = "total", .type = Type::kNumber, .from = "total"},
    {.name = "amount_paid", .type = Type::kNumber, .from = "amountPaid", .note = "what has been paid"},
    {.name = "amount_due", .type = Type::kNumber, .from = "amountDue", .note = "what is still to be paid"},
    {.name = "subtotal", .type = Type::kNumber, .from = "totalSummary.subTotal"},
    {.name = "discount_total", .type = Type::kNumber, .from = "totalSummary.discount"},
    {.name = "tax_total", .type = Type::kNumber, .from = "totalSummary.tax"},
    {.name = "discount_type",
     .from = "discount.type",
     .note = "how the discount is reckoned; known values: percentage, fixed"},
    {.name = "discount_value",
     .type = Type::kNumber,
     .from = "discount.value",
     .note = "the discount, as its type says"},
    {.name = "business_name", .from = "businessDetails.name", .note = "name of who sends the invoice"},
    {.name = "business_address",
     .from = "businessDetails.address",
     .note = "a string on the event page, an object in the API: then JSON text",
     .flags = kJsonText},
    {.name = "business_phone", .from = "businessDetails.phoneNo", .note = "telephone of who sends the invoice"},
    {.name = "business_website", .from = "businessDetails.website", .note = "website of who sends the invoice"},
    {.name = "business_logo_url", .from = "businessDetails.logoUrl", .note = "logo of who sends the invoice"},
    {.name = "contact_id", .from = "contactDetails.id", .references = "contacts.id"},
    {.name = "contact_name", .from = "contactDetails.name"},
    {.name = "contact_email", .from = "contactDetails.email"},
    {.name = "contact_phone", .from = "contactDetails.phoneNo"},
    {.name = "contact_company_name", .from = "contactDetails.companyName"},
    {.name = "contact_country_code", .from = "contactDetails.address.countryCode", .note = "country of the contact"},
    {.name = "contact_address1", .from = "contactDetails.address.addressLine1"},
    {.name = "contact_address2",
     .from = "contactDetails.address.addressLine2",
     .note = "second line of the contact's address"},
    {.name = "contact_city", .from = "contactDetails.address.city"},
    {.name = "contact_state", .from = "contactDetails.address.state"},
    {.name = "contact_postal_code", .from = "contactDetails.address.postalCode"},
    {.name = "created_at", .type = Type::kTimestamp, .from = "createdAt"},
    {.name = "updated_at", .type = Type::kTimestamp, .from = "updatedAt"},
    {.name = "sent_at", .type = Type::kTimestamp, .note = "set by the event: time of InvoiceSent"},
    {.name = "paid_at", .type = Type::kTimestamp, .note = "set by the event: time of InvoicePaid"},
    {.name = "voided_at", .type = Type::kTimestamp, .note = "set by the event: time of InvoiceVoid"},
};

constexpr Column kItems[] = {
    {.name = "invoice_id", .from = "@parent.id"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "item_id", .from = "_id", .note = "the item"},
    {.name = "product_id", .from = "productId", .references = "products.id"},
    {.name = "price_id", .from = "priceId", .references = "prices.id"},
    {.name = "name", .from = "name"},
    {.name = "description", .from = "description"},
    {.name = "currency", .from = "currency"},
    {.name = "quantity", .type = Type::kNumber, .from = "qty"},
    {.name = "amount", .type = Type::kNumber, .from = "amount"},
};

constexpr Column kItemTaxes[] = {
    {.name = "invoice_id", .from = "@parent.id"},
    {.name = "item_position", .type = Type::kInteger, .from = "@index:1"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "tax_id", .from = "_id|taxId"},
    {.name = "name", .from = "name"},
    {.name = "rate", .type = Type::kNumber, .from = "rate"},
    {.name = "calculation", .from = "calculation", .note = "known values: exclusive, inclusive"},
    {.name = "description", .from = "description"},
};

constexpr Column kContactCustomFields[] = {
    {.name = "invoice_id", .from = "@parent.id"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "value_json", .type = Type::kJson, .from = "."},
};

constexpr Column kContactEmails[] = {
    {.name = "invoice_id", .from = "@parent.id"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "email", .from = "email"},
};

constexpr Column kBusinessCustomValues[] = {
    {.name = "invoice_id", .from = "@parent.id"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "value_json", .type = Type::kJson, .from = "."},
};

constexpr Column kDiscountProducts[] = {
    {.name = "invoice_id", .from = "@parent.id"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "product_id", .from = ".", .references = "products.id"},
};

constexpr Child kChildren[] = {
    {.table = "invoice_items", .from = "invoiceItems[]", .key = "invoice_id,position", .columns = kItems},
    {.table = "invoice_item_taxes",
     .from = "invoiceItems[].taxes[]",
     .key = "invoice_id,item_position,position",
     .columns = kItemTaxes,
     .note = "elements are not on the event page; shape from the invoices API"},
    {.table = "invoice_contact_custom_fields",
     .from = "contactDetails.customFields[]",
     .key = "invoice_id,position",
     .columns = kContactCustomFields},
    {.table = "invoice_contact_emails",
     .from = "contactDetails.additionalEmails[]",
     .key = "invoice_id,position",
     .columns = kContactEmails},
    {.table = "invoice_business_custom_values",
     .from = "businessDetails.customValues[]",
     .key = "invoice_id,position",
     .columns = kBusinessCustomValues},
    {.table = "invoice_discount_products",
     .from = "discount.validOnProductIds[]",
     .key = "invoice_id,position",
     .columns = kDiscountProducts,
     .note = "from the invoices API"},
};

constexpr Set kOnInvoiceSent[] = {{"sent_at", "@occurred_at"}};
constexpr Set kOnInvoicePaid[] = {{"paid_at", "@occurred_at"}};
constexpr Set kOnInvoiceVoid[] = {{"voided_at", "@occurred_at"}};

constexpr EventType kEvents[] = {
    {.name = "InvoiceCreate",
     .op = Op::kCreate,
     .rank = 0,
     .time = "updatedAt|timestamp|createdAt",
     .scope = "~invoices.readonly"},
    {.name = "InvoiceUpdate",
     .op = Op::kUpdate,
     .rank = 1,
     .time = "updatedAt|timestamp",
     .scope = "~invoices.readonly"},
    {.name = "InvoiceSent",
     .op = Op::kUpdate,
     .rank = 2,
     .time = "updatedAt|timestamp",
     .sets = kOnInvoiceSent,
     .scope = "~invoices.readonly"},
    {.name = "InvoicePaid",
     .op = Op::kUpdate,
     .rank = 2,
     .time = "updatedAt|timestamp",
     .sets = kOnInvoicePaid,
     .scope = "~invoices.readonly"},
    {.name = "InvoicePartiallyPaid",
     .op = Op::kUpdate,
     .rank = 2,
     .time = "updatedAt|timestamp",
     .scope = "~invoices.readonly"},
    {.name = "InvoiceVoid",
     .op = Op::kUpdate,
     .rank = 2,
     .time = "updatedAt|timestamp",
     .sets = kOnInvoiceVoid,
     .scope = "~invoices.readonly"},
    {.name = "InvoiceDelete",
     .op = Op::kDelete,
     .rank = 3,
     .time = "updatedAt|timestamp",
     .scope = "~invoices.readonly",
     .note = "status is \"delete\"."},
};

}  // namespace

extern constexpr Entity kInvoice = Checked({.name = "Invoice",
                                            .table = "invoices",
                                            .kind = Kind::kMirror,
                                            .columns = kColumns,
                                            .children = kChildren,
                                            .events = kEvents,
                                            .shape = "invoiceNumber|invoiceItems",
                                            .indexes = "contact_id",
                                            .location = "locationId|altId?altType=location",
                                            .note = "Every invoice event carries the whole invoice: the event name "
                                                    "says what happened, the status says where it is now."});

}  // namespace crmsink
