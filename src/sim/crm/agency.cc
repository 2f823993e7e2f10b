#include <memory>

#include "sim/crm/areas.h"

namespace crmsink::sim {
namespace {

void OfferPlan(Crm& crm, std::string_view title, int level, std::int64_t cents,
               const std::vector<std::string>& features) {
  Thing& plan = crm.NewThing(nullptr);
  plan.id = crm.random.Hex(24);
  const std::string now = FormatRfc3339(crm.world.Touch(plan));
  std::vector<Document> prices;
  for (const std::string_view interval : {"month", "year"}) {
    prices.push_back(Document::Object({{"id", "price_1" + crm.random.Letters(23)},
                                       {"billingInterval", interval},
                                       {"active", true},
                                       {"amount", interval == "month" ? cents : cents * 10},
                                       {"currency", "usd"},
                                       {"symbol", "$"}}));
  }
  crm.world.Tell("SaaSPlanCreate", plan,
                 Document::Object({{"companyId", crm.company_id},
                                   {"appId", crm.world.app_id()},
                                   {"versionId", crm.world.version_id()},
                                   {"description", std::string(title) + " plan for local businesses"},
                                   {"planId", plan.id},
                                   {"title", title},
                                   {"saasProducts", Document::Texts(features)},
                                   {"addOns", Document::List()},
                                   {"planLevel", level},
                                   {"trialPeriod", 14},
                                   {"userLimit", 0},
                                   {"contactLimit", level * 5'000},
                                   {"prices", Document::List(std::move(prices))},
                                   {"categoryId", crm.random.Hex(24)},
                                   {"snapshotId", ""},
                                   {"productId", "prod_" + crm.random.Letters(14)},
                                   {"isSaaSV2", true},
                                   {"createdAt", now},
                                   {"updatedAt", now},
                                   {"traceId", crm.random.Uuid()}}));
}

// The app in one sub-account, or in the agency itself where there is none.
class Install {
 public:
  Install(Crm& crm, const Location* location) : crm_(crm), location_(location), thing_(crm.NewThing(nullptr)) {
    thing_.id = crm.world.app_id() + ":" + (location != nullptr ? location->id : crm.company_id);
    plan_ = crm.random.Hex(24);
  }

  void Begin() {
    Document members = Members();
    members.Set("planId", plan_);
    members.Set("trial",
                Document::Object(
                    {{"onTrial", true}, {"trialDuration", 14}, {"trialStartDate", FormatRfc3339(crm_.world.now())}}));
    AddBrand(members);
    crm_.world.Tell("AppInstall", thing_, members, {.fate = thing_.deleted ? Fate::kRestored : Fate::kAsBefore});
  }

  void Update(const std::string& previous) {
    if (thing_.deleted) return;
    Document members = Members();
    members.Set("planId", plan_).Set("previousVersionId", previous).Set("versionId", crm_.world.version_id());
    members.Set("trial", Document::Object({{"onTrial", false}}));
    AddBrand(members);
    crm_.world.Tell("AppUpdate", thing_, members);
  }

  void End() {
    Document members = Document::Object({{"appId", crm_.world.app_id()}});
    location_ != nullptr ? members.Set("locationId", location_->id) : members.Set("companyId", crm_.company_id);
    crm_.world.Tell("AppUninstall", thing_, members, {.fate = Fate::kDeleted});
  }

  void ChangePlan() {
    const std::string next = crm_.random.Hex(24);
    Document members = Members();
    members.Set("currentPlanId", plan_).Set("newPlanId", next);
    plan_ = next;
    crm_.world.Tell("PlanChange", crm_.NewThing(nullptr), members);
  }

  void ReportPayment(std::string_view before, std::string_view now) {
    Document members = Members();
    members.Set("previousStatus", before).Set("newStatus", now);
    crm_.world.Tell("AppPaymentStatus", crm_.NewThing(nullptr), members);
  }

 private:
  Document Members() const {
    Document members = Document::Object({{"appId", crm_.world.app_id()}});
    if (location_ != nullptr) members.Set("locationId", location_->id);
    members.Set("companyId", crm_.company_id);
    if (location_ != nullptr && !location_->team.empty()) members.Set("userId", location_->team.front()->id);
    return members;
  }

  void AddBrand(Document& members) const {
    if (location_ == nullptr) return;
    members.Set("isWhitelabelCompany", true);
    members.Set("whitelabelDetails", Document::Object({{"domain", "app.brightside.example.com"},
                                                       {"logoUrl", "https://brightside.example.com/logo.png"}}));
    members.Set("companyName", crm_.company_name);
  }

  Crm& crm_;
  const Location* location_;
  Thing& thing_;
  std::string plan_;
};

void OpenTicket(Crm& crm, const Location& location) {
  Thing& ticket = crm.NewThing(&location);
  ticket.id = crm.random.Hex(24);
  ticket.document = Document::Object({{"ticketId", ticket.id},
                                      {"appId", crm.world.app_id()},
                                      {"companyId", crm.company_id},
                                      {"versionId", crm.world.version_id()}});
  crm.world.Tell("SupportTicketCreate", ticket);
  const Millis answered = crm.random.Skewed(9 * kHour);
  crm.world.In(answered, [&] { crm.world.Tell("SupportTicketUpdate", ticket); });
  if (crm.decks.ticket.Deal(crm.random) == 1) {
    crm.world.In(answered + kDay,
                 [&] { crm.world.Tell("SupportTicketDelete", ticket, ticket.document, {.fate = Fate::kDeleted}); });
  }
  crm.world.In(crm.random.Skewed(11 * kDay), [&] { OpenTicket(crm, location); });
}

void ConnectAccount(Crm& crm, const Location& location) {
  const bool oauth = crm.random.Percent(60);
  Document members = Document::Object({{"appId", crm.world.app_id()}, {"companyId", crm.company_id}});
  members.Set("authType", oauth ? "oauth2" : "basic");
  if (oauth) members.Set("scopes", "crm.contacts.read crm.contacts.write").Set("isAutoRefreshTokenEnabled", true);
  crm.world.Tell("ExternalAuthConnected", crm.NewThing(&location), members);
}

Location& OpenLocation(Crm& crm, std::size_t number) {
  Location& location = crm.locations.emplace_back();
  location.id = crm.random.Letters(20);
  location.trade = &kTrades[number % std::size(kTrades)];
  location.city = &kCities[number % std::size(kCities)];
  location.location = &location;
  location.name = std::string(location.city->name) + " " + std::string(location.trade->name);
  location.phone = "+1" + std::string(location.city->area_code) + "5550100";
  location.domain = "location" + std::to_string(number + 1) + ".example.com";
  if (number % 2 == 0) location.provider = crm.random.Letters(20);
  for (int i = 0; i < 2; ++i) location.calendars.push_back(crm.random.Letters(20));
  for (int i = 0; i < 4; ++i) location.custom_fields.push_back(crm.random.Letters(20));
  location.pipeline = crm.random.Letters(20);
  for (int i = 0; i < 5; ++i) location.stages.push_back(crm.random.Uuid());
  location.document = Document::Object({{"id", location.id},
                                        {"companyId", crm.company_id},
                                        {"name", location.name},
                                        {"email", "hello@" + location.domain}});
  crm.world.Tell("LocationCreate", location);
  return location;
}

void StartLocation(Crm& crm, std::size_t number, bool leaves) {
  Location& location = OpenLocation(crm, number);
  const std::size_t team = static_cast<std::size_t>(crm.random.Between(3, 5));
  for (std::size_t i = 0; i < team; ++i) location.team.push_back(&AddUser(crm, location));
  auto install = std::make_shared<Install>(crm, &location);
  install->Begin();
  ConnectAccount(crm, location);
  StartStaffChanges(crm, location);
  StartShop(crm, location);
  StartObjects(crm, location);
  StartKnowledge(crm, location);
  crm.world.In(crm.random.Skewed(4 * kDay), [&] { OpenTicket(crm, location); });

  const Millis period = crm.world.end() - crm.world.now();
  crm.world.In(period / 4, [&crm, &location] {
    location.document.Set("stripeProductId", "prod_" + crm.random.Letters(14));
    crm.world.Tell("LocationUpdate", location);
  });
  crm.world.In(period * 2 / 5, [&crm, install] { install->Update(crm.world.app_id()); });
  crm.world.In(period / 2, [install] { install->ReportPayment("COMPLETE", "FAILED"); });
  crm.world.In(period / 2 + 2 * kDay, [install] { install->ReportPayment("FAILED", "COMPLETE"); });
  crm.world.In(period * 3 / 5, [install] { install->ChangePlan(); });
  if (!leaves) return;
  crm.world.In(period * 2 / 3, [install] { install->End(); });
  crm.world.In(period * 3 / 4, [install] { install->Begin(); });
}

}  // namespace

void StartAgency(Crm& crm, int locations) {
  crm.company_id = crm.random.Letters(20);
  crm.company_name = "Brightside Agency";
  OfferPlan(crm, "Starter", 1, 9'700, {"crm", "calendar", "opportunities", "2-way-text-messaging"});
  OfferPlan(crm, "Growth", 2, 19'700, {"crm", "calendar", "opportunities", "funnels", "workflow", "email-marketing"});
  OfferPlan(crm, "Scale", 3, 29'700, {"crm", "calendar", "opportunities", "funnels", "workflow", "invoice", "blogs"});
  auto agency = std::make_shared<Install>(crm, nullptr);
  agency->Begin();
  const Millis period = crm.world.end() - crm.world.now();
  crm.world.In(period * 2 / 5 - kHour, [&crm, agency] {
    crm.world.PublishVersion();
    agency->Update(crm.world.app_id());
  });
  for (int i = 0; i < locations; ++i) {
    const bool leaves = i == locations - 1;
    crm.world.In((i + 1) * 20 * kMinute,
                 [&crm, i, leaves] { StartLocation(crm, static_cast<std::size_t>(i), leaves); });
  }
}

}  // namespace crmsink::sim
