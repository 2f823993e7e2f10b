#include "entities/entity.h"

namespace crmsink {
namespace {

constexpr Column kColumns[] = {
    {.name = "id", .from = "planId"},
    {.name = "location_id", .from = "providerLocationId", .note = "from the SaaS API; not on the event page"},
    {.name = "agency_id", .from = "companyId"},
    {.name = "app_id", .from = "appId"},
    {.name = "app_version_id", .from = "versionId"},
    {.name = "title", .from = "title"},
    {.name = "description", .from = "description"},
    {.name = "plan_level", .type = Type::kInteger, .from = "planLevel", .note = "level of the plan"},
    {.name = "trial_period_days", .type = Type::kInteger, .from = "trialPeriod", .note = "days of the trial"},
    {.name = "user_limit", .type = Type::kInteger, .from = "userLimit", .note = "in the example only"},
    {.name = "contact_limit", .type = Type::kInteger, .from = "contactLimit", .note = "in the example only"},
    {.name = "category_id", .from = "categoryId", .note = "the category of the plan"},
    {.name = "snapshot_id", .from = "snapshotId", .note = "the snapshot that new sub-accounts get"},
    {.name = "product_id", .from = "productId", .note = "a Stripe product, not products.id"},
    {.name = "is_saas_v2",
     .type = Type::kBoolean,
     .from = "isSaaSV2",
     .note = "is it of the second kind of SaaS mode?"},
    {.name = "created_at", .type = Type::kTimestamp, .from = "createdAt"},
    {.name = "updated_at", .type = Type::kTimestamp, .from = "updatedAt"},
};

constexpr Column kProducts[] = {
    {.name = "saas_plan_id", .from = "@parent.id"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "feature", .from = ".", .note = "a feature that the plan has"},
};

constexpr Column kAddOns[] = {
    {.name = "saas_plan_id", .from = "@parent.id"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "add_on", .from = ".", .note = "name of the add-on"},
};

constexpr Column kPrices[] = {
    {.name = "saas_plan_id", .from = "@parent.id"},
    {.name = "position", .type = Type::kInteger, .from = "@index"},
    {.name = "price_id", .from = "id"},
    {.name = "billing_interval", .from = "billingInterval", .note = "how often it is paid; known values: month, year"},
    {.name = "is_active", .type = Type::kBoolean, .from = "active", .note = "is it in use?"},
    {.name = "amount_minor", .type = Type::kNumber, .from = "amount", .note = "minor units (cents)"},
    {.name = "currency", .from = "currency"},
    {.name = "symbol", .from = "symbol", .note = "symbol of the currency"},
};

constexpr Child kChildren[] = {
    {.table = "saas_plan_products", .from = "saasProducts[]", .key = "saas_plan_id,position", .columns = kProducts},
    {.table = "saas_plan_add_ons", .from = "addOns[]", .key = "saas_plan_id,position", .columns = kAddOns},
    {.table = "saas_plan_prices", .from = "prices[]", .key = "saas_plan_id,position", .columns = kPrices},
};

constexpr EventType kEvents[] = {
    {.name = "SaaSPlanCreate",
     .op = Op::kCreate,
     .rank = 0,
     .time = "updatedAt|timestamp|createdAt",
     .note = "type is spelt SaasPlanCreate. The page says that the body is an array; its example is one object. "
             "Amounts are in cents."},
};

}  // namespace

extern constexpr Entity kSaasPlan = Checked({.name = "SaasPlan",
                                             .table = "saas_plans",
                                             .kind = Kind::kMirror,
                                             .columns = kColumns,
                                             .children = kChildren,
                                             .events = kEvents,
                                             .shape = "planId|saasProducts",
                                             .note = "The page says that the body can be an array of plans."});

}  // namespace crmsink
