#include "entities/scopes.h"

namespace crmsink {
namespace {

using declaration::Count;
using declaration::Piece;

// The first line of an entity that names an event as documented counts, else the entity's first line.
struct Line {
  std::string_view entity;
  std::string_view scope;
  std::string_view documented;  // events that HighLevel's list of scopes names, joined by '|'
};

constexpr Line kLines[] = {
    {"Appointment", "calendars/events.readonly", ""},
    {"Association", "associations.readonly", "AssociationCreate|AssociationUpdate|AssociationDelete"},
    {"CampaignStatus", "campaigns.readonly", "CampaignStatusUpdate"},
    {"Contact", "contacts.readonly", "ContactCreate|ContactDelete|ContactDndUpdate|ContactTagUpdate"},
    {"Conversation", "conversations.readonly", "ConversationUnreadWebhook"},
    {"Invoice", "invoices.readonly", ""},
    {"Location", "locations.readonly", "LocationCreate|LocationUpdate"},
    {"Message", "conversations/message.readonly", "InboundMessage|OutboundMessage"},
    {"Message", "conversations/message.write", "ProviderOutboundMessage"},
    {"Note", "contacts.readonly", "NoteCreate|NoteDelete"},
    {"ObjectRecord", "objects/record.readonly", ""},
    {"ObjectSchema", "objects/schema.readonly", ""},
    {"Opportunity", "opportunities.readonly",
     "OpportunityCreate|OpportunityDelete|OpportunityStageUpdate|OpportunityStatusUpdate|"
     "OpportunityMonetaryValueUpdate"},
    {"Order", "payments/orders.readonly", ""},
    {"Price", "products/prices.readonly", ""},
    {"Product", "products.readonly", ""},
    {"Relation", "associations/relation.readonly", "RelationCreate|RelationDelete"},
    {"Task", "contacts.readonly", "TaskCreate|TaskDelete"},
    {"User", "users.readonly", ""},
    {"VoiceAiCall", "voice-ai-dashboard.readonly", "VoiceAiCallEnd"},
};

bool Names(std::string_view list, std::string_view event) {
  for (std::size_t i = 0; i < Count(list, '|'); ++i) {
    if (Piece(list, '|', i) == event) return true;
  }
  return false;
}

}  // namespace

Scope ScopeOf(const Entity& entity, const EventType& event) {
  Scope scope;
  for (const Line& line : kLines) {
    if (line.entity != entity.name) continue;
    if (Names(line.documented, event.name)) return {line.scope, true};
    if (scope.name.empty()) scope.name = line.scope;
  }
  return scope;
}

}  // namespace crmsink
