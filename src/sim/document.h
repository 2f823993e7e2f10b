#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crmsink::sim {

// A JSON value that is built member by member and keeps their order, as a sender's program would.
//
// An object is either a structure, of which a body may send some members and mean only those, or a map (dndSettings),
// which is always sent whole.
class Document {
 public:
  using Member = std::pair<std::string, Document>;

  Document() = default;  // null
  Document(const char* text) : kind_(Kind::kText), text_(text) {}
  Document(std::string text) : kind_(Kind::kText), text_(std::move(text)) {}
  Document(std::string_view text) : kind_(Kind::kText), text_(text) {}
  Document(bool value) : kind_(Kind::kLiteral), text_(value ? "true" : "false") {}
  Document(std::int64_t value) : kind_(Kind::kLiteral), text_(std::to_string(value)) {}
  Document(int value) : Document(std::int64_t{value}) {}

  static Document Object(std::vector<Member> members = {});
  static Document Map(std::vector<Member> members = {});
  static Document List(std::vector<Document> elements = {});
  static Document Texts(const std::vector<std::string>& texts);
  // An amount in hundredths as a script writes it: 1250, 150.1.
  static Document Hundredths(std::int64_t value);
  // Milliseconds as seconds with decimals: 1726212700.959.
  static Document Seconds(std::int64_t millis);

  // Sets or replaces a member. REQUIRES: an object.
  Document& Set(std::string_view key, Document value);
  // The same, where the text is not empty: what is empty is mostly left out.
  Document& SetFilled(std::string_view key, const std::string& text);
  void Erase(std::string_view key);
  // The member's value; nullptr where there is none.
  const Document* Find(std::string_view key) const;
  // The text of a member that is a text or number; else empty.
  std::string TextOf(std::string_view key) const;

  // What somebody knows who knew this and is told `news`: members of structures one by one, everything else replaced.
  void Learn(const Document& news);

  bool IsObject() const { return kind_ == Kind::kStructure || kind_ == Kind::kMap; }
  const std::vector<Member>& members() const { return members_; }

  // Appends compact JSON.
  void Write(std::string& out) const;
  std::string Text() const;

 private:
  enum class Kind { kNull, kLiteral, kText, kList, kStructure, kMap };

  Kind kind_ = Kind::kNull;
  std::string text_;             // of a literal what is written
  std::vector<Member> members_;  // of a list with empty names
};

}  // namespace crmsink::sim
