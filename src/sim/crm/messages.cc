#include "sim/crm/areas.h"

namespace crmsink::sim {
namespace {

struct Channel {
  std::string_view type;  // messageType
  int type_id;
  std::string_view type_name;
};
constexpr Channel kSms = {"SMS", 2, "TYPE_SMS"}, kCall = {"CALL", 1, "TYPE_CALL"};
constexpr Channel kVoicemailIn = {"CALL", 10, "TYPE_VOICEMAIL"}, kVoicemailOut = {"VoiceMail", 10, "TYPE_VOICEMAIL"};

Conversation& ConversationOf(Crm& crm, Contact& contact) {
  if (contact.conversation != nullptr) return *contact.conversation;
  Conversation& conversation = crm.conversations.emplace_back();
  conversation.id = crm.random.Letters(20);
  conversation.location = contact.location;
  conversation.contact = &contact;
  conversation.document = Document::Object(
      {{"id", conversation.id}, {"contactId", contact.id}, {"deleted", false}, {"inbox", true}, {"starred", false}});
  contact.conversation = &conversation;
  return conversation;
}

void CountUnread(Crm& crm, Conversation& conversation, int unread) {
  conversation.unread = unread;
  conversation.document.Set("inbox", unread > 0).Set("unreadCount", unread);
  if (unread == 0 && crm.random.Percent(10)) conversation.document.Set("starred", true);
  crm.world.Tell("ConversationUnreadWebhook", conversation);
}

Document Head(Crm& crm, Contact& contact, std::string_view direction) {
  return Document::Object({{"contactId", contact.id},
                           {"conversationId", ConversationOf(crm, contact).id},
                           {"dateAdded", FormatRfc3339(crm.world.now())},
                           {"direction", direction}});
}

void AddChannel(Document& members, const Channel& channel) {
  members.Set("messageType", channel.type);
  members.Set("messageTypeId", channel.type_id).Set("messageTypeString", channel.type_name);
}

void AddNumbers(Document& members, const Contact& contact, bool inbound) {
  members.Set("from", inbound ? contact.phone : contact.location->phone);
  members.Set("to", inbound ? contact.location->phone : contact.phone);
}

// Some deliveries have a message id, others are known by the id of the event alone.
Thing& NewMessage(Crm& crm, const Contact& contact, Document& members, int percent_with_id) {
  Thing& message = crm.NewThing(contact.location);
  if (!crm.random.Percent(percent_with_id)) return message;
  message.id = crm.random.Letters(20);
  members.Set("messageId", message.id);
  return message;
}

void Receive(Crm& crm, Contact& contact, Thing& message, const Document& members) {
  crm.world.Tell("InboundMessage", message, members);
  Conversation& conversation = ConversationOf(crm, contact);
  CountUnread(crm, conversation, conversation.unread + 1);
}

std::string Html(std::string_view text) {
  return "<div style=\"font-family: verdana, geneva; font-size: 11pt;\">" + std::string(text) + "</div>";
}

void AddEmail(Crm& crm, Document& members, std::string_view subject, std::string_view text, const std::string& from,
              const std::string& to) {
  const std::string thread = crm.random.Letters(20);
  members.Set("body", Html(text)).Set("messageType", "Email").Set("emailMessageId", thread);
  members.Set("from", from).Set("threadId", thread).Set("subject", subject);
  members.Set("to", crm.random.Percent(25) ? Document::Texts({to}) : Document(to));  // older ones as a list
  if (crm.random.Percent(10)) members.Set("ccList", Document::Texts({"office@example.com", "archive@example.com"}));
  if (crm.random.Percent(3)) members.Set("bccList", Document::Texts({"books@example.com"}));
}

// A conversation provider of the customer's own is asked to send, before HighLevel tells that it was sent.
void AskProvider(Crm& crm, const Contact& contact, Thing& message, std::string_view type, const Document& members) {
  Document asked = Document::Object(
      {{"contactId", contact.id}, {"locationId", contact.location->id}, {"messageId", message.id}, {"type", type}});
  if (type == "SMS") {
    asked.Set("phone", contact.phone).Set("message", members.TextOf("body"));
    asked.Set("attachments", Document::List());
  } else {
    asked.Set("emailMessageId", members.TextOf("emailMessageId")).Set("emailTo", Document::Texts({contact.email}));
    asked.Set("emailFrom", members.TextOf("from")).Set("html", members.TextOf("body"));
    asked.Set("subject", members.TextOf("subject"));
  }
  asked.SetFilled("userId", members.TextOf("userId"));
  crm.world.Tell("ProviderOutboundMessage", message, asked, {.columns = {{"direction", std::string("outbound")}}});
}

void Send(Crm& crm, const Contact& contact, Document& members, std::string_view type) {
  const bool by_provider = !contact.location->provider.empty();
  if (by_provider) members.Set("conversationProviderId", contact.location->provider);
  Thing& message = NewMessage(crm, contact, members, by_provider ? 100 : 70);
  if (by_provider) AskProvider(crm, contact, message, type, members);
  crm.world.Tell("OutboundMessage", message, members);
}

}  // namespace

void ReceiveSms(Crm& crm, Contact& contact, std::string_view text) {
  Document members = Head(crm, contact, "inbound");
  members.Set("attachments", Document::List()).Set("body", text).Set("contentType", "text/plain");
  members.Set("status", "delivered").SetFilled("conversationProviderId", contact.location->provider);
  AddChannel(members, kSms);
  AddNumbers(members, contact, true);
  if (contact.source == "chat widget") members.Set("chatWidgetId", contact.location->calendars[0].substr(0, 20));
  if (crm.random.Percent(8)) members.Set("attachments", Document::Texts({"https://files.example.com/photo-1.jpg"}));
  Receive(crm, contact, NewMessage(crm, contact, members, 70), members);
}

void ReceiveEmail(Crm& crm, Contact& contact, std::string_view text) {
  Document members = Head(crm, contact, "inbound");
  AddEmail(crm, members, "Question about your offer", text, contact.Name() + " <" + contact.email + ">",
           "hello@" + contact.location->domain);
  Receive(crm, contact, NewMessage(crm, contact, members, 0), members);
}

void ReceiveCall(Crm& crm, Contact& contact, bool answered) {
  Document members = Head(crm, contact, "inbound");
  AddChannel(members, answered ? kCall : kVoicemailIn);
  members.Set("status", answered ? "completed" : "voicemail");
  members.Set("attachments", Document::Texts({"https://files.example.com/recording-" + crm.random.Digits(6) + ".mp3"}));
  if (answered) {
    members.Set("callDuration", crm.random.Skewed(190)).Set("callStatus", "completed");
    members.Set("userId", crm.Colleague(*contact.location).id);
  }
  AddNumbers(members, contact, true);
  Receive(crm, contact, NewMessage(crm, contact, members, 100), members);
}

void SendSms(Crm& crm, Contact& contact, std::string_view text, std::string_view source) {
  if (contact.silent) return;
  Document members = Head(crm, contact, "outbound");
  members.Set("attachments", Document::List()).Set("body", text).Set("contentType", "text/plain");
  members.Set("source", source).Set("status", crm.random.Percent(96) ? "delivered" : "failed");
  if (source == "app") members.Set("userId", crm.Colleague(*contact.location).id);
  AddChannel(members, kSms);
  AddNumbers(members, contact, false);
  Send(crm, contact, members, "SMS");
}

void SendEmail(Crm& crm, Contact& contact, std::string_view subject, std::string_view text, std::string_view source) {
  if (contact.silent || contact.document.Find("email") == nullptr) return;
  const User& sender = contact.owner != nullptr ? *contact.owner : *contact.location->team.front();
  const std::string from = sender.Name() + " <" + sender.email + ">";
  Document members = Head(crm, contact, "outbound");
  AddEmail(crm, members, subject, text, from, contact.email);
  members.Set("plainText", text).Set("source", source);
  if (source == "app") members.Set("userId", sender.id);
  Send(crm, contact, members, "Email");
  ReportEmail(crm, contact, from);
}

void Call(Crm& crm, Contact& contact, bool answered) {
  if (contact.silent) return;
  Document members = Head(crm, contact, "outbound");
  AddChannel(members, answered ? kCall : kVoicemailOut);
  members.Set("attachments", Document::Texts({"https://files.example.com/recording-" + crm.random.Digits(6) + ".mp3"}));
  members.Set("userId", crm.Colleague(*contact.location).id).Set("status", "completed");
  if (answered) members.Set("callDuration", crm.random.Skewed(240)).Set("callStatus", "completed");
  AddNumbers(members, contact, false);
  crm.world.Tell("OutboundMessage", NewMessage(crm, contact, members, 100), members);
}

void Comment(Crm& crm, Contact& contact, std::string_view text) {
  const User& writer = crm.Colleague(*contact.location);
  const User& asked = crm.Colleague(*contact.location);
  Document members = Head(crm, contact, "outbound");
  members.Set("body", std::string(text) + " @" + asked.Name() + "<userId>" + asked.id + "</userId>");
  members.Set("contentType", "text/plain").Set("messageType", "InternalComment").Set("userId", writer.id);
  members.Set("status", "delivered").Set("source", "app").Set("mentions", Document::Texts({asked.id}));
  crm.world.Tell("OutboundMessage", NewMessage(crm, contact, members, 100), members);
}

void Read(Crm& crm, Contact& contact) {
  Conversation& conversation = ConversationOf(crm, contact);
  if (conversation.unread > 0) CountUnread(crm, conversation, 0);
}

void MergeChat(Crm& crm, Contact& contact) {
  Conversation& chat = crm.conversations.emplace_back();
  chat.id = crm.random.Letters(20);
  chat.location = contact.location;
  chat.document = Document::Object({{"id", chat.id},
                                    {"contactId", contact.id},
                                    {"deleted", false},
                                    {"inbox", true},
                                    {"starred", false},
                                    {"unreadCount", 1}});
  crm.world.Tell("ConversationUnreadWebhook", chat);
  Document merge = Document::Object({{"companyId", crm.company_id},
                                     {"newConversationId", ConversationOf(crm, contact).id},
                                     {"oldConversationId", chat.id},
                                     {"contactId", contact.id}});
  crm.world.Tell("ConversationUpdate", crm.NewThing(contact.location), merge);
  chat.document.Set("deleted", true).Set("unreadCount", 0).Set("inbox", false);
  crm.world.Tell("ConversationUnreadWebhook", chat, chat.document, {.fate = Fate::kDeleted, .rank = 3});
}

}  // namespace crmsink::sim
