#include "entities/entity.h"

namespace crmsink {
namespace {

constexpr Column kColumns[] = {
    {.name = "id", .from = "_id"},
    {.name = "location_id", .from = "locationId", .references = "locations.id"},
    {.name = "agency_id", .from = "companyId"},
    {.name = "name", .from = "name"},
    {.name = "description", .from = "description"},
    {.name = "product_type",
     .from = "productType",
     .note = "kind of product; known values: DIGITAL, PHYSICAL, SERVICE, PHYSICAL/DIGITAL"},
    {.name = "available_in_store",
     .type = Type::kBoolean,
     .from = "availableInStore",
     .note = "is it sold in the online store?"},
    {.name = "statement_descriptor", .from = "statementDescriptor", .note = "what the bank statement says"},
    {.name = "image_url", .from = "image", .note = "its picture"},
    {.name = "user_id", .from = "userId", .references = "users.id"},
    {.name = "created_at", .type = Type::kTimestamp, .from = "createdAt"},
    {.name = "updated_at", .type = Type::kTimestamp, .from = "updatedAt"},
};

constexpr Column kVariants[] = {
    {.name = "product_id", .from = "@parent.id"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "variant_id", .from = "id"},
    {.name = "name", .from = "name"},
};

constexpr Column kVariantOptions[] = {
    {.name = "product_id", .from = "@parent.id"},
    {.name = "variant_position", .type = Type::kInteger, .from = "@index:1"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "option_id", .from = "id"},
    {.name = "name", .from = "name"},
};

constexpr Column kMedia[] = {
    {.name = "product_id", .from = "@parent.id"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "media_id", .from = "id", .note = "the picture or film"},
    {.name = "title", .from = "title"},
    {.name = "url", .from = "url"},
    {.name = "media_type", .from = "type", .note = "image or video; known values: image, video"},
    {.name = "is_featured", .type = Type::kBoolean, .from = "isFeatured", .note = "is it the one that is shown first?"},
};

constexpr Child kChildren[] = {
    {.table = "product_variants", .from = "variants[]", .key = "product_id,position", .columns = kVariants},
    {.table = "product_variant_options",
     .from = "variants[].options[]",
     .key = "product_id,variant_position,position",
     .columns = kVariantOptions},
    {.table = "product_media", .from = "medias[]", .key = "product_id,position", .columns = kMedia},
};

constexpr EventType kEvents[] = {
    {.name = "ProductCreate",
     .op = Op::kCreate,
     .rank = 0,
     .time = "updatedAt|timestamp|createdAt",
     .scope = "~products.readonly"},
    {.name = "ProductUpdate",
     .op = Op::kUpdate,
     .rank = 1,
     .time = "updatedAt|timestamp",
     .scope = "~products.readonly"},
    {.name = "ProductDelete",
     .op = Op::kDelete,
     .rank = 3,
     .time = "updatedAt|timestamp",
     .scope = "~products.readonly"},
};

}  // namespace

extern constexpr Entity kProduct = Checked({.name = "Product",
                                            .table = "products",
                                            .kind = Kind::kMirror,
                                            .columns = kColumns,
                                            .children = kChildren,
                                            .events = kEvents,
                                            .shape = "productType"});

}  // namespace crmsink
