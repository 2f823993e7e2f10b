#include "sim/crm/areas.h"

namespace crmsink::sim {
namespace {

// What the mail provider writes of one message. Names have hyphens, times are in seconds.
struct Mail {
  std::string id, header_id, from, to;
};

Document Statistic(Crm& crm, const Contact& contact, const Mail& mail, std::string_view event, Millis at) {
  const std::string domain = mail.to.substr(mail.to.find('@') + 1);
  Document payload = Document::Object({{"event", event}, {"id", mail.id}, {"timestamp", Document::Seconds(at)}});
  payload.Set("flags", Document::Object({{"is-authenticated", true},
                                         {"is-routed", false},
                                         {"is-big", false},
                                         {"is-system-test", false},
                                         {"is-test-mode", false}}));
  Document headers = Document::Object({{"message-id", mail.header_id}, {"from", mail.from}, {"to", mail.to}});
  payload.Set("message", Document::Object({{"attachments", Document::List()},
                                           {"headers", std::move(headers)},
                                           {"size", crm.random.Between(1'200, 9'000)}}));
  payload.Set("log-level", event == "failed" ? "error" : "info");
  payload.Set("recipient", mail.to).Set("recipient-domain", domain).Set("recipient-provider", "Other");
  payload.Set("tags", Document::Texts({"loc_" + contact.location->id, "com_" + crm.company_id, "et_other"}));
  payload.Set("campaigns", Document::List());
  return payload;
}

void AddDelivery(Crm& crm, const Mail& mail, Document& payload, bool failed) {
  const std::int64_t seconds = crm.random.Between(20, 900);  // thousandths
  Document status = Document::Object({{"attempt-no", 1},
                                      {"code", failed ? 550 : 250},
                                      {"message", failed ? "5.1.1 no such user" : "OK"},
                                      {"description", ""},
                                      {"session-seconds", Document::Seconds(seconds)},
                                      {"enhanced-code", ""},
                                      {"mx-host", "mail.example.com"},
                                      {"utf8", true},
                                      {"i-first-delivery-attempt-seconds", Document::Seconds(seconds / 2)}});
  payload.Set("delivery-status", std::move(status));
  payload.Set("envelope", Document::Object({{"sender", "bounce@mail.example.com"},
                                            {"targets", mail.to},
                                            {"transport", "smtp"},
                                            {"sending-ip", "192.0.2.17"},
                                            {"i-ip-pool-id", "65cc66e77a4d4f63649d0001"},
                                            {"i-ip-pool-name", "shared-1"}}));
  if (failed) payload.Set("severity", "permanent").Set("reason", "bounce");
}

void TellStatistic(Crm& crm, const Contact& contact, const Mail& mail, std::string_view event) {
  Millis at = crm.world.now();
  const bool delivery = event == "delivered" || event == "failed";
  if (delivery) at = at / kSecond * kSecond;
  Document payload = Statistic(crm, contact, mail, event, at);
  if (delivery) {
    AddDelivery(crm, mail, payload, event == "failed");
  } else {  // what no column takes
    payload.Set("ip", "198.51.100." + std::to_string(crm.random.Between(1, 254)));
    payload.Set("client-info", Document::Object({{"device-type", crm.random.Percent(60) ? "mobile" : "desktop"}}));
  }
  if (event == "clicked") payload.Set("url", "https://" + contact.location->domain + "/book");
  Thing& fact = crm.NewThing(contact.location);
  fact.updated = at;
  Document members = Document::Object({{"companyId", crm.company_id}, {"webhookPayload", std::move(payload)}});
  crm.world.Tell("LCEmailStats", fact, members);
}

struct Action {
  std::string_view type, name;
  Document parameters;
};

Action PickAction(Crm& crm, const Location& location) {
  static constexpr std::string_view kTypes[] = {"CALL_TRANSFER", "IN_CALL_DATA_EXTRACTION", "WORKFLOW_TRIGGER",
                                                "SMS",           "APPOINTMENT_BOOKING",     "CUSTOM_ACTION",
                                                "KNOWLEDGE_BASE"};
  const std::string_view type = crm.random.Pick(kTypes);
  Document parameters = Document::Object({{"triggerPrompt", "When the caller asks for it"}});
  parameters.Set("triggerMessage", "One moment, please");
  const auto parameter = Document::Object(
      {{"name", "orderNumber"}, {"description", "As on the receipt"}, {"type", "string"}, {"example", "A-17"}});
  if (type == "CALL_TRANSFER") {
    parameters.Set("transferToType", "number").Set("transferToValue", location.phone).Set("hearWhisperMessage", true);
  } else if (type == "IN_CALL_DATA_EXTRACTION") {
    parameters.Set("contactFieldId", location.custom_fields[1]).Set("description", "Budget in dollars");
    parameters.Set("examples", Document::Texts({"5000", "about ten thousand"})).Set("overwriteExistingValue", false);
  } else if (type == "WORKFLOW_TRIGGER") {
    parameters.Set("workflowId", crm.random.Uuid());
  } else if (type == "SMS") {
    parameters.Set("messageBody", "Thanks for calling " + location.name + "!");
  } else if (type == "APPOINTMENT_BOOKING") {
    parameters.Set("calendarId", location.calendars[0]).Set("daysOfOfferingDates", 3);
    parameters.Set("slotsPerDay", 2).Set("hoursBetweenSlots", 3);
  } else if (type == "CUSTOM_ACTION") {
    Document header = Document::Object({{"key", "x-tenant"}, {"value", "brightside"}});
    parameters.Set("apiDetails", Document::Object({{"url", "https://api.example.com/orders"},
                                                   {"method", "GET"},
                                                   {"authenticationRequired", true},
                                                   {"authenticationValue", "Bearer made-up"},
                                                   {"headers", Document::List({std::move(header)})},
                                                   {"parameters", Document::List({parameter})}}));
    parameters.Set("selectedPaths", Document::Texts({"data.orderId", "status"}));
  } else {
    parameters.Set("knowledgeBaseId", crm.random.Hex(24)).Set("parameters", Document::List({parameter}));
  }
  return {type, "Offered on the phone", std::move(parameters)};
}

Document Actions(Crm& crm, const Location& location) {
  std::vector<Document> actions;
  const std::int64_t count = crm.random.Between(0, 2);
  for (std::int64_t i = 0; i < count; ++i) {
    Action action = PickAction(crm, location);
    const Millis asked = crm.world.now() - (count - i) * 30 * kSecond;
    actions.push_back(Document::Object({{"_id", crm.random.Hex(24)},
                                        {"actionType", action.type},
                                        {"actionName", action.name},
                                        {"actionParameters", std::move(action.parameters)},
                                        {"executedAt", FormatRfc3339(asked + 2 * kSecond)},
                                        {"triggerReceivedAt", FormatRfc3339(asked)}}));
  }
  return Document::List(std::move(actions));
}

}  // namespace

void ReportEmail(Crm& crm, const Contact& contact, const std::string& from) {
  const Mail mail{crm.random.Letters(22), "<" + crm.random.Letters(18) + "@mail.example.com>", from, contact.email};
  const int outcome = crm.decks.email.Deal(crm.random);
  const auto tell = [&crm, &contact, mail](std::string_view event, Millis wait) {
    crm.world.In(wait, [&crm, &contact, mail, event] { TellStatistic(crm, contact, mail, event); });
  };
  if (outcome == 3) return tell("failed", crm.random.Skewed(4 * kSecond));
  tell("delivered", crm.random.Skewed(4 * kSecond));
  const Millis opened = 10 * kSecond + crm.random.Skewed(5 * kHour);
  if (outcome == 1 || outcome == 2) tell("opened", opened);
  if (outcome == 2) tell("clicked", opened + crm.random.Skewed(kMinute));
  if (outcome == 4) tell("unsubscribed", opened);
}

void RunCampaign(Crm& crm, Contact& contact) {
  Thing& run = crm.NewThing(contact.location);
  run.id = crm.random.Letters(20);
  run.document = Document::Object({{"id", run.id},
                                   {"contactId", contact.id},
                                   {"status", "active"},
                                   {"templateId", contact.location->pipeline.substr(0, 19) + "c"},
                                   {"dateAdded", FormatRfc3339(crm.world.now())}});
  crm.world.Tell("CampaignStatusUpdate", run);
  const int end = crm.decks.campaign.Deal(crm.random);
  crm.world.In(kDay, [&crm, &contact] { SendEmail(crm, contact, "Our spring offer", "Ten percent off.", "campaign"); });
  crm.world.In(kDay + crm.random.Skewed(6 * kDay), [&crm, &run, end] {
    run.document.Set("status", end == 0 ? "completed" : end == 1 ? "replied" : "paused");
    if (end == 1) run.document.Set("replied", "true");
    crm.world.Tell("CampaignStatusUpdate", run);
  });
}

void TalkToVoiceAi(Crm& crm, Contact& contact) {
  Thing& call = crm.NewThing(contact.location);
  call.id = crm.random.Letters(20);
  const std::int64_t seconds = 15 + crm.random.Skewed(120);
  const std::string question(crm.random.Pick(contact.location->trade->asks));
  Document members = Document::Object({{"id", call.id},
                                       {"agentId", crm.random.Hex(24)},
                                       {"contactId", contact.id},
                                       {"fromNumber", contact.phone},
                                       {"createdAt", FormatRfc3339(crm.world.now() - seconds * kSecond)},
                                       {"duration", seconds},
                                       {"summary", "The caller asked: " + question},
                                       {"transcript", "bot:Thanks for calling. How can I help?\nhuman:" + question}});
  if (crm.random.Percent(20)) {
    members.Set("translation", Document::Object({{"transcript", "bot:Gracias por llamar."}, {"language", "es"}}));
  }
  Document extracted = Document::Map({{"fullName", contact.Name()}});
  if (crm.random.Percent(50)) extracted.Set("budget", crm.random.Between(1, 20) * 1'000);
  members.Set("extractedData", std::move(extracted));
  members.Set("executedCallActions", Actions(crm, *contact.location));
  members.Set("messageId", crm.random.Letters(20)).Set("trialCall", false);
  crm.world.Tell("VoiceAiCallEnd", call, members);
}

}  // namespace crmsink::sim
