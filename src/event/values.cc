#include "event/values.h"

#include "base/decimal.h"

namespace crmsink {
namespace {

std::optional<Millis> TimeOfNumber(std::string_view text) {
  const auto number = Decimal::Parse(text);
  if (!number) return std::nullopt;
  const auto whole = number->ScaledFloor(0);
  if (!whole) return std::nullopt;
  // |x| < 1e11, of a number that ScaledFloor has cut downwards.
  const bool seconds = *whole < 100'000'000'000 && (*whole > -100'000'000'000 || number->ToDouble() > -1e11);
  const auto time = number->ScaledFloor(seconds ? 3 : 0);
  if (!time || !InCalendar(*time)) return std::nullopt;
  return time;
}

}  // namespace

bool IsNothing(const json::Value& value) { return value.IsNull() || (value.IsString() && value.text().empty()); }

std::optional<std::string_view> TextOf(const json::Value& value) {
  if (IsNothing(value) || !value.IsScalar()) return std::nullopt;
  return value.text();
}

std::optional<Millis> TimeOf(const json::Value& value) {
  if (value.IsString()) return ParseTime(value.text());
  return value.IsNumber() ? TimeOfNumber(value.text()) : std::nullopt;
}

std::optional<Day> DateOf(const json::Value& value) {
  if (value.IsString()) return ParseDay(value.text());
  const auto time = TimeOf(value);
  return time ? std::optional(DayOf(*time)) : std::nullopt;
}

std::optional<bool> BooleanOf(const json::Value& value) {
  if (value.kind() != json::Kind::kBool && !value.IsString()) return std::nullopt;
  if (value.text() == "true") return true;
  if (value.text() == "false") return false;
  return std::nullopt;
}

const json::Value* At(const json::Value& root, std::string_view path) {
  std::string_view condition;
  if (const auto mark = path.find('?'); mark != std::string_view::npos) {
    condition = path.substr(mark + 1);
    path = path.substr(0, mark);
  }
  const json::Value* parent = &root;
  const json::Value* value = &root;
  while (true) {
    if (IsNothing(*value)) return value;
    const auto dot = path.find('.');
    parent = value;
    value = parent->Find(path.substr(0, dot));
    if (value == nullptr) return nullptr;
    if (dot == std::string_view::npos) break;
    path.remove_prefix(dot + 1);
  }
  if (!condition.empty()) {
    const auto equals = condition.find('=');
    const json::Value* sibling = parent->Find(condition.substr(0, equals));
    if (sibling == nullptr || !sibling->IsString() || sibling->text() != condition.substr(equals + 1)) return nullptr;
  }
  return value;
}

}  // namespace crmsink
