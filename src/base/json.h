#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <memory_resource>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace crmsink::json {

enum class Kind : std::uint8_t { kNull, kBool, kNumber, kString, kArray, kObject };

struct Member;

// One value of a document: two words, cheap to copy, valid as long as its Document (or other owner of the memory).
// A number keeps the text that was written; nothing is rounded.
class Value {
 public:
  constexpr Value() = default;
  static Value Bool(bool value) { return {Kind::kBool, value ? "true" : "false", value ? 4u : 5u}; }
  static Value Number(std::string_view text) { return {Kind::kNumber, text.data(), text.size()}; }
  static Value String(std::string_view text) { return {Kind::kString, text.data(), text.size()}; }
  static Value Array(std::span<const Value> elements) { return {Kind::kArray, elements.data(), elements.size()}; }
  static Value Object(std::span<const Member> members) { return {Kind::kObject, members.data(), members.size()}; }

  Kind kind() const { return kind_; }
  bool IsNull() const { return kind_ == Kind::kNull; }
  bool IsString() const { return kind_ == Kind::kString; }
  bool IsNumber() const { return kind_ == Kind::kNumber; }
  bool IsArray() const { return kind_ == Kind::kArray; }
  bool IsObject() const { return kind_ == Kind::kObject; }
  bool IsScalar() const { return kind_ < Kind::kArray; }

  // Of a string its characters (UTF-8), of a number or boolean its text as written; else empty.
  std::string_view text() const {
    return kind_ < Kind::kArray ? std::string_view(static_cast<const char*>(data_), size_) : std::string_view();
  }
  // Empty unless it is an array, an object.
  std::span<const Value> elements() const;
  std::span<const Member> members() const;
  // The member of that name; nullptr when there is none or it is no object.
  const Value* Find(std::string_view key) const;

 private:
  Value(Kind kind, const void* data, std::size_t size)
      : data_(data), size_(static_cast<std::uint32_t>(size)), kind_(kind) {}

  const void* data_ = nullptr;
  std::uint32_t size_ = 0;
  Kind kind_ = Kind::kNull;
};

struct Member {
  std::string_view key;
  Value value;
};

inline std::span<const Value> Value::elements() const {
  if (kind_ != Kind::kArray) return {};
  return {static_cast<const Value*>(data_), size_};
}

inline std::span<const Member> Value::members() const {
  if (kind_ != Kind::kObject) return {};
  return {static_cast<const Member*>(data_), size_};
}

// A parsed text and the memory of its values. Not copyable; a moved-from Document is empty.
//
// Read strictly (RFC 8259, valid UTF-8, one document), with what the tables need beside it: a byte order mark is
// skipped, U+0000 and lone surrogates written as escapes become U+FFFD, and of members with the same name the last
// one counts, in the place of the first.
class Document {
 public:
  static constexpr std::size_t kMaxDepth = 128;
  static constexpr std::size_t kMaxValues = 2'000'000;

  Document() = default;
  Document(Document&&) = default;
  Document& operator=(Document&&) = default;

  // Fails with kInvalid and the reason. Thread-safe.
  [[nodiscard]] static Result<Document> Parse(std::string_view text);

  const Value& root() const { return root_; }

  // Memory for values made beside the parsed ones; they live as long as the Document.
  std::span<const Value> Keep(std::span<const Value> elements);
  std::span<const Member> Keep(std::span<const Member> members);
  std::string_view Keep(std::string_view text);
  // Another text read into this document's memory; kInvalid as Parse.
  [[nodiscard]] Result<Value> ParseInto(std::string_view text);

 private:
  std::unique_ptr<std::pmr::monotonic_buffer_resource> memory_ =
      std::make_unique<std::pmr::monotonic_buffer_resource>();
  Value root_;
};

// Appends the canonical text: members sorted by code point, no spaces, numbers by value without an exponent, one
// beyond 1e+-300 as a string of its text.
void AppendCanonical(const Value& value, std::string& out);
std::string Canonical(const Value& value);

// Appends `text` as a JSON string, quotes included; escapes only what must be.
void AppendQuoted(std::string_view text, std::string& out);

}  // namespace crmsink::json
