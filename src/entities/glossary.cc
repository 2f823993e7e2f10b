#include "entities/glossary.h"

#include <algorithm>

namespace crmsink {
namespace {

struct Line {
  std::string_view column;
  std::string_view meaning;
};

constexpr Line kLines[] = {
    {"action_position", "place of the action in the call, from 0"},
    {"address", "phone number or e-mail address"},
    {"agency_id", "the agency (HighLevel's companyId)"},
    {"alt_id", "owner of the thing, as alt_type says"},
    {"alt_type", "kind of owner"},
    {"amount", "amount of money, as sent"},
    {"app_id", "the marketplace app that the event was sent to"},
    {"app_version_id", "the version of the marketplace app"},
    {"assigned_user_id", "the user in charge"},
    {"calculation", "how the tax is added"},
    {"calendar_id", "the calendar"},
    {"contact_address1", "street of the contact"},
    {"contact_city", "city of the contact"},
    {"contact_company_name", "company of the contact"},
    {"contact_email", "e-mail address of the contact"},
    {"contact_id", "the contact"},
    {"contact_name", "name of the contact"},
    {"contact_phone", "telephone of the contact"},
    {"contact_postal_code", "postal code of the contact"},
    {"contact_state", "state or province of the contact"},
    {"created_at", "when it was made"},
    {"currency", "currency of the amounts"},
    {"description", "description"},
    {"discount_total", "sum of the discounts"},
    {"email", "e-mail address"},
    {"email_event_id", "the event of the e-mail"},
    {"example", "an example of it"},
    {"first_name", "first name"},
    {"first_object_key", "key of the first object"},
    {"id", "the id; unique"},
    {"invoice_id", "the invoice"},
    {"item_position", "place of the item in the list, from 0"},
    {"knowledge_base_id", "the knowledge base"},
    {"last_name", "last name"},
    {"live_mode", "false: a test payment"},
    {"location_id", "the sub-account (HighLevel's locationId)"},
    {"message_id", "the message"},
    {"name", "name"},
    {"object_record_id", "the record"},
    {"occurred_at", "when it happened"},
    {"option_id", "the option"},
    {"order_id", "the order"},
    {"phone", "telephone number"},
    {"position", "place in the list, from 0"},
    {"price_id", "the price"},
    {"price_type", "one_time or recurring"},
    {"product_id", "the product"},
    {"property_key", "key of the property"},
    {"quantity", "how many"},
    {"rate", "rate of the tax in percent"},
    {"saas_plan_id", "the plan"},
    {"second_object_key", "key of the second object"},
    {"source", "where it came from"},
    {"status", "status"},
    {"subtotal", "sum before discounts, taxes and shipping"},
    {"tag", "the tag"},
    {"tax_id", "the tax"},
    {"tax_total", "sum of the taxes"},
    {"title", "title"},
    {"total", "sum to be paid"},
    {"updated_at", "when it was changed last"},
    {"url", "URL"},
    {"user_id", "the user"},
    {"value", "value"},
    {"value_json", "the value as it was sent"},
    {"variant_id", "the variant"},
    {"variant_position", "place of the variant in the list, from 0"},
    {"voice_ai_call_id", "the call"},
};

static_assert(std::ranges::is_sorted(kLines, {}, &Line::column));

}  // namespace

std::string_view MeaningOf(std::string_view column) {
  const auto* const found = std::ranges::lower_bound(kLines, column, {}, &Line::column);
  return found != std::end(kLines) && found->column == column ? found->meaning : std::string_view();
}

std::string Meaning(const Column& column) {
  std::string meaning(MeaningOf(column.name));
  const auto join = [&meaning](std::string_view more) {
    if (!more.empty()) meaning.append(meaning.empty() ? "" : "; ").append(more);
  };
  join(column.note);
  if (!column.references.empty()) join("refers to `" + std::string(column.references) + "`");
  if ((column.flags & kSensitive) != 0) join("a secret: always NULL");
  return meaning;
}

}  // namespace crmsink
