#include "sim/document.h"

#include <algorithm>

#include "base/json.h"

namespace crmsink::sim {

Document Document::Object(std::vector<Member> members) {
  Document object;
  object.kind_ = Kind::kStructure;
  object.members_ = std::move(members);
  return object;
}

Document Document::Map(std::vector<Member> members) {
  Document map = Object(std::move(members));
  map.kind_ = Kind::kMap;
  return map;
}

Document Document::List(std::vector<Document> elements) {
  Document list;
  list.kind_ = Kind::kList;
  for (Document& element : elements) list.members_.emplace_back("", std::move(element));
  return list;
}

Document Document::Texts(const std::vector<std::string>& texts) { return List({texts.begin(), texts.end()}); }

Document Document::Hundredths(std::int64_t value) {
  Document number;
  number.kind_ = Kind::kLiteral;
  number.text_ = std::to_string(value / 100);
  const std::int64_t rest = value % 100;
  if (rest == 0) return number;
  number.text_ += rest % 10 == 0 ? "." + std::to_string(rest / 10) : (rest < 10 ? ".0" : ".") + std::to_string(rest);
  return number;
}

Document Document::Seconds(std::int64_t millis) {
  Document number(millis / 1000);
  const std::string rest = std::to_string(1000 + millis % 1000).substr(1);
  if (rest != "000") number.text_ += "." + rest;
  return number;
}

Document& Document::Set(std::string_view key, Document value) {
  for (auto& [name, old] : members_) {
    if (name != key) continue;
    old = std::move(value);
    return *this;
  }
  members_.emplace_back(key, std::move(value));
  return *this;
}

Document& Document::SetFilled(std::string_view key, const std::string& text) {
  return text.empty() ? *this : Set(key, text);
}

void Document::Erase(std::string_view key) {
  std::erase_if(members_, [&](const Member& member) { return member.first == key; });
}

const Document* Document::Find(std::string_view key) const {
  const auto found = std::find_if(members_.begin(), members_.end(), [&](const Member& m) { return m.first == key; });
  return found == members_.end() ? nullptr : &found->second;
}

std::string Document::TextOf(std::string_view key) const {
  const Document* value = Find(key);
  return value == nullptr ? "" : value->text_;
}

void Document::Learn(const Document& news) {
  for (const auto& [name, value] : news.members_) {
    const auto known = std::find_if(members_.begin(), members_.end(), [&](const Member& m) { return m.first == name; });
    if (known == members_.end()) {
      members_.emplace_back(name, value);
    } else if (known->second.kind_ == Kind::kStructure && value.kind_ == Kind::kStructure) {
      known->second.Learn(value);
    } else {
      known->second = value;
    }
  }
}

void Document::Write(std::string& out) const {
  switch (kind_) {
    case Kind::kNull:
      out += "null";
      return;
    case Kind::kLiteral:
      out += text_;
      return;
    case Kind::kText:
      json::AppendQuoted(text_, out);
      return;
    case Kind::kList:
    case Kind::kStructure:
    case Kind::kMap:
      break;
  }
  const bool named = kind_ != Kind::kList;
  out += named ? '{' : '[';
  for (std::size_t i = 0; i < members_.size(); ++i) {
    if (i > 0) out += ',';
    if (named) {
      json::AppendQuoted(members_[i].first, out);
      out += ':';
    }
    members_[i].second.Write(out);
  }
  out += named ? '}' : ']';
}

std::string Document::Text() const {
  std::string out;
  Write(out);
  return out;
}

}  // namespace crmsink::sim
