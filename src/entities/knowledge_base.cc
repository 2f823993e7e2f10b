#include "entities/entity.h"

namespace crmsink {
namespace {

constexpr Column kColumns[] = {
    {.name = "id", .from = "id"},
    {.name = "location_id", .from = "locationId", .references = "locations.id"},
    {.name = "agency_id", .from = "companyId"},
    {.name = "name", .from = "name"},
    {.name = "description", .from = "description"},
};

constexpr EventType kEvents[] = {
    {.name = "KnowledgeBaseCreate", .op = Op::kCreate, .rank = 0, .time = "timestamp", .tombstone_when = "deleted"},
    {.name = "KnowledgeBaseUpdate", .op = Op::kUpdate, .rank = 1, .time = "timestamp", .tombstone_when = "deleted"},
    {.name = "KnowledgeBaseDelete", .op = Op::kDelete, .rank = 3, .time = "timestamp", .tombstone_when = "deleted"},
};

}  // namespace

extern constexpr Entity kKnowledgeBase = Checked({.name = "KnowledgeBase",
                                                  .table = "knowledge_bases",
                                                  .kind = Kind::kMirror,
                                                  .columns = kColumns,
                                                  .events = kEvents});

}  // namespace crmsink
