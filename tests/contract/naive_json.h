#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crmsink::naive {

// A JSON value as the naive store sees it: numbers keep their written text, of duplicate members the last one stands,
// U+0000 and lone surrogates have become U+FFFD.
struct Json {
  enum class Kind { kNull, kBoolean, kNumber, kString, kList, kObject };

  Kind kind = Kind::kNull;
  bool boolean = false;
  std::string text;  // of a string, or of a number as written
  std::vector<Json> list;
  std::map<std::string, Json> object;
  std::vector<std::string> order;  // members of a parsed object as written; a repeated one stands in its first place

  static Json Boolean(bool value);
  static Json Number(std::string text);
  static Json String(std::string text);
  static Json List(std::vector<Json> list);
  static Json Object(std::map<std::string, Json> object);

  bool IsString() const { return kind == Kind::kString; }
  bool IsNumber() const { return kind == Kind::kNumber; }
  bool IsList() const { return kind == Kind::kList; }
  bool IsObject() const { return kind == Kind::kObject; }
  bool IsScalar() const { return kind == Kind::kBoolean || IsNumber() || IsString(); }
  // null, or "", which is null everywhere.
  bool IsEmpty() const { return kind == Kind::kNull || (IsString() && text.empty()); }
  // nullptr when this is no object or has no such member.
  const Json* Find(const std::string& member) const;
};

inline constexpr std::size_t kMaxDepth = 128;
inline constexpr std::size_t kMaxValues = 2'000'000;

// One whole JSON document (RFC 8259), nothing after it but white space. nullopt: not JSON, not UTF-8, nested deeper
// than max_depth, or more than kMaxValues values.
std::optional<Json> ParseJson(std::string_view bytes, std::size_t max_depth = kMaxDepth);

// Members sorted by their UTF-8 bytes, no spaces, numbers by value in plain notation, beyond 10^300 or below 10^-300 as
// a string of their text as written.
std::string Canonical(const Json& value);

}  // namespace crmsink::naive
