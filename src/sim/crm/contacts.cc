#include <algorithm>

#include "sim/crm/areas.h"
#include "sim/crm/hours.h"

namespace crmsink::sim {
namespace {

std::string MadeUpEmail(Crm& crm, const Contact& contact) {
  std::string name;
  for (const char c : contact.first + "." + contact.last) {
    if (c == '.' || (c >= 'a' && c <= 'z')) name += c;
    if (c >= 'A' && c <= 'Z') name += static_cast<char>(c - 'A' + 'a');
  }
  return name + std::to_string(crm.contacts.size()) + "@example.com";
}

// Each event of a contact carries the whole of it, as far as it is filled in.
void TellContact(Crm& crm, std::string_view event, Contact& contact, const Said& said = {}) {
  crm.world.Tell(event, contact, contact.document, said);
}

Document CustomFields(Crm& crm, const Contact& contact) {
  const auto& ids = contact.location->custom_fields;
  std::vector<Document> fields;
  const auto add = [&](std::size_t i, Document value) {
    fields.push_back(Document::Object({{"id", ids[i]}, {"value", std::move(value)}}));
  };
  add(0, contact.location->trade->services[crm.PickIndex(3)].name);
  if (crm.random.Percent(70)) add(1, crm.random.Between(2, 40) * 500);
  if (crm.random.Percent(40)) add(2, Document::Texts({"Morning", crm.random.Percent(50) ? "Evening" : "Noon"}));
  if (crm.random.Percent(25)) add(3, FormatDay(DayOf(crm.world.now()) + crm.random.Between(10, 90)));
  return Document::List(std::move(fields));
}

void AddAddress(Crm& crm, const Location& location, Document& members) {
  const std::string number = std::to_string(crm.random.Between(12, 9'800));
  members.Set("address1", number + " " + std::string(crm.random.Pick(kStreets))).Set("city", location.city->name);
  members.Set("state", location.city->state).Set("postalCode", location.city->zip);
}

}  // namespace

Contact& AddContact(Crm& crm, Location& location, std::string_view source) {
  Contact& contact = crm.contacts.emplace_back();
  contact.id = crm.random.Letters(20);
  contact.location = &location;
  contact.first = crm.random.Pick(kFirstNames);
  contact.last = crm.random.Pick(kLastNames);
  contact.email = MadeUpEmail(crm, contact);
  contact.phone = "+1" + std::string(location.city->area_code) + "555" + crm.random.Digits(4);
  contact.source = source;
  contact.came_at = crm.world.now();
  if (crm.random.Percent(70)) contact.owner = &crm.Colleague(location);
  Document& members = contact.document;
  members = Document::Object({{"id", contact.id}});
  if (crm.random.Percent(20)) members.Set("companyName", crm.random.Pick(kCompanies));
  if (crm.random.Percent(25)) AddAddress(crm, location, members);
  members.Set("country", "US").Set("source", source).Set("dateAdded", FormatRfc3339(crm.world.now()));
  members.Set("dnd", false);
  if (!crm.random.Percent(8)) members.Set("email", contact.email);
  members.Set("name", contact.Name()).Set("firstName", contact.first).Set("lastName", contact.last);
  members.Set("phone", contact.phone).Set("tags", Document::List()).Set("attachments", Document::List());
  if (contact.owner != nullptr) members.Set("assignedTo", contact.owner->id);
  TellContact(crm, "ContactCreate", contact);
  members.Erase("attachments");
  return contact;
}

void FillInContact(Crm& crm, Contact& contact) {
  Document& members = contact.document;
  if (members.Find("city") == nullptr) AddAddress(crm, *contact.location, members);
  if (crm.random.Percent(30)) {
    members.Set("dateOfBirth", FormatDay(crm.random.Between(-7'000, 13'000)) + "T00:00:00.000Z");
  }
  if (crm.random.Percent(15)) members.Set("website", "https://" + contact.last.substr(0, 1) + "-site.example.com/");
  if (crm.random.Percent(50)) members.Set("phoneLabel", "Mobile");
  members.Set("customFields", CustomFields(crm, contact));
  const bool cleared = crm.random.Percent(10) && members.Find("companyName") != nullptr;
  if (cleared) members.Set("companyName", "");
  TellContact(crm, "ContactUpdate", contact);
  if (cleared) members.Erase("companyName");
  members.Erase("phoneLabel");  // the other events do not have it
}

void TagContact(Crm& crm, Contact& contact, std::string_view tag) {
  auto& tags = contact.tags;
  const auto found = std::ranges::find(tags, tag);
  if (found == tags.end()) {
    tags.emplace_back(tag);
  } else {
    tags.erase(found);  // a tag that is there is taken off
  }
  contact.document.Set("tags", Document::Texts(tags));
  const bool in_pair = crm.random.Percent(30);
  if (in_pair) TellContact(crm, "ContactUpdate", contact);
  TellContact(crm, "ContactTagUpdate", contact, {.at_once = in_pair});
}

void SilenceContact(Crm& crm, Contact& contact) {
  contact.silent = true;
  contact.document.Set("dnd", true);
  Document settings = Document::Map();
  const std::string note =
      "Updated by '" + crm.Colleague(*contact.location).Name() + "' at " + FormatRfc3339(crm.world.now());
  for (const std::string_view channel : kChannels) {
    const bool by_hand = crm.random.Percent(70);
    settings.Set(channel, Document::Object({{"status", by_hand ? "active" : "inactive"},
                                            {"message", by_hand ? note : ""},
                                            {"code", by_hand ? "103" : ""}}));
  }
  if (crm.random.Percent(40)) settings.Set("RCS", Document::Object({{"status", "inactive"}}));
  Document members = contact.document;
  members.Set("dndSettings", std::move(settings));
  crm.world.Tell("ContactDndUpdate", contact, members);
}

void DeleteContact(Crm& crm, Contact& contact, bool restored) {
  if (contact.opportunity != nullptr && !contact.opportunity->deleted) DeleteOpportunity(crm, *contact.opportunity);
  TellContact(crm, "ContactDelete", contact, {.fate = Fate::kDeleted});
  // The update of the same moment comes beside it, and says nothing of the deletion.
  if (crm.random.Percent(40)) TellContact(crm, "ContactUpdate", contact);
  if (!restored) return;
  crm.world.In(kHour + crm.random.Skewed(12 * kHour),
               [&crm, &contact] { TellContact(crm, "ContactUpdate", contact, {.fate = Fate::kRestored}); });
}

void AddNote(Crm& crm, Contact& contact) {
  Thing& note = crm.NewThing(contact.location);
  note.id = crm.random.Letters(20);
  note.document = Document::Object({{"id", note.id},
                                    {"body", crm.random.Pick(kNotes)},
                                    {"contactId", contact.id},
                                    {"dateAdded", FormatRfc3339(crm.world.now())}});
  crm.world.Tell("NoteCreate", note);
  const int end = crm.decks.note.Deal(crm.random);
  if (end == 0) return;
  crm.world.In(crm.random.Skewed(2 * kDay), [&crm, &note, end] {
    if (end == 2) return crm.world.Tell("NoteDelete", note, note.document, {.fate = Fate::kDeleted});
    note.document.Set("body", note.document.TextOf("body") + "<p>Done, thanks.</p>");
    crm.world.Tell("NoteUpdate", note);
  });
}

void AddTask(Crm& crm, Contact& contact) {
  Thing& task = crm.NewThing(contact.location);
  task.id = crm.random.Letters(20);
  const Millis due = NextOpen(crm.world.now() + crm.random.Skewed(3 * kDay), contact.location->city->zone);
  task.document = Document::Object({{"id", task.id}, {"title", crm.random.Pick(kTasks)}});
  if (contact.owner != nullptr) task.document.Set("assignedTo", contact.owner->id);
  task.document.Set("dateAdded", FormatRfc3339(crm.world.now())).Set("dueDate", FormatRfc3339(due));
  Document whole = task.document;  // what a completion carries; a creation mostly says less
  whole.Set("contactId", contact.id).Set("body", "About " + contact.Name());
  crm.world.Tell("TaskCreate", task, crm.random.Percent(60) ? task.document : whole,
                 {.columns = {{"is_completed", std::int64_t{0}}}});
  task.document = std::move(whole);
  const int end = crm.decks.task.Deal(crm.random);
  if (end == 1) return;
  crm.world.At(due - kHour + crm.random.Skewed(4 * kHour), [&crm, &task, end] {
    if (end == 2) return crm.world.Tell("TaskDelete", task, task.document, {.fate = Fate::kDeleted});
    crm.world.Tell("TaskComplete", task, task.document, {.columns = {{"is_completed", std::int64_t{1}}}});
  });
}

}  // namespace crmsink::sim
