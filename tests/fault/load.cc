#include "fault/load.h"

#include <array>
#include <string_view>

#include "base/time.h"

namespace crmsink::fault {
namespace {

std::string Quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

std::string Member(std::string_view key, std::string_view value) { return ',' + Quoted(key) + ':' + Quoted(value); }

}  // namespace

std::atomic<std::int64_t> Load::clock_{1'760'000'000'000};

std::string Load::Words(std::size_t least, std::size_t most) {
  static constexpr std::array<std::string_view, 8> kWords = {
      "gutter", "estimate", "Thursday", "caf\xc3\xa9", "call back", "north side", "\\u00e9t\\u00e9", "leak"};
  const std::size_t size = least + Below(most - least + 1);
  std::string text;
  while (text.size() < size) text.append(kWords[Below(kWords.size())]).append(" ");
  return text;
}

std::string Load::IdOf(const char* kind) { return std::string(kind) + "-" + std::to_string(Below(entities_)); }

// One event in ten is late, one in ten has the time of another.
std::string Load::Envelope(const std::string& type) {
  std::int64_t time = OneIn(10) ? clock_.load() : clock_ += 3;
  if (OneIn(10)) time -= static_cast<std::int64_t>(Below(3'600'000));
  event_id_ = tag_ + "-" + std::to_string(made_++);
  return "{\"type\":" + Quoted(type) + Member("webhookId", event_id_) + Member("timestamp", FormatRfc3339(time)) +
         Member("locationId", "location-" + std::to_string(Below(3)));
}

MadeEvent Load::Contact() {
  const std::string id = IdOf("contact");
  if (OneIn(12))
    return {"/webhooks", Envelope("ContactDelete") + Member("id", id) + "}", event_id_, "contacts_all", id};
  std::string body = Envelope(OneIn(3) ? "ContactCreate" : "ContactUpdate") + Member("id", id);
  if (!OneIn(4)) body += Member("firstName", Words(4, 12)) + Member("email", id + "@example.com");
  if (OneIn(5)) body += ",\"lastName\":null";
  if (OneIn(3)) body += Member("note", Words(10, 300));
  if (!OneIn(3)) {
    body += ",\"tags\":[";
    const std::size_t tags = Below(5);
    for (std::size_t i = 0; i < tags; ++i) {
      if (i > 0) body += ',';
      body += Quoted("tag " + std::to_string(Below(9)));
    }
    body += "],\"customFields\":[{\"id\":\"budget\",\"value\":" + std::to_string(Below(1000)) +
            "},{\"id\":\"roof\",\"value\":" + Quoted(Words(3, 30)) + "}]";
  }
  return {"/webhooks", body + "}", event_id_, "contacts_all", id};
}

MadeEvent Load::Opportunity() {
  static constexpr std::array<const char*, 6> kTypes = {"OpportunityCreate",      "OpportunityUpdate",
                                                        "OpportunityStageUpdate", "OpportunityStatusUpdate",
                                                        "OpportunityDelete",      "OpportunityMonetaryValueUpdate"};
  const std::string id = IdOf("deal");
  return {"/webhooks",
          Envelope(kTypes[Below(kTypes.size())]) + Member("id", id) + Member("name", Words(5, 40)) +
              Member("contactId", IdOf("contact")) + Member("pipelineStageId", "stage " + std::to_string(Below(5))) +
              ",\"monetaryValue\":" + std::to_string(Below(100000)) + "." + std::to_string(Below(100)) + "}",
          event_id_, "opportunities_all", id};
}

// Invoices name their event in the path alone.
MadeEvent Load::Invoice() {
  static constexpr std::array<const char*, 5> kTypes = {"InvoiceCreate", "InvoiceUpdate", "InvoiceSent", "InvoicePaid",
                                                        "InvoiceDelete"};
  const std::string id = IdOf("invoice");
  const std::string type = kTypes[Below(kTypes.size())];
  std::string body = Envelope("") + Member("_id", id) + Member("invoiceNumber", std::to_string(Below(10000))) +
                     ",\"total\":" + std::to_string(Below(5000)) + ",\"invoiceItems\":[";
  const std::size_t items = Below(4);
  for (std::size_t i = 0; i < items; ++i) {
    if (i > 0) body += ',';
    body += "{\"name\":" + Quoted(Words(4, 30)) + ",\"qty\":" + std::to_string(1 + Below(9)) +
            ",\"taxes\":[{\"name\":\"VAT\",\"rate\":19}]}";
  }
  return {"/webhooks/" + type, body + "]}", event_id_, "invoices_all", id};
}

MadeEvent Load::Message() {
  const std::string id = IdOf("message");
  return {"/webhooks",
          Envelope(OneIn(2) ? "InboundMessage" : "OutboundMessage") + Member("messageId", id) +
              Member("contactId", IdOf("contact")) + Member("messageType", "Email") + Member("body", Words(50, 2000)) +
              ",\"to\":[\"office@example.com\"," + Quoted(id + "@example.com") + "]}",
          event_id_, "messages_all", id};
}

MadeEvent Load::EmailEvent() {
  std::string body = Envelope("LCEmailStats") + ",\"webhookPayload\":{\"event\":\"opened\",\"recipient\":" +
                     Quoted(IdOf("contact") + "@example.com") +
                     ",\"tags\":[\"loc_1\",\"et_bulk\"],\"size\":" + std::to_string(Below(9999)) + "}}";
  return {"/webhooks/LCEmailStats", std::move(body), event_id_, "email_events", event_id_};
}

MadeEvent Load::Next() {
  switch (Below(6)) {
    case 0:
      return Opportunity();
    case 1:
      return Invoice();
    case 2:
      return Message();
    case 3:
      return EmailEvent();
    default:
      return Contact();
  }
}

}  // namespace crmsink::fault
