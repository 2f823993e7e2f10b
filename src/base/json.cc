#include "base/json.h"

#include <simdjson.h>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <unordered_map>

#include "base/decimal.h"

namespace crmsink::json {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

template <class T>
std::span<const T> KeepIn(std::pmr::memory_resource& memory, std::span<const T> items) {
  if (items.empty()) return {};
  T* copy = static_cast<T*>(memory.allocate(items.size_bytes(), alignof(T)));
  std::uninitialized_copy(items.begin(), items.end(), copy);
  return {copy, items.size()};
}

std::string_view KeepIn(std::pmr::memory_resource& memory, std::string_view text) {
  const auto kept = KeepIn(memory, std::span<const char>(text.data(), text.size()));
  return {kept.data() == nullptr ? "" : kept.data(), kept.size()};
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The code unit of a \uXXXX escape at `at`; -1 where there is none.
int EscapedUnit(std::string_view text, std::size_t at) {
  if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u') return -1;
  int unit = 0;
  for (std::size_t i = at + 2; i < at + 6; ++i) {
    const int digit = HexDigit(text[i]);
    if (digit < 0) return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

// Rewrites, in place, the escapes that no column can hold (\u0000, half a surrogate pair) to \ufffd. Escapes stand
// only in strings, and a backslash outside of one is refused later, so looking for backslashes is enough.
void MendEscapes(std::span<char> text) {
  const std::string_view view(text.data(), text.size());
  for (auto at = view.find('\\'); at != std::string_view::npos; at = view.find('\\', at)) {
    const int unit = EscapedUnit(view, at);
    if (unit < 0) {
      at += 2;
      if (at >= view.size()) return;
      continue;
    }
    const bool high = unit >= 0xD800 && unit < 0xDC00;
    if (high) {
      const int low = EscapedUnit(view, at + 6);
      if (low >= 0xDC00 && low < 0xE000) {
        at += 12;
        continue;
      }
    }
    if (unit == 0 || (unit >= 0xD800 && unit < 0xE000)) std::memcpy(text.data() + at + 2, "fffd", 4);
    at += 6;
  }
}

// Turns what simdjson finds into Values. One per thread, so that its buffers are made once; the depth bounds the
// recursion.
class Reader {
 public:
  // False: error() says why.
  bool Read(std::string_view text, std::pmr::memory_resource& memory, Value& root) {
    memory_ = &memory;
    values_ = 0;
    error_.clear();
    elements_.clear();
    members_.clear();
    const bool done = ReadAll(text, root);
    if (buffer_.capacity() > kKeptBytes) Shrink();
    return done;
  }

  const std::string& error() const { return error_; }

 private:
  static constexpr std::size_t kKeptBytes = 1 << 20;

  void Shrink() {
    std::string error = std::move(error_);
    *this = Reader();
    error_ = std::move(error);
  }

  bool ReadAll(std::string_view text, Value& root) {
    buffer_.reserve(text.size() + simdjson::SIMDJSON_PADDING);
    buffer_.assign(text.begin(), text.end());
    buffer_.resize(text.size() + simdjson::SIMDJSON_PADDING, ' ');
    MendEscapes({buffer_.data(), text.size()});
    ondemand::document document;
    const auto code = parser_.iterate(buffer_.data(), text.size(), buffer_.size()).get(document);
    if (code != simdjson::SUCCESS) return Refuse(simdjson::error_message(code));
    ondemand::value value;
    if (document.get_value().get(value) != simdjson::SUCCESS) return Refuse("it is neither an object nor a list");
    if (!Read(value, 1, root)) return false;
    // At the end, and only there, it has no current location.
    return document.current_location().error() == simdjson::OUT_OF_BOUNDS ||
           Refuse("there is more after the end of the document");
  }

  bool Refuse(std::string_view why) {
    if (error_.empty()) error_ = why;
    return false;
  }

  bool Check(simdjson::error_code code) { return code == simdjson::SUCCESS || Refuse(simdjson::error_message(code)); }

  bool Read(ondemand::value& from, std::size_t depth, Value& to) {
    if (++values_ > Document::kMaxValues) return Refuse("it has more than 2,000,000 values");
    ondemand::json_type type;
    if (!Check(from.type().get(type))) return false;
    switch (type) {
      case ondemand::json_type::array:
        return depth > Document::kMaxDepth ? Refuse("it is nested deeper than 128") : ReadArray(from, depth, to);
      case ondemand::json_type::object:
        return depth > Document::kMaxDepth ? Refuse("it is nested deeper than 128") : ReadObject(from, depth, to);
      case ondemand::json_type::string: {
        std::string_view text;
        if (!Check(from.get_string().get(text))) return false;
        to = Value::String(KeepIn(*memory_, text));
        return true;
      }
      default:
        return ReadLiteral(from.raw_json_token(), to);
    }
  }

  bool ReadLiteral(std::string_view token, Value& to) {
    while (!token.empty() &&
           (token.back() == ' ' || token.back() == '\n' || token.back() == '\r' || token.back() == '\t')) {
      token.remove_suffix(1);
    }
    if (token == "null") {
      to = Value();
    } else if (token == "true" || token == "false") {
      to = Value::Bool(token == "true");
    } else if (IsJsonNumber(token)) {
      to = Value::Number(KeepIn(*memory_, token));
    } else {
      return Refuse("it has something that is no JSON value");
    }
    return true;
  }

  bool ReadArray(ondemand::value& from, std::size_t depth, Value& to) {
    ondemand::array array;
    if (!Check(from.get_array().get(array))) return false;
    const std::size_t start = elements_.size();
    for (auto item : array) {
      ondemand::value element;
      Value value;
      if (!Check(std::move(item).get(element)) || !Read(element, depth + 1, value)) return false;
      elements_.push_back(value);
    }
    to = Value::Array(KeepIn(*memory_, std::span<const Value>(elements_).subspan(start)));
    elements_.resize(start);
    return true;
  }

  bool ReadObject(ondemand::value& from, std::size_t depth, Value& to) {
    ondemand::object object;
    if (!Check(from.get_object().get(object))) return false;
    const std::size_t start = members_.size();
    for (auto item : object) {
      ondemand::field field;
      std::string_view key;
      if (!Check(std::move(item).get(field)) || !Check(field.unescaped_key().get(key))) return false;
      key = KeepIn(*memory_, key);
      Value value;
      if (!Read(field.value(), depth + 1, value)) return false;
      members_.push_back({key, value});
    }
    KeepLast(start);
    to = Value::Object(KeepIn(*memory_, std::span<const Member>(members_).subspan(start)));
    members_.resize(start);
    return true;
  }

  // Of members with the same name, from `start`, leaves the last value in the first one's place.
  void KeepLast(std::size_t start) {
    const auto own = std::span<Member>(members_).subspan(start);
    std::size_t kept = 0;
    if (own.size() <= 48) {
      for (std::size_t i = 0; i < own.size(); ++i) {
        const auto same = std::find_if(own.begin(), own.begin() + static_cast<std::ptrdiff_t>(kept),
                                       [&](const Member& member) { return member.key == own[i].key; });
        if (same != own.begin() + static_cast<std::ptrdiff_t>(kept)) {
          same->value = own[i].value;
        } else {
          own[kept++] = own[i];
        }
      }
    } else {
      std::unordered_map<std::string_view, std::size_t> places;
      for (const Member& member : own) {
        const auto [place, is_new] = places.try_emplace(member.key, kept);
        if (is_new) {
          own[kept++] = member;
        } else {
          own[place->second].value = member.value;
        }
      }
    }
    members_.resize(start + kept);
  }

  ondemand::parser parser_;
  std::pmr::memory_resource* memory_ = nullptr;
  std::vector<char> buffer_;
  std::vector<Value> elements_;  // of the open arrays, innermost last
  std::vector<Member> members_;  // of the open objects, innermost last
  std::size_t values_ = 0;
  std::string error_;
};

}  // namespace

const Value* Value::Find(std::string_view key) const {
  for (const Member& member : members()) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

Result<Document> Document::Parse(std::string_view text) {
  Document document;
  // What the values of such a text take, so that the memory is had in one piece.
  document.memory_ =
      std::make_unique<std::pmr::monotonic_buffer_resource>(std::min<std::size_t>(3 * text.size() + 1024, 1 << 20));
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  auto root = document.ParseInto(text);
  if (!root) return tl::unexpected(root.error());
  document.root_ = *root;
  return document;
}

Result<Value> Document::ParseInto(std::string_view text) {
  // simdjson 3.12 skips one, 3.0 does not.
  if (text.starts_with(kByteOrderMark)) return Fail(ErrorCode::kInvalid, "a byte order mark where a value should be");
  static thread_local Reader reader;
  Value root;
  if (!reader.Read(text, *memory_, root)) return Fail(ErrorCode::kInvalid, reader.error());
  return root;
}

std::span<const Value> Document::Keep(std::span<const Value> elements) { return KeepIn(*memory_, elements); }
std::span<const Member> Document::Keep(std::span<const Member> members) { return KeepIn(*memory_, members); }
std::string_view Document::Keep(std::string_view text) { return KeepIn(*memory_, text); }

void AppendQuoted(std::string_view text, std::string& out) {
  static constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += "\\u00";
          out += kHex[c >> 4];
          out += kHex[c & 15];
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

void AppendCanonical(const Value& value, std::string& out) {
  switch (value.kind()) {
    case Kind::kNull:
      out += "null";
      return;
    case Kind::kBool:
      out += value.text();
      return;
    case Kind::kString:
      AppendQuoted(value.text(), out);
      return;
    case Kind::kNumber: {
      const auto number = Decimal::Parse(value.text());
      if (number && number->InRange()) {
        out += number->Plain();
      } else {
        AppendQuoted(value.text(), out);
      }
      return;
    }
    case Kind::kArray: {
      out += '[';
      bool first = true;
      for (const Value& element : value.elements()) {
        if (!first) out += ',';
        first = false;
        AppendCanonical(element, out);
      }
      out += ']';
      return;
    }
    case Kind::kObject: {
      std::vector<const Member*> sorted;
      sorted.reserve(value.members().size());
      for (const Member& member : value.members()) sorted.push_back(&member);
      std::sort(sorted.begin(), sorted.end(), [](const Member* a, const Member* b) { return a->key < b->key; });
      out += '{';
      for (const Member* member : sorted) {
        if (member != sorted.front()) out += ',';
        AppendQuoted(member->key, out);
        out += ':';
        AppendCanonical(member->value, out);
      }
      out += '}';
      return;
    }
  }
}

std::string Canonical(const Value& value) {
  std::string out;
  AppendCanonical(value, out);
  return out;
}

}  // namespace crmsink::json
