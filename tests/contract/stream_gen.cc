#include "stream_gen.h"

#include <rapidcheck.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <limits>
#include <set>
#include <utility>
#include <variant>

#include "body_gen.h"
#include "contract_suite.h"
#include "naive_event.h"
#include "naive_time.h"

namespace crmsink::contract {
namespace {

constexpr Millis kNoon = kArrival - 12 * 60 * kMinute;

// Few of each, so that they meet: the same thing, the same time, the same distance from a delete.
const Choices& ThingIds() {
  static const Choices ids = {{"\"t1\"", ""},
                              {"\"t1\"", ""},
                              {"\"é2\"", "non-ASCII id"},
                              {"7", "number as id"},
                              {"\"" + std::string(251, 'i') + "\U0001F600\"", "id of 255 bytes"}};
  return ids;
}

std::string Clock() {
  static constexpr Millis kOffsets[] = {0,       0, 1, 4 * kMinute + 59'999, 5 * kMinute, 5 * kMinute + 1, 10 * kMinute,
                                        -kMinute};
  const Millis time = kNoon + kOffsets[*rc::gen::inRange<std::size_t>(0, std::size(kOffsets))];
  switch (*rc::gen::inRange(0, 6)) {
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

// Unique, since one id with two bodies is outside of what may come in any order.
std::string WebhookId(BodyMaker& body) {
  static const Choices prefixes = {
      {"a", ""}, {"Z", ""}, {"é", "non-ASCII id"}, {"\uFFFD", ""}, {"\U0001F600", "non-ASCII id"}};
  std::string id = body.Pick(prefixes) +
                   std::to_string(*rc::gen::inRange<std::uint64_t>(0, std::numeric_limits<std::uint64_t>::max()));
  if (body.Count(9) == 0) {
    body.Note("id of 255 bytes");
    id.resize(255, 'w');
  }
  return "\"" + id + "\"";
}

struct Kind {
  std::vector<std::string> events;  // as often as they are named
  std::string id;                   // member that holds the id
  void (*add)(BodyMaker&);
};

const std::vector<Kind>& Kinds() {
  static const Kind contact{{"ContactCreate", "ContactUpdate", "ContactUpdate", "ContactDelete", "ContactDndUpdate",
                             "ContactTagUpdate", "ContactTagUpdate"},
                            "id",
                            AddContact};
  static const Kind opportunity{
      {"OpportunityCreate", "OpportunityUpdate", "OpportunityUpdate", "OpportunityDelete", "OpportunityStatusUpdate",
       "OpportunityStageUpdate", "OpportunityMonetaryValueUpdate", "OpportunityAssignedToUpdate"},
      "id",
      AddOpportunity};
  static const Kind invoice{{"InvoiceCreate", "InvoiceUpdate", "InvoiceSent", "InvoicePaid", "InvoicePartiallyPaid",
                             "InvoiceVoid", "InvoiceDelete"},
                            "_id",
                            AddInvoice};
  static const Kind message{{"InboundMessage", "OutboundMessage", "ProviderOutboundMessage"}, "messageId", AddMessage};
  static const Kind email{{"LCEmailStats"}, "", AddEmailEvent};
  static const Kind unheard{{"TaskUnheardOf"}, "", [](BodyMaker& body) { body.Maybe("x", Anything()); }};
  static const std::vector<Kind> kinds = {contact, contact, contact, opportunity, opportunity, invoice,
                                          invoice, message, message, email,       unheard};
  return kinds;
}

void AddTimes(BodyMaker& body, bool invoice) {
  const bool updated_at = invoice && body.Count(3) != 0;
  if (updated_at) body.Add("updatedAt", Clock());
  if (!updated_at || body.Count(3) != 0) {
    body.Add("timestamp", Clock());
  } else {
    body.Note("no timestamp");
  }
}

// The same body, but for its head, as one event or as two.
Sent Complete(const BodyMaker& common, const std::string& event) {
  BodyMaker head;
  std::string path = "/webhooks";
  if (event == "ProviderOutboundMessage") {
    head.Add("type", "\"SMS\"");
    path += "/ProviderOutboundMessage";
  } else if (head.Count(3) == 0 && event != "TaskUnheardOf") {
    head.Note("name in the path");
    path += "/" + event;
  } else {
    head.Add("type", "\"" + event + "\"");
  }
  if (head.Count(5) == 0) {
    head.Note("no webhookId");
  } else {
    head.Add("webhookId", WebhookId(head));
  }
  std::string body = head.Json();
  body.pop_back();
  if (body.size() > 1) body += ",";
  body += common.Json().substr(1);
  Sent sent{{path, body, kArrival}, common.features()};
  sent.features.insert(sent.features.end(), head.features().begin(), head.features().end());
  return sent;
}

// One thing that a user does: one delivery, or a specific event with a general update beside it.
Stream Gesture() {
  const Kind& kind = Kinds()[*rc::gen::inRange<std::size_t>(0, Kinds().size())];
  const std::string& event = kind.events[*rc::gen::inRange<std::size_t>(0, kind.events.size())];
  BodyMaker body;
  if (!kind.id.empty() && body.Count(30) == 0) {
    body.Note("no id");
  } else if (!kind.id.empty() && !(kind.id == "messageId" && body.Count(2) == 0)) {
    body.Add(kind.id, body.Pick(ThingIds()));
  }
  AddTimes(body, kind.id == "_id");
  kind.add(body);
  Stream posts{Complete(body, event)};
  const std::string general = kind.id == "_id" ? "InvoiceUpdate" : "OpportunityUpdate";
  const bool can_pair = kind.add == AddInvoice || kind.add == AddOpportunity;
  if (can_pair && event != general && body.Count(1) == 0) {
    posts.push_back(Complete(body, general));
    posts.back().features.push_back("pair");
  }
  return posts;
}

void CountNeighbours(const naive::Event& one, const naive::Event& next, Features& features) {
  if (one.occurred_at != next.occurred_at) return;
  ++features["tie"];
  ++features[one.rank != next.rank         ? "tie decided by rank"
             : one.sent_at != next.sent_at ? "tie decided by timestamp"
                                           : "tie decided by event id"];
}

void CountHistory(const std::vector<naive::Event>& events, Features& features) {
  const naive::Event* deleted = nullptr;
  std::set<bool> has_extra;
  for (const naive::Event& event : events) {
    has_extra.insert(event.body.Find("x") != nullptr);
    if (event.op == Op::kDelete) deleted = &event;
    if (deleted == nullptr || event.op == Op::kDelete) continue;
    const bool later = event.occurred_at > deleted->occurred_at + 5 * kMinute;
    if (event.op == Op::kCreate) {
      ++features["restore by create"];
    } else if (event.entity->name == "Contact") {
      ++features[later ? "restore by update" : "update soon after delete"];
    } else {
      ++features["update after delete"];
    }
  }
  if (has_extra.size() == 2) ++features["extra that comes and goes"];
}

}  // namespace

rc::Gen<Stream> Streams() {
  const auto gestures = rc::gen::container<std::vector<Stream>>(rc::gen::noShrink(rc::gen::exec(Gesture)));
  return rc::gen::map(rc::gen::scale(2.0, gestures), [](const std::vector<Stream>& parts) {
    Stream stream;
    for (const Stream& part : parts) stream.insert(stream.end(), part.begin(), part.end());
    return stream;
  });
}

Features CountFeatures(const Stream& stream) {
  Features features;
  std::map<std::pair<std::string, std::string>, std::map<std::string, naive::Event>> entities;
  for (const Sent& sent : stream) {
    ++features["delivery"];
    for (const std::string& feature : sent.features) ++features[feature];
    auto understood = naive::Understand(sent.post);
    auto* event = std::get_if<naive::Event>(&understood);
    if (event == nullptr || event->entity == nullptr) continue;
    ++features[std::string(event->entity->table)];
    std::string id = event->event_id;
    entities[{std::string(event->entity->name), event->entity_id}].emplace(std::move(id), std::move(*event));
  }
  for (auto& [entity, by_id] : entities) {
    std::vector<naive::Event> events;
    for (auto& [id, event] : by_id) events.push_back(std::move(event));
    std::sort(events.begin(), events.end(), naive::Earlier);
    for (std::size_t i = 1; i < events.size(); ++i) CountNeighbours(events[i - 1], events[i], features);
    CountHistory(events, features);
  }
  return features;
}

const std::vector<std::string>& RequiredFeatures() {
  static const std::vector<std::string> required = {
      "contacts",
      "opportunities",
      "invoices",
      "messages",
      "email_events",
      "tie decided by rank",
      "tie decided by timestamp",
      "tie decided by event id",
      "pair",
      "restore by create",
      "restore by update",
      "update soon after delete",
      "update after delete",
      "extra that comes and goes",
      "id of 255 bytes",
      "text of 255 bytes",
      "text of 256 bytes",
      "null",
      "absent",
      "empty text",
      "empty list",
      "null for a list",
      "no list",
      "null for an object",
      "no object",
      "wrong form",
      "number in string",
      "number in text column",
      "16 digits",
      "number beyond",
      "non-ASCII",
      "non-ASCII id",
      "lone surrogate or U+0000",
      "list or scalar",
      "list in a list",
      "list in a string",
      "no key",
      "no id",
      "no timestamp",
      "no webhookId",
      "name in the path",
      "null in extra",
  };
  return required;
}

void showValue(const Sent& sent, std::ostream& out) { out << sent.post.path << " " << sent.post.body; }

}  // namespace crmsink::contract
