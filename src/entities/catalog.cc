#include "entities/catalog.h"

namespace crmsink {

// One line per entity, in alphabetical order of their tables.
#define CRMSINK_ENTITIES(X)  \
  X(kAppInstall)             \
  X(kAppPaymentStatus)       \
  X(kAppointment)            \
  X(kAssociation)            \
  X(kCampaignStatus)         \
  X(kContact)                \
  X(kConversationMerge)      \
  X(kConversation)           \
  X(kEmailStat)              \
  X(kExternalAuthConnection) \
  X(kInvoice)                \
  X(kKnowledgeBaseAsset)     \
  X(kKnowledgeBase)          \
  X(kLocation)               \
  X(kMessage)                \
  X(kNote)                   \
  X(kObjectRecord)           \
  X(kObjectSchema)           \
  X(kOpportunity)            \
  X(kOrder)                  \
  X(kPlanChange)             \
  X(kPrice)                  \
  X(kProduct)                \
  X(kRelation)               \
  X(kSaasPlan)               \
  X(kSupportTicket)          \
  X(kTask)                   \
  X(kUser)                   \
  X(kVoiceAiCall)

#define CRMSINK_DECLARE(name) extern const Entity name;
CRMSINK_ENTITIES(CRMSINK_DECLARE)
#undef CRMSINK_DECLARE

namespace {

#define CRMSINK_ADDRESS(name) &name,
constexpr const Entity* kEntities[] = {CRMSINK_ENTITIES(CRMSINK_ADDRESS)};
#undef CRMSINK_ADDRESS

}  // namespace

std::span<const Entity* const> Entities() { return kEntities; }

const Entity* FindEntity(std::string_view name_or_table) {
  for (const Entity* entity : kEntities) {
    if (entity->name == name_or_table || entity->table == name_or_table) return entity;
  }
  return nullptr;
}

}  // namespace crmsink
