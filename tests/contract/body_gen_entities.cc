#include "body_gen.h"

namespace crmsink::contract {
namespace {

std::string Tag(BodyMaker& body) {
  static const Choices choices = {{"\"vip\"", ""}, {"\"a\"", ""}, {"\"b\"", ""}, {"5", ""}, {"\"Ünï\"", "non-ASCII"}};
  return body.Count(3) == 0 ? body.Pick(Texts()) : body.Pick(choices);
}

std::string Address(BodyMaker& body) {
  static const Choices choices = {
      {"\"a@example.com\"", ""}, {"\"b@example.com\"", ""}, {"\"\"", ""}, {"null", ""}, {"{\"x\":1}", "wrong form"}};
  return body.Pick(choices);
}

// One text or a list of them.
std::string Addresses(BodyMaker& body) {
  if (body.Count(1) == 0) return Address(body);
  body.Note("list or scalar");
  return body.List([&] { return Address(body); });
}

std::string Item(BodyMaker& body) {
  return body.Object([](BodyMaker& item) {
    item.Maybe("_id", Texts());
    item.Maybe("name", Texts());
    item.Maybe("qty", Numbers());
    item.Maybe("unknown", Anything());
    item.MaybeMade("taxes", [&] {
      item.Note("list in a list");
      return item.List([&] {
        return item.Object([](BodyMaker& tax) {
          tax.Maybe("_id", Texts());
          tax.Maybe("taxId", Texts());
          tax.Maybe("rate", Numbers());
          tax.Maybe("unknown", Anything());
        });
      });
    });
  });
}

std::string CustomField(BodyMaker& body) {
  static const Choices ids = {{"\"f1\"", ""}, {"\"f2\"", ""},     {"\"f3\"", ""},
                              {"7", ""},      {"null", "no key"}, {"[]", "no key"}};
  return body.Object([](BodyMaker& field) {
    if (field.Count(5) != 0) field.Add("id", field.Pick(ids));
    field.Maybe("value", Anything());
    field.Maybe("fieldKey", Texts());
  });
}

std::string Attachment(BodyMaker& body) {
  static const Choices choices = {
      {"\"u1\"", ""}, {R"({"url":"u2","size":1})", ""}, {"null", ""}, {"5", ""}, {"[1]", "wrong form"}, {"\"\"", ""}};
  return body.Pick(choices);
}

std::string Attachments(BodyMaker& body) {
  static const Choices texts = {
      {R"("[\"u3\",{\"url\":\"u4\"}]")", "list in a string"}, {R"("u5")", "no list"}, {R"("[1")", "no list"}};
  if (body.Count(4) == 0) return body.Pick(texts);
  return body.List([&] { return Attachment(body); });
}

void AddUnknown(BodyMaker& body) {
  body.Maybe("x", Anything());
  body.Maybe("y", Anything());
  body.Maybe("é", Anything());
}

}  // namespace

void AddContact(BodyMaker& body) {
  for (const char* member : {"name", "email", "phone", "city", "companyId", "locationId"}) body.Maybe(member, Texts());
  body.Maybe("dnd", Booleans());
  body.Maybe("dateOfBirth", Dates());
  body.Maybe("dateAdded", Times());
  body.MaybeMade("tags", [&] { return body.List([&] { return Tag(body); }); });
  body.MaybeMade("customFields", [&] { return body.List([&] { return CustomField(body); }); });
  body.MaybeMade("attachments", [&] { return Attachments(body); });
  body.MaybeMade("dndSettings", [&] {
    return body.Object([](BodyMaker& map) {
      for (const char* channel : {"SMS", "Email", "Call"}) {
        map.MaybeMade(channel, [&] {
          return map.Object([](BodyMaker& setting) {
            setting.Maybe("status", Texts());
            setting.Maybe("code", Texts());
            setting.Maybe("unknown", Anything());
          });
        });
      }
    });
  });
  AddUnknown(body);
}

void AddOpportunity(BodyMaker& body) {
  for (const char* member : {"name", "status", "pipelineStageId", "contactId", "assignedTo"})
    body.Maybe(member, Texts());
  body.Maybe("monetaryValue", Numbers());
  body.Maybe("dateAdded", Times());
  AddUnknown(body);
}

void AddInvoice(BodyMaker& body) {
  for (const char* member : {"status", "invoiceNumber", "altId", "locationId"}) body.Maybe(member, Texts());
  if (body.Count(1) == 0) body.Add("altType", "\"location\"");
  body.Maybe("total", Numbers());
  body.Maybe("dueDate", Dates());
  body.Maybe("createdAt", Times());
  body.MaybeMade("totalSummary", [&] {
    return body.Object([](BodyMaker& summary) {
      summary.Maybe("subTotal", Numbers());
      summary.Maybe("tax", Numbers());
      summary.Maybe("unknown", Anything());
    });
  });
  body.MaybeMade("businessDetails", [&] {
    return body.Object([](BodyMaker& business) {
      business.Maybe("address", Texts());
      business.MaybeMade("customValues", [&] { return business.List([&] { return business.Pick(Anything()); }); });
    });
  });
  body.MaybeMade("contactDetails", [&] {
    return body.Object([](BodyMaker& contact) {
      contact.Maybe("id", Texts());
      contact.MaybeMade("address", [&] { return contact.Object([](BodyMaker& a) { a.Maybe("city", Texts()); }); });
      contact.MaybeMade("customFields", [&] { return contact.List([&] { return contact.Pick(Anything()); }); });
      contact.MaybeMade("additionalEmails", [&] {
        return contact.List([&] { return contact.Object([](BodyMaker& mail) { mail.Maybe("email", Texts()); }); });
      });
    });
  });
  body.MaybeMade("discount", [&] {
    return body.Object([](BodyMaker& discount) {
      discount.Maybe("value", Numbers());
      discount.MaybeMade("validOnProductIds", [&] { return discount.List([&] { return Tag(discount); }); });
    });
  });
  body.MaybeMade("invoiceItems", [&] { return body.List([&] { return Item(body); }); });
  AddUnknown(body);
}

void AddMessage(BodyMaker& body) {
  for (const char* member : {"contactId", "messageType", "body", "message", "direction", "from", "emailFrom"}) {
    body.Maybe(member, Texts());
  }
  body.Maybe("messageTypeId", Integers());
  body.Maybe("callDuration", Numbers());
  body.Maybe("dateAdded", Times());
  for (const char* member : {"to", "emailTo", "phone", "cc", "ccList", "bcc", "bccList"}) {
    body.MaybeMade(member, [&] { return Addresses(body); });
  }
  body.MaybeMade("attachments", [&] { return Attachments(body); });
  body.MaybeMade("mentions", [&] { return body.List([&] { return Tag(body); }); });
  AddUnknown(body);
}

void AddEmailEvent(BodyMaker& body) {
  body.Maybe("locationId", Texts());
  body.MaybeMade("webhookPayload", [&] {
    return body.Object([](BodyMaker& payload) {
      for (const char* member : {"event", "id", "recipient", "severity"}) payload.Maybe(member, Texts());
      payload.Maybe("timestamp", Times());
      payload.Maybe("unknown", Anything());
      payload.MaybeMade("flags",
                        [&] { return payload.Object([](BodyMaker& flags) { flags.Maybe("is-routed", Booleans()); }); });
      payload.MaybeMade("delivery-status", [&] {
        return payload.Object([](BodyMaker& status) {
          status.Maybe("code", Integers());
          status.Maybe("session-seconds", Numbers());
        });
      });
      payload.MaybeMade("tags", [&] { return payload.List([&] { return Tag(payload); }); });
      payload.MaybeMade("campaigns", [&] { return payload.List([&] { return payload.Pick(Anything()); }); });
    });
  });
  AddUnknown(body);
}

}  // namespace crmsink::contract
