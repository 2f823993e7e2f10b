#include "naive_values.h"

#include <algorithm>
#include <utility>

#include "naive_number.h"
#include "naive_time.h"

namespace crmsink::naive {
namespace {

constexpr std::size_t kMaxDigits = 15;

const Cell kDoesNotFit{.cell = {}, .fits = false};

Cell TextCell(const Column& column, const Json& value, bool indexed) {
  std::string text;
  if (const auto scalar = AsText(value)) {
    text = *scalar;
  } else if ((column.flags & kJsonText) != 0) {
    text = Canonical(value);
  } else {
    return kDoesNotFit;
  }
  if (indexed && text.size() > kMaxKeyBytes) return kDoesNotFit;
  return {Json::String(std::move(text))};
}

// Numbers in strings suit number columns.
std::optional<Decimal> AsDecimal(const Json& value) {
  if (!value.IsNumber() && !value.IsString()) return std::nullopt;
  return ReadDecimal(value.text);
}

Cell IntegerCell(const Json& value) {
  const auto number = AsDecimal(value);
  const auto whole = number ? WholeNumber(*number) : std::nullopt;
  return whole ? Cell{Json::Number(std::to_string(*whole))} : kDoesNotFit;
}

Cell NumberCell(const Json& value) {
  const auto number = AsDecimal(value);
  const auto plain = number && number->digits.size() <= kMaxDigits ? PlainNumber(value.text) : std::nullopt;
  return plain ? Cell{Json::Number(*plain)} : kDoesNotFit;
}

Cell BooleanCell(const Json& value) {
  const auto boolean = AsBoolean(value);
  return boolean ? Cell{Json::Boolean(*boolean)} : kDoesNotFit;
}

}  // namespace

std::vector<std::string> Split(std::string_view text, char separator) {
  std::vector<std::string> pieces;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    pieces.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return pieces;
}

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

Cell Convert(const Column& column, const Json& value, bool indexed) {
  if (value.IsEmpty() || (column.flags & kSensitive) != 0) return {};
  switch (column.type) {
    case Type::kText:
      return TextCell(column, value, indexed);
    case Type::kInteger:
      return IntegerCell(value);
    case Type::kNumber:
      return NumberCell(value);
    case Type::kBoolean:
      return BooleanCell(value);
    case Type::kTimestamp: {
      const auto time = ReadTime(value);
      return time ? Cell{Json::String(FormatTime(*time))} : kDoesNotFit;
    }
    case Type::kDate: {
      const auto date = ReadDate(value);
      return date ? Cell{Json::String(*date)} : kDoesNotFit;
    }
    case Type::kJson:
      // A plain string has its text in the column beside this one, which takes it.
      if ((column.flags & kUnlessText) != 0 && value.IsString()) return kDoesNotFit;
      return {value};
  }
  return kDoesNotFit;
}

std::optional<std::string> AsText(const Json& value) {
  if (value.IsEmpty() || !value.IsScalar()) return std::nullopt;
  if (value.kind == Json::Kind::kBoolean) return value.boolean ? "true" : "false";
  return value.text;
}

std::optional<bool> AsBoolean(const Json& value) {
  if (value.kind == Json::Kind::kBoolean) return value.boolean;
  if (value.IsString() && value.text == "true") return true;
  if (value.IsString() && value.text == "false") return false;
  return std::nullopt;
}

bool IsIndexed(const Entity& entity, std::string_view column) {
  for (const std::string& index : Split(entity.indexes, '|')) {
    for (const std::string& name : Split(index, ',')) {
      if (name == column) return true;
    }
  }
  return false;
}

}  // namespace crmsink::naive
