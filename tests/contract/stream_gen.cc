#include "stream_gen.h"

#include <rapidcheck.h>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <map>
#include <variant>

#include "body_gen.h"
#include "contract_suite.h"
#include "entities/catalog.h"
#include "naive_event.h"
#include "naive_values.h"
#include "value_choices.h"

namespace crmsink::contract {
namespace {

constexpr std::size_t kEntitiesOfAStream = 8;

const Place& PlacesFor(const Entity& entity) {
  static const std::map<std::string_view, Place> all = [] {
    std::map<std::string_view, Place> places;
    for (const Entity* each : Entities()) places.emplace(each->name, PlacesOf(*each));
    return places;
  }();
  return all.at(entity.name);
}

std::string Quoted(const std::string& text) { return "\"" + text + "\""; }

// Unique, since one id with two bodies is outside of what may come in any order.
std::string WebhookId(Dice& dice) {
  static const Choices prefixes = {
      {"a", ""}, {"Z", ""}, {"é", "non-ASCII id"}, {"\uFFFD", ""}, {"\U0001F600", "non-ASCII id"}};
  std::string id = dice.Pick(prefixes) + std::to_string(dice.Any());
  if (dice.OneIn(10)) {
    dice.Note("id of 255 bytes");
    id.resize(255, 'w');
  }
  return Quoted(id);
}

// Where a delivery goes and what it calls itself; `type` is empty where it has no such member.
struct Head {
  std::string path = "/webhooks";
  std::string type;
};

std::string AnyCase(std::string name, Dice& dice) {
  const std::size_t letter = dice.Below(name.size());
  const auto c = static_cast<unsigned char>(name[letter]);
  name[letter] = static_cast<char>(std::islower(c) != 0 ? std::toupper(c) : std::tolower(c));
  return name;
}

Head NamedByPath(const EventType& event, Dice& dice) {
  static const Choices odd = {{"null", ""}, {"\"\"", ""},         {"5", ""},
                              {"{}", ""},   {"\"one_time\"", ""}, {"\"Unheard\"", ""}};
  Head head{"/webhooks/" + AnyCase(std::string(event.name), dice) + (dice.OneIn(4) ? "/" : ""), ""};
  dice.Note("name in the path");
  const auto overruled = naive::Split(event.path_overrules, '|');
  const auto body_types = naive::Split(event.body_types, '|');
  if (!overruled.empty() && dice.OneIn(2)) {
    dice.Note("path that overrules");
    head.type = Quoted(overruled[dice.Below(overruled.size())]);
  } else if (!body_types.empty() && !dice.OneIn(3)) {
    dice.Note("type of the body");
    head.type = Quoted(body_types[dice.Below(body_types.size())]);
  } else if (dice.OneIn(3)) {
    head.type = dice.Pick(odd);
  }
  return head;
}

Head MakeHead(const EventType& event, Dice& dice) {
  const auto aliases = naive::Split(event.aliases, '|');
  const auto body_types = naive::Split(event.body_types, '|');
  if (!body_types.empty() && dice.OneIn(6)) return {"/webhooks", Quoted(body_types[dice.Below(body_types.size())])};
  if (dice.OneIn(3)) return NamedByPath(event, dice);
  if (!aliases.empty() && dice.OneIn(3)) {
    dice.Note("alias");
    return {"/webhooks", Quoted(AnyCase(aliases[dice.Below(aliases.size())], dice))};
  }
  if (dice.OneIn(12)) {
    dice.Note("told by its shape");
    return {"/webhooks", dice.OneIn(2) ? "" : "null"};
  }
  if (dice.OneIn(30)) return {"/webhooks", Quoted("Unheard" + std::string(event.name))};
  return {"/webhooks", Quoted(std::string(event.name))};
}

bool HasOwnTime(const Post& post) {
  const auto understood = naive::Understand(post);
  const auto* event = std::get_if<naive::Event>(&understood);
  return event != nullptr && event->has_own_time;
}

// The same members, but for the head, as one event or as two.
Sent Complete(const std::string& members, const EventType& event, Dice& dice) {
  const Head head = MakeHead(event, dice);
  std::string all = members;
  const auto add = [&](const std::string& member) { all = member + (all.empty() ? "" : ",") + all; };
  if (dice.OneIn(6)) {
    dice.Note("no webhookId");
    if (dice.OneIn(4)) add(R"("webhookId":null)");
  } else {
    add("\"webhookId\":" + WebhookId(dice));
  }
  if (!head.type.empty()) add("\"type\":" + head.type);
  Post post{head.path, "{" + all + "}", kArrival};
  if (dice.OneIn(3) && HasOwnTime(post)) {
    dice.Note("no timestamp");
    if (dice.OneIn(3)) add("\"timestamp\":" + dice.Pick(Times()));
  } else {
    add("\"timestamp\":" + Clock(dice));
  }
  post.body = "{" + all + "}";
  return {post, dice.features()};
}

const EventType* GeneralUpdateOf(const Entity& entity) {
  for (const EventType& event : entity.events) {
    if (event.op == Op::kUpdate && event.rank == 1) return &event;
  }
  return nullptr;
}

// One thing that a user does: one delivery, or a specific event with a general update beside it.
void AddGesture(const Entity& entity, const EventType& event, std::uint64_t seed, Stream& stream) {
  Dice dice(seed);
  const std::string members = MakeMembers(PlacesFor(entity), dice);
  stream.push_back(Complete(members, event, dice));
  const EventType* general = GeneralUpdateOf(entity);
  if (general == nullptr || general == &event || event.rank < 2 || !dice.OneIn(2)) return;
  Dice more(dice.Any());
  more.Note("pair");
  stream.push_back(Complete(members, *general, more));
}

// The size that rapidcheck passes (0 to 100, growing from stream to stream) says which entities it is about; so the
// same configuration gives the same stream again.
Stream MakeStream(std::uint64_t seed, int size) {
  Dice dice(seed);
  const auto& entities = Entities();
  const std::size_t first = static_cast<std::size_t>(size) * kEntitiesOfAStream / 5;
  std::map<std::string_view, std::size_t> turns;  // so that each event of an entity comes up
  Stream stream;
  for (std::size_t n = 40 + 2 * static_cast<std::size_t>(size); n > 0; --n) {
    const Entity& entity = *entities[(first + dice.Below(kEntitiesOfAStream)) % entities.size()];
    const std::size_t turn = turns.try_emplace(entity.name, dice.Below(entity.events.size())).first->second++;
    AddGesture(entity, entity.events[turn % entity.events.size()], dice.Any(), stream);
  }
  return stream;
}

}  // namespace

rc::Gen<Stream> Streams() {
  const auto streams = rc::gen::withSize([](int size) {
    return rc::gen::map(rc::gen::noShrink(rc::gen::resize(rc::kNominalSize, rc::gen::arbitrary<std::uint64_t>())),
                        [size](std::uint64_t seed) { return MakeStream(seed, size); });
  });
  return rc::gen::shrink(streams, [](Stream stream) { return rc::shrink::removeChunks(std::move(stream)); });
}

void showValue(const Sent& sent, std::ostream& out) { out << sent.post.path << " " << sent.post.body; }

}  // namespace crmsink::contract
