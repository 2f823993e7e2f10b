#include "sim/crm/areas.h"

namespace crmsink::sim {
namespace {

struct Invoice {
  Thing& thing;
  std::int64_t total = 0, paid = 0;
};

// Every event carries the whole invoice. An update may come beside a specific event, with the same version time.
void TellInvoice(Crm& crm, std::string_view event, Invoice& invoice, std::string_view status, bool in_pair) {
  Document& members = invoice.thing.document;
  members.Set("status", status).Set("amountPaid", Document::Hundredths(invoice.paid));
  members.Set("amountDue", Document::Hundredths(invoice.total - invoice.paid));
  members.Set("updatedAt", FormatRfc3339(crm.world.Touch(invoice.thing)));
  if (in_pair) crm.world.Tell("InvoiceUpdate", invoice.thing);
  crm.world.Tell(event, invoice.thing);
}

Document Bill(const Contact& contact) {
  Document bill = Document::Object({{"id", contact.id}, {"phoneNo", contact.phone}, {"name", contact.Name()}});
  bill.SetFilled("email", contact.document.TextOf("email"));
  bill.SetFilled("companyName", contact.document.TextOf("companyName"));
  Document address = Document::Object({{"countryCode", "US"}});
  address.SetFilled("addressLine1", contact.document.TextOf("address1"));
  address.SetFilled("city", contact.document.TextOf("city")).SetFilled("state", contact.document.TextOf("state"));
  address.SetFilled("postalCode", contact.document.TextOf("postalCode"));
  bill.Set("address", std::move(address)).Set("customFields", Document::List());
  bill.Set("additionalEmails", Document::List({Document::Object({{"email", "bills." + contact.email}})}));
  return bill;
}

Document Business(const Location& location) {
  const std::string address =
      "1 Main St, " + std::string(location.city->name) + ", " + std::string(location.city->state);
  return Document::Object({{"name", location.name},
                           {"address", address},
                           {"phoneNo", location.phone},
                           {"website", "https://" + location.domain},
                           {"logoUrl", "https://files.example.com/logo.png"},
                           {"customValues", Document::List()}});
}

Document Items(Crm& crm, const Location& location, std::string_view service, std::int64_t cents) {
  const Document tax = Document::Object({{"_id", location.id.substr(0, 12) + "0000000000aa"},
                                         {"name", "Sales tax"},
                                         {"rate", 8},
                                         {"calculation", "inclusive"}});
  const std::int64_t material = cents / 4;
  std::vector<Document> items;
  for (const bool labour : {true, false}) {
    items.push_back(Document::Object({{"taxes", labour ? Document::List() : Document::List({tax})},
                                      {"_id", crm.random.Hex(24)},
                                      {"currency", "USD"},
                                      {"name", std::string(service) + (labour ? ": work" : ": material")},
                                      {"qty", 1},
                                      {"amount", Document::Hundredths(labour ? cents - material : material)}}));
  }
  return Document::List(std::move(items));
}

Document Draft(Crm& crm, const Contact& contact, const Thing& thing, std::string_view service, std::int64_t cents) {
  const Day today = DayOf(crm.world.now());
  Document members = Document::Object({{"_id", thing.id}, {"status", "draft"}, {"liveMode", true}, {"amountPaid", 0}});
  members.Set("altId", contact.location->id).Set("altType", "location").Set("name", std::string(service));
  members.Set("businessDetails", Business(*contact.location));
  members.Set("invoiceNumber", std::to_string(++crm.invoice_number)).Set("currency", "USD");
  members.Set("contactDetails", Bill(contact));
  members.Set("issueDate", FormatDay(today)).Set("dueDate", FormatDay(today + 14));
  members.Set("discount", Document::Object({{"type", "percentage"}, {"value", 0}}));
  members.Set("invoiceItems", Items(crm, *contact.location, service, cents));
  members.Set("total", Document::Hundredths(cents)).Set("title", "INVOICE");
  members.Set("amountDue", Document::Hundredths(cents)).Set("createdAt", FormatRfc3339(crm.world.now()));
  members.Set("totalSummary", Document::Object({{"subTotal", Document::Hundredths(cents)}, {"discount", 0}}));
  return members;
}

// A discount that was forgotten in the draft.
void Correct(Crm& crm, Invoice& invoice) {
  const std::int64_t off = invoice.total / 20;
  Document& members = invoice.thing.document;
  members.Set("discount", Document::Object({{"type", "percentage"}, {"value", 5}}));
  members.Set("totalSummary", Document::Object({{"subTotal", Document::Hundredths(invoice.total)},
                                                {"discount", Document::Hundredths(off)}}));
  invoice.total -= off;
  members.Set("total", Document::Hundredths(invoice.total));
  TellInvoice(crm, "InvoiceUpdate", invoice, "draft", false);
}

void Pay(Crm& crm, Invoice invoice, std::int64_t cents) {
  invoice.paid += cents;
  const bool done = invoice.paid == invoice.total;
  TellInvoice(crm, done ? "InvoicePaid" : "InvoicePartiallyPaid", invoice, done ? "paid" : "partially_paid",
              crm.random.Percent(40));
  if (done) return;
  crm.world.In(2 * kDay + crm.random.Skewed(8 * kDay),
               [&crm, invoice, cents] { Pay(crm, invoice, invoice.total - cents); });
}

void Settle(Crm& crm, Invoice& invoice) {
  const int outcome = crm.decks.payment.Deal(crm.random);
  if (outcome == 4) return;  // still open
  crm.world.In(kHour + crm.random.Skewed(5 * kDay), [&crm, invoice, outcome]() mutable {
    if (outcome == 0) return Pay(crm, invoice, invoice.total);
    if (outcome == 1) return Pay(crm, invoice, invoice.total / 200 * 100);
    if (outcome == 2) return TellInvoice(crm, "InvoiceVoid", invoice, "void", false);
    invoice.thing.document.Set("status", "delete");
    crm.world.Tell("InvoiceDelete", invoice.thing, invoice.thing.document, {.fate = Fate::kDeleted});
  });
}

}  // namespace

void SendInvoice(Crm& crm, Contact& contact, std::string_view service, std::int64_t cents) {
  Thing& thing = crm.NewThing(contact.location);
  thing.id = crm.random.Hex(24);
  thing.document = Draft(crm, contact, thing, service, cents);
  Invoice invoice{thing, cents};
  TellInvoice(crm, "InvoiceCreate", invoice, "draft", false);
  const bool corrected = crm.random.Percent(30);
  crm.world.In(crm.random.Skewed(20 * kMinute), [&crm, invoice, corrected]() mutable {
    if (corrected) Correct(crm, invoice);
    crm.world.In(crm.random.Skewed(30 * kMinute), [&crm, invoice]() mutable {
      TellInvoice(crm, "InvoiceSent", invoice, "sent", crm.random.Percent(60));
      Settle(crm, invoice);
    });
  });
}

}  // namespace crmsink::sim
