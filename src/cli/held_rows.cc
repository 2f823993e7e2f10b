#include "cli/held_rows.h"

#include <charconv>
#include <optional>
#include <utility>

#include "base/json.h"
#include "event/values.h"

namespace crmsink {
namespace {

constexpr std::string_view kHeaders =
    "id, reason, source, received_at, path, signature_scheme, signature_key, signature, length(payload) AS bytes";

std::optional<std::int64_t> NumberIn(const std::string& text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string BytesOf(const QueryValue& value) {
  if (const auto* blob = std::get_if<Blob>(&value)) return blob->bytes;
  const auto* text = std::get_if<std::string>(&value);
  return text != nullptr ? *text : "";
}

}  // namespace

std::string WebhookIdOf(std::string_view body) {
  const auto document = json::Document::Parse(body);
  if (!document) return "";
  const json::Value* const id = document->root().Find("webhookId");
  return id != nullptr ? std::string(TextOf(*id).value_or("")) : "";
}

Result<std::vector<std::int64_t>> HeldNumbers(const HeldTable& table, const std::string& which,
                                              QueryConnection& connection) {
  std::vector<std::int64_t> numbers;
  const auto add = [&](const std::vector<QueryValue>& row) {
    if (row.size() == 1 || WebhookIdOf(BytesOf(row[1])) == which) numbers.push_back(std::get<std::int64_t>(row[0]));
    return true;
  };
  const std::string from = " FROM " + std::string(table.name);
  if (const auto number = NumberIn(which)) {
    const QueryValue parameters[] = {*number};
    auto done = connection.Run("SELECT id" + from + " WHERE id = $1", parameters, {.on_columns = {}, .on_row = add});
    if (!done) return tl::unexpected(done.error());
  }
  if (numbers.empty()) {
    auto done = connection.Run("SELECT id, payload" + from + " ORDER BY id", {}, {.on_columns = {}, .on_row = add});
    if (!done) return tl::unexpected(done.error());
  }
  if (numbers.empty()) {
    return Fail(ErrorCode::kInvalid, "nothing in " + std::string(table.name) + " has the number or the event id " +
                                         which + " (crmsink " + std::string(table.name) + " list)");
  }
  return numbers;
}

Result<HeldRow> ReadHeldRow(const HeldTable& table, std::int64_t number, QueryConnection& connection) {
  HeldRow held;
  const QueryValue parameters[] = {number};
  auto done = connection.Run(
      std::string("SELECT ").append(kHeaders) + ", payload FROM " + std::string(table.name) + " WHERE id = $1",
      parameters,
      {.on_columns = [&](const std::vector<std::string>& names) { held.names = names; },
       .on_row =
           [&](const std::vector<QueryValue>& row) {
             held.values = row;
             return true;
           }});
  if (!done) return tl::unexpected(done.error());
  if (held.values.empty()) {
    return Fail(ErrorCode::kInvalid, "number " + std::to_string(number) + " has just left " + std::string(table.name));
  }
  held.payload = BytesOf(held.values.back());
  held.names.pop_back();
  held.values.pop_back();
  return held;
}

}  // namespace crmsink
