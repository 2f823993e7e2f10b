#include "naive_json.h"

#include <cstdint>
#include <utility>

#include "naive_number.h"

namespace crmsink::naive {
namespace {

constexpr std::uint32_t kReplacement = 0xFFFD;

void AppendUtf8(std::uint32_t code, std::string& out) {
  if (code == 0 || (code >= 0xD800 && code <= 0xDFFF)) code = kReplacement;
  const auto tail = [&](int shift) { out.push_back(static_cast<char>(0x80 | ((code >> shift) & 0x3F))); };
  if (code < 0x80) {
    out.push_back(static_cast<char>(code));
  } else if (code < 0x800) {
    out.push_back(static_cast<char>(0xC0 | (code >> 6)));
    tail(0);
  } else if (code < 0x10000) {
    out.push_back(static_cast<char>(0xE0 | (code >> 12)));
    tail(6), tail(0);
  } else {
    out.push_back(static_cast<char>(0xF0 | (code >> 18)));
    tail(12), tail(6), tail(0);
  }
}

struct NotJson {};

class Reader {
 public:
  Reader(std::string_view bytes, std::size_t max_depth) : bytes_(bytes), max_depth_(max_depth) {}

  Json Document() {
    Json value = Value(0);
    SkipSpace();
    if (at_ != bytes_.size()) throw NotJson{};
    return value;
  }

 private:
  // The next byte; -1 at the end.
  int Peek() const { return at_ < bytes_.size() ? static_cast<unsigned char>(bytes_[at_]) : -1; }
  int Take() {
    const int c = Peek();
    if (c < 0) throw NotJson{};
    ++at_;
    return c;
  }
  void Expect(char c) {
    if (Take() != c) throw NotJson{};
  }
  void SkipSpace() {
    while (Peek() == ' ' || Peek() == '\t' || Peek() == '\n' || Peek() == '\r') ++at_;
  }

  Json Value(std::size_t depth) {
    if (++values_ > kMaxValues) throw NotJson{};
    SkipSpace();
    switch (Peek()) {
      case '{':
        return ObjectValue(depth + 1);
      case '[':
        return ListValue(depth + 1);
      case '"':
        return Json::String(StringText());
      case 't':
        return Word("true", Json::Boolean(true));
      case 'f':
        return Word("false", Json::Boolean(false));
      case 'n':
        return Word("null", Json{});
      default:
        return NumberValue();
    }
  }

  Json Word(std::string_view word, Json value) {
    for (const char c : word) Expect(c);
    return value;
  }

  Json NumberValue() {
    const std::size_t length = NumberLength(bytes_.substr(at_));
    if (length == 0) throw NotJson{};
    Json value = Json::Number(std::string(bytes_.substr(at_, length)));
    at_ += length;
    return value;
  }

  Json ListValue(std::size_t depth) {
    if (depth > max_depth_) throw NotJson{};
    Json value = Json::List({});
    Expect('[');
    SkipSpace();
    if (Peek() == ']') return Take(), value;
    while (true) {
      value.list.push_back(Value(depth));
      SkipSpace();
      if (Peek() == ']') return Take(), value;
      Expect(',');
    }
  }

  Json ObjectValue(std::size_t depth) {
    if (depth > max_depth_) throw NotJson{};
    Json value = Json::Object({});
    Expect('{');
    SkipSpace();
    if (Peek() == '}') return Take(), value;
    while (true) {
      SkipSpace();
      std::string member = StringText();
      SkipSpace();
      Expect(':');
      if (!value.object.contains(member)) value.order.push_back(member);
      value.object[std::move(member)] = Value(depth);
      SkipSpace();
      if (Peek() == '}') return Take(), value;
      Expect(',');
    }
  }

  std::string StringText() {
    std::string out;
    Expect('"');
    while (true) {
      const int c = Peek();
      if (c == '"') return Take(), out;
      if (c < 0x20) throw NotJson{};
      if (c == '\\') {
        Escape(out);
      } else {
        AppendUtf8(RawCodePoint(), out);
      }
    }
  }

  void Escape(std::string& out) {
    Expect('\\');
    const int c = Take();
    static constexpr std::string_view kNames = "\"\\/bfnrt";
    static constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    if (const auto n = kNames.find(static_cast<char>(c)); n != std::string_view::npos) {
      out.push_back(kMeanings[n]);
      return;
    }
    if (c != 'u') throw NotJson{};
    const std::uint32_t code = Hex4();
    const bool high = code >= 0xD800 && code <= 0xDBFF;
    if (high && bytes_.substr(at_, 2) == "\\u") {
      const std::size_t mark = at_;
      at_ += 2;
      const std::uint32_t low = Hex4();
      if (low >= 0xDC00 && low <= 0xDFFF) {
        AppendUtf8(0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00), out);
        return;
      }
      at_ = mark;  // the second one stands for itself
    }
    AppendUtf8(code, out);
  }

  std::uint32_t Hex4() {
    std::uint32_t code = 0;
    for (int i = 0; i < 4; ++i) {
      const int c = Take();
      const bool digit = c >= '0' && c <= '9';
      const int letter = c | 0x20;
      if (!digit && (letter < 'a' || letter > 'f')) throw NotJson{};
      code = code * 16 + static_cast<std::uint32_t>(digit ? c - '0' : letter - 'a' + 10);
    }
    return code;
  }

  // One character of well-formed UTF-8: shortest form, no surrogate, at most U+10FFFF.
  std::uint32_t RawCodePoint() {
    const int first = Take();
    if (first < 0x80) return static_cast<std::uint32_t>(first);
    const int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
    if (first < 0xC2 || first > 0xF4) throw NotJson{};
    auto code = static_cast<std::uint32_t>(first & (0x3F >> more));
    for (int i = 0; i < more; ++i) {
      const int c = Take();
      if ((c & 0xC0) != 0x80) throw NotJson{};
      code = (code << 6) | static_cast<std::uint32_t>(c & 0x3F);
    }
    static constexpr std::uint32_t kLeast[] = {0, 0x80, 0x800, 0x10000};
    if (code < kLeast[more] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) throw NotJson{};
    return code;
  }

  std::string_view bytes_;
  const std::size_t max_depth_;
  std::size_t at_ = 0;
  std::size_t values_ = 0;
};

}  // namespace

std::optional<Json> ParseJson(std::string_view bytes, std::size_t max_depth) {
  try {
    return Reader(bytes, max_depth).Document();
  } catch (const NotJson&) {
    return std::nullopt;
  }
}

}  // namespace crmsink::naive
