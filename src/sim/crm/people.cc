#include "sim/crm/areas.h"

namespace crmsink::sim {
namespace {

Document Permissions(Random& random, bool all) {
  Document map = Document::Map();
  for (const std::string_view name : kPermissions) map.Set(name, all || random.Percent(60));
  return map;
}

// One of the agency's own people: no locationId, but a list of sub-accounts.
void HireManager(Crm& crm, const Location& location) {
  Thing& user = crm.NewThing(nullptr);
  user.id = crm.random.Letters(20);
  const std::string_view first = crm.random.Pick(kFirstNames), last = crm.random.Pick(kLastNames);
  user.document = Document::Object({{"companyId", crm.company_id},
                                    {"id", user.id},
                                    {"firstName", first},
                                    {"lastName", last},
                                    {"email", "manager" + std::to_string(crm.users.size()) + "@example.com"},
                                    {"phone", "+12125550" + std::to_string(100 + crm.random.Below(100))},
                                    {"extension", ""},
                                    {"role", "admin"},
                                    {"permissions", Permissions(crm.random, true)},
                                    {"locations", Document::Texts({location.id})}});
  crm.world.Tell("UserCreate", user);
  crm.world.In(crm.random.Skewed(6 * kDay), [&crm, &user] {
    std::vector<std::string> all;
    for (const Location& each : crm.locations) all.push_back(each.id);
    user.document.Set("locations", Document::Texts(all));
    user.document.Set("scopes", Document::Texts({"contacts.readonly", "contacts.write", "locations.readonly"}));
    crm.world.Tell("UserUpdate", user);
  });
}

void ChangeRole(Crm& crm, Location& location) {
  User& user = crm.Colleague(location);
  user.document.Set("role", "admin").Set("permissions", Permissions(crm.random, true));
  user.document.Set("scopes", Document::Texts({"calendars.write", "contacts.write", "opportunities.write"}));
  crm.world.Tell("UserUpdate", user);
}

// Somebody goes, a new colleague takes over.
void ReplaceUser(Crm& crm, Location& location) {
  const std::size_t place = crm.PickIndex(location.team.size());
  User& gone = *location.team[place];
  location.team[place] = &AddUser(crm, location);
  crm.world.In(3 * kHour, [&crm, &gone] {
    Document members = gone.document;
    if (members.Find("scopes") == nullptr) members.Set("scopes", Document::Texts({"contacts.readonly"}));
    crm.world.Tell("UserDelete", gone, members, {.fate = Fate::kDeleted});
  });
}

}  // namespace

User& AddUser(Crm& crm, Location& location) {
  User& user = crm.users.emplace_back();
  user.id = crm.random.Letters(20);
  user.location = &location;
  user.first = crm.random.Pick(kFirstNames);
  user.last = crm.random.Pick(kLastNames);
  user.email = "team" + std::to_string(crm.users.size()) + "@" + location.domain;
  user.document = Document::Object(
      {{"locationId", location.id},
       {"id", user.id},
       {"firstName", user.first},
       {"lastName", user.last},
       {"email", user.email},
       {"phone", "+1" + std::string(location.city->area_code) + "5550" + std::to_string(101 + crm.random.Below(99))},
       {"extension", std::to_string(10 + crm.users.size())},
       {"role", location.team.empty() ? "admin" : "user"},
       {"permissions", Permissions(crm.random, location.team.empty())}});
  crm.world.Tell("UserCreate", user);
  return user;
}

void StartStaffChanges(Crm& crm, Location& location) {
  if (&location == &crm.locations.front()) HireManager(crm, location);
  const Millis period = crm.world.end() - crm.world.now();
  crm.world.In(period / 8 + crm.random.Skewed(period / 8), [&] { ChangeRole(crm, location); });
  crm.world.In(period / 3 + crm.random.Skewed(period / 8), [&] { ReplaceUser(crm, location); });
}

}  // namespace crmsink::sim
