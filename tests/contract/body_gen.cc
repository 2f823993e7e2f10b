#include "body_gen.h"

#include <cstddef>
#include <iterator>

#include "naive_json.h"
#include "naive_time.h"
#include "value_choices.h"

namespace crmsink::contract {
namespace {

constexpr Millis kMinute = 60 * 1000;

class Writer {
 public:
  explicit Writer(Dice& dice) : dice_(dice) {}

  std::string Members(const Place& place) {
    std::string out;
    for (const auto& [name, member] : place.members) {
      if (IsThere(member)) Append(out, "\"" + name + "\":" + Value(member));
    }
    if (place.each_member != nullptr) {
      dice_.Note("map");
      for (std::size_t n = dice_.Below(4); n > 0; --n) {
        Append(out, dice_.Pick(Names()) + ":" + Value(*place.each_member));
      }
    } else if (dice_.OneIn(3)) {
      Append(out, "\"unknown\":" + dice_.Pick(place.keeps_secret ? Secrets() : Anything()));
    }
    return out;
  }

 private:
  static void Append(std::string& out, const std::string& member) { out += (out.empty() ? "" : ",") + member; }

  static bool IsContainer(const Place& place) {
    return place.element != nullptr || place.each_member != nullptr || !place.members.empty();
  }

  bool IsThere(const Place& place) {
    if (place.is_needed) return !dice_.OneIn(40);
    if (IsContainer(place)) return !dice_.OneIn(5);
    if (place.given != nullptr || place.is_time) return !dice_.OneIn(3);
    if (dice_.OneIn(3)) return true;
    dice_.Note("absent");
    return false;
  }

  std::string Value(const Place& place) {
    if (place.is_time && !dice_.OneIn(6)) return Clock(dice_);
    if (place.given != nullptr && (place.is_needed || !dice_.OneIn(8))) return dice_.Pick(*place.given);
    const std::size_t forms =
        (place.element != nullptr ? 1u : 0u) + (IsObject(place) ? 1u : 0u) + (place.types.empty() ? 0u : 1u);
    std::size_t form = forms < 2 ? 0 : dice_.Below(forms);
    if (place.element != nullptr && form-- == 0) return List(place);
    if (IsObject(place) && form-- == 0) return Object(place);
    return Scalar(place);
  }

  static bool IsObject(const Place& place) { return place.each_member != nullptr || !place.members.empty(); }

  std::string Scalar(const Place& place) {
    if (place.types.empty()) return dice_.Pick(Anything());
    return dice_.Pick(ChoicesOf(place.types[dice_.Below(place.types.size())]));
  }

  std::string List(const Place& place) {
    static const Choices odd = {{"null", "null for a list"},
                                {"[]", "empty list"},
                                {"\"\"", "empty text for a list"},
                                {"7", "no list"},
                                {R"({"a":1})", "no list"}};
    static const Choices odd_text = {{R"("u5")", "no list"}, {R"("[1")", "no list"}, {R"("{}")", "no list"}};
    if (place.holds_secret && dice_.OneIn(12)) return dice_.Pick(Secrets());
    if (dice_.OneIn(6)) return dice_.Pick(odd);
    if (place.scalar_ok && dice_.OneIn(3)) {
      dice_.Note("list or scalar");
      return Scalar(*place.element);
    }
    if (place.json_string_ok && dice_.OneIn(6)) return dice_.Pick(odd_text);
    std::string list;
    ++depth_;
    if (depth_ > 1) dice_.Note(depth_ > 2 ? "list in a list in a list" : "list in a list");
    for (std::size_t n = dice_.Below(4); n > 0; --n) Append(list, Value(*place.element));
    --depth_;
    list = "[" + list + "]";
    if (!place.json_string_ok || !dice_.OneIn(3)) return list;
    dice_.Note("list in a string");
    return naive::Canonical(naive::Json::String(list));
  }

  std::string Object(const Place& place) {
    static const Choices odd = {{"null", "null for an object"},
                                {"\"\"", "empty text for an object"},
                                {"{}", "empty object"},
                                {"7", "no object"},
                                {"[{}]", "no object"}};
    static const Choices odd_secret = {{"\"s3cr3t\"", "secret"}, {R"(["s3cr3t"])", "secret"}};
    if (place.holds_secret && dice_.OneIn(12)) return dice_.Pick(odd_secret);
    if (!place.is_needed && dice_.OneIn(8)) return dice_.Pick(odd);
    return "{" + Members(place) + "}";
  }

  Dice& dice_;
  int depth_ = 0;
};

}  // namespace

std::string Clock(Dice& dice) {
  static constexpr Millis kOffsets[] = {
      0, 0, 1, 4 * kMinute + 59'999, 5 * kMinute, 5 * kMinute + 1, 10 * kMinute, 11 * kMinute, -kMinute};
  const Millis time = kNoon + kOffsets[dice.Below(std::size(kOffsets))];
  switch (dice.Below(6)) {
    case 0:
      return std::to_string(time);
    case 1: {
      const std::string east = naive::FormatTime(time + 60 * kMinute);
      return "\"" + east.substr(0, east.size() - 1) + "9+01:00\"";
    }
    default:
      return "\"" + naive::FormatTime(time) + "\"";
  }
}

std::string MakeMembers(const Place& places, Dice& dice) { return Writer(dice).Members(places); }

}  // namespace crmsink::contract
