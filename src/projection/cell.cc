#include "projection/cell.h"

#include "base/decimal.h"
#include "event/values.h"

namespace crmsink {
namespace {

constexpr Conversion kUnfit{std::monostate(), false};

template <class T>
Conversion FitIf(const std::optional<T>& value) {
  return value ? Conversion{Cell(static_cast<std::int64_t>(*value)), true} : kUnfit;
}

Conversion ConvertText(const json::Value& value, const Column& column, bool is_key) {
  if (value.IsScalar()) {
    if (is_key && value.text().size() > kMaxKeyBytes) return kUnfit;
    return {Cell(std::string(value.text())), true};
  }
  if ((column.flags & kJsonText) != 0) return {Cell(json::Canonical(value)), true};
  return kUnfit;
}

Conversion ConvertJson(const json::Value& value, const Column& column) {
  if (value.IsString() && (column.flags & kUnlessText) != 0) return kUnfit;
  return {Cell(json::Canonical(value)), true};
}

Conversion ConvertNumber(const json::Value& value, Type type) {
  if (!value.IsNumber() && !value.IsString()) return kUnfit;
  const auto number = Decimal::Parse(value.text());
  if (!number) return kUnfit;
  if (type == Type::kInteger) return FitIf(number->ToInteger());
  return number->FitsDouble() ? Conversion{Cell(number->ToDouble()), true} : kUnfit;
}

}  // namespace

Conversion Convert(const json::Value& value, const Column& column, bool is_key) {
  if (IsNothing(value)) return {};
  if ((column.flags & kSensitive) != 0) return {};
  switch (column.type) {
    case Type::kText:
      return ConvertText(value, column, is_key);
    case Type::kJson:
      return ConvertJson(value, column);
    case Type::kInteger:
    case Type::kNumber:
      return ConvertNumber(value, column.type);
    case Type::kBoolean:
      return FitIf(BooleanOf(value));
    case Type::kTimestamp:
      return FitIf(TimeOf(value));
    case Type::kDate:
      return FitIf(DateOf(value));
  }
  return kUnfit;
}

}  // namespace crmsink
