#include "bench/event_maker.h"

#include <functional>

#include "base/time.h"

namespace crmsink::bench {
namespace {

std::string Quoted(const std::string& text) { return '"' + text + '"'; }

std::string Member(const std::string& key, const std::string& value) { return ",\"" + key + "\":" + Quoted(value); }

}  // namespace

std::string EventMaker::Id(std::size_t size) {
  static constexpr char kAlphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  std::string id;
  for (std::size_t i = 0; i < size; ++i) id += kAlphabet[Below(62)];
  return id;
}

std::string EventMaker::Words(std::size_t bytes) {
  static const char* const kWords[] = {"roof",    "invoice", "Tuesday", "repair", "visit", "please", "quote", "water",
                                       "kitchen", "thanks",  "call",    "before", "noon",  "garden", "north", "street"};
  std::string text;
  while (text.size() < bytes) {
    if (!text.empty()) text += ' ';
    text += kWords[Below(std::size(kWords))];
  }
  text.resize(bytes);
  return text;
}

std::string EventMaker::Time() {
  now_ += 1 + static_cast<std::int64_t>(Below(20));
  return FormatRfc3339(now_);
}

std::string EventMaker::Envelope(const std::string& type) {
  const std::string time = Time();
  return "{\"type\":" + Quoted(type) + Member("locationId", "ve9EPM428h8vShlRW1KT") +
         Member("appId", "6878cec452e7c8d29d4dd3d9") + Member("versionId", "6878cec452e7c8d29d4dd3d9") +
         Member("timestamp", time) + Member("webhookId", Id(36));
}

std::string EventMaker::ContactMembers(const Known& contact) {
  std::string body =
      Member("id", contact.id) + Member("firstName", Words(7)) + Member("lastName", Words(9)) +
      Member("name", Words(17)) + Member("email", contact.id.substr(0, 10) + "@example.com") +
      Member("phone", "+1555" + std::to_string(1000000 + std::hash<std::string>()(contact.id) % 9000000)) +
      Member("address1", Words(20)) + Member("city", Words(9)) + Member("state", "AL") + Member("country", "US") +
      Member("postalCode", "35203") + Member("companyName", Words(14)) + Member("website", "https://example.com/") +
      Member("source", "web form") + Member("assignedTo", "bNl8QNGXhIQJLv8eeASQ") +
      Member("dateAdded", "2025-06-01T10:00:00.000Z") + Member("dateOfBirth", "1988-04-02T00:00:00.000Z") +
      ",\"dnd\":false,\"tags\":[";
  for (unsigned i = 0; i < 5; ++i) {
    if (i > 0) body += ',';
    body += Quoted("tag-" + std::to_string(contact.tags + i));
  }
  body += "],\"customFields\":[";
  for (unsigned i = 0; i < 5; ++i) {
    if (i > 0) body += ',';
    body += "{\"id\":\"fieldfieldfieldfie" + std::to_string(10 + i) + "\",\"value\":\"value " +
            std::to_string(contact.fields + i) + "\"}";
  }
  return body + "]";
}

MadeEvent EventMaker::Contact() {
  const bool is_new = contacts_.empty() || Below(10) < 3;
  if (is_new) contacts_.push_back({Id(), 0, 0});
  Known& contact = is_new ? contacts_.back() : contacts_[Below(contacts_.size())];
  if (!is_new && Below(5) == 0) ++(Below(2) == 0 ? contact.tags : contact.fields);
  return {"/webhooks", Envelope(is_new ? "ContactCreate" : "ContactUpdate") + ContactMembers(contact) + "}"};
}

const std::string& EventMaker::Parent() {
  if (contacts_.empty()) contacts_.push_back({Id(), 0, 0});
  return contacts_[Below(contacts_.size())].id;
}

MadeEvent EventMaker::Opportunity() {
  const bool is_new = opportunities_.empty() || Below(10) < 3;
  if (is_new) opportunities_.push_back(Id());
  const std::string& id = is_new ? opportunities_.back() : opportunities_[Below(opportunities_.size())];
  return {"/webhooks", Envelope(is_new ? "OpportunityCreate" : "OpportunityStageUpdate") + Member("id", id) +
                           Member("name", Words(30)) + Member("contactId", Parent()) + Member("pipelineId", Id()) +
                           Member("pipelineStageId", Id(36)) + Member("status", "open") + Member("assignedTo", Id()) +
                           Member("source", Words(20)) + ",\"monetaryValue\":" + std::to_string(Below(10000)) +
                           Member("dateAdded", "2025-06-01T10:00:00.000Z") + "}"};
}

MadeEvent EventMaker::Invoice() {
  const bool is_new = invoices_.empty() || Below(10) < 3;
  if (is_new) invoices_.push_back(Id(24));
  const std::string& id = is_new ? invoices_.back() : invoices_[Below(invoices_.size())];
  const std::string type = is_new ? "InvoiceCreate" : "InvoiceUpdate";
  std::string body =
      Envelope(type) + Member("_id", id) + Member("status", "sent") + ",\"liveMode\":true" + Member("name", Words(20)) +
      Member("title", "INVOICE") + Member("currency", "USD") + Member("invoiceNumber", std::to_string(Below(100000))) +
      Member("issueDate", "2025-06-01") + Member("dueDate", "2025-07-01") +
      ",\"total\":999,\"amountPaid\":0,\"amountDue\":999.5" +
      ",\"totalSummary\":{\"subTotal\":999,\"discount\":0},\"discount\":{\"type\":\"percentage\",\"value\":10}" +
      ",\"businessDetails\":{\"name\":\"Northside Roofing\"" + Member("address", Words(60)) +
      Member("phoneNo", "+15550100") + "},\"contactDetails\":{\"id\":" + Quoted(Parent()) + Member("name", Words(16)) +
      Member("email", Id(8) + "@example.com") +
      ",\"address\":{\"countryCode\":\"US\",\"city\":\"Mobile\"}},\"invoiceItems\":[";
  for (int i = 0; i < 4; ++i) {
    if (i > 0) body += ',';
    body += "{\"_id\":" + Quoted(Id()) + Member("name", Words(20)) + Member("description", Words(60)) +
            Member("currency", "USD") + ",\"qty\":2,\"amount\":" + std::to_string(Below(500)) + ",\"taxes\":[]}";
  }
  return {"/webhooks/" + type, body + "]" + Member("createdAt", "2025-06-01T10:00:00.000Z") +
                                   Member("updatedAt", FormatRfc3339(now_)) + "}"};
}

MadeEvent EventMaker::Message() {
  const bool inbound = Below(2) == 0;
  return {"/webhooks", Envelope(inbound ? "InboundMessage" : "OutboundMessage") + Member("messageId", Id()) +
                           Member("conversationId", Id()) + Member("contactId", Parent()) +
                           Member("direction", inbound ? "inbound" : "outbound") + Member("messageType", "Email") +
                           Member("subject", Words(40)) + Member("body", Words(1100)) +
                           Member("from", "Ann Miller <ann@example.com>") + ",\"to\":[\"office@example.com\"]" +
                           Member("status", "delivered") + Member("contentType", "text/plain") +
                           Member("dateAdded", FormatRfc3339(now_)) + "}"};
}

MadeEvent EventMaker::Mixed() {
  switch (Below(5)) {
    case 0:
      return Opportunity();
    case 1:
      return Invoice();
    case 2:
      return Message();
    default:
      return Contact();
  }
}

}  // namespace crmsink::bench
