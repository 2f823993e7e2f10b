#include "sim/crm/areas.h"

namespace crmsink::sim {
namespace {

// Beside every specific event, the deletion included, HighLevel sends an OpportunityUpdate: at the same time, or a
// little before or after it. Both carry the same row.
void TellPair(Crm& crm, std::string_view event, Opportunity& opportunity, Fate fate = Fate::kAsBefore) {
  constexpr std::string_view kBeside = "OpportunityUpdate";
  const Document& members = opportunity.document;
  const int way = static_cast<int>(crm.random.Below(3));
  const bool beside_first = way == 0 ? FormOf(event).rank > FormOf(kBeside).rank : way == 1;
  if (beside_first) {
    crm.world.Tell(kBeside, opportunity, members);
    crm.world.Tell(event, opportunity, members, {.fate = fate, .at_once = way == 0});
  } else {
    crm.world.Tell(event, opportunity, members, {.fate = fate});
    crm.world.Tell(kBeside, opportunity, members, {.at_once = way == 0});
  }
}

}  // namespace

void OpenOpportunity(Crm& crm, Contact& contact) {
  Opportunity& opportunity = crm.opportunities.emplace_back();
  contact.opportunity = &opportunity;
  opportunity.contact = &contact;
  opportunity.id = crm.random.Letters(20);
  opportunity.location = contact.location;
  opportunity.service = crm.random.Pick(contact.location->trade->services).name;
  Document& members = opportunity.document;
  members = Document::Object({{"id", opportunity.id}});
  members.Set("assignedTo", contact.owner != nullptr ? Document(contact.owner->id) : Document());
  members.Set("contactId", contact.id).Set("name", contact.Name() + ", " + opportunity.service);
  members.Set("pipelineId", contact.location->pipeline).Set("pipelineStageId", contact.location->stages[0]);
  members.Set("source", contact.source).Set("status", "open").Set("dateAdded", FormatRfc3339(crm.world.now()));
  TellPair(crm, "OpportunityCreate", opportunity);
}

void MoveOpportunity(Crm& crm, Opportunity& opportunity, std::size_t stage) {
  if (opportunity.deleted || stage <= opportunity.stage) return;
  opportunity.stage = stage;
  opportunity.document.Set("pipelineStageId", opportunity.location->stages[stage]);
  TellPair(crm, "OpportunityStageUpdate", opportunity);
}

void ValueOpportunity(Crm& crm, Opportunity& opportunity, std::int64_t cents) {
  if (opportunity.deleted) return;
  opportunity.cents = cents;
  opportunity.document.Set("monetaryValue", Document::Hundredths(cents));
  TellPair(crm, "OpportunityMonetaryValueUpdate", opportunity);
}

void AssignOpportunity(Crm& crm, Opportunity& opportunity, const User* user) {
  if (opportunity.deleted) return;
  opportunity.document.Set("assignedTo", user != nullptr ? Document(user->id) : Document());
  TellPair(crm, "OpportunityAssignedToUpdate", opportunity);
}

void CloseOpportunity(Crm& crm, Opportunity& opportunity, std::string_view status) {
  if (opportunity.deleted) return;
  opportunity.document.Set("status", status);
  TellPair(crm, "OpportunityStatusUpdate", opportunity);
}

void DeleteOpportunity(Crm& crm, Opportunity& opportunity) {
  if (!opportunity.deleted) TellPair(crm, "OpportunityDelete", opportunity, Fate::kDeleted);
}

}  // namespace crmsink::sim
