#include "entities/entity.h"

namespace crmsink {
namespace {

constexpr Column kColumns[] = {
    {.name = "id", .from = "id"},
    {.name = "location_id", .from = "locationId", .references = "locations.id"},
    {.name = "agency_id", .from = "companyId"},
    {.name = "knowledge_base_id", .from = "knowledgeBaseId", .references = "knowledge_bases.id"},
    {.name = "asset_type",
     .from = "assetType",
     .note = "kind of asset; known values: faq, file, rich_text, table_file, trained_url"},
    {.name = "status", .from = "status", .note = "uploaded, trained, failed, aborted, active, ..."},
    {.name = "last_action",
     .from = "action",
     .note = "what the latest event said: created, updated or deleted; known values: created, updated, deleted"},
};

constexpr EventType kEvents[] = {
    {.name = "KnowledgeBaseFaqChange",
     .op = Op::kUpdate,
     .rank = 1,
     .time = "timestamp",
     .tombstone_when = "deleted",
     .op_by = "action"},
    {.name = "KnowledgeBaseFileChange",
     .op = Op::kUpdate,
     .rank = 1,
     .time = "timestamp",
     .tombstone_when = "deleted",
     .op_by = "action"},
    {.name = "KnowledgeBaseRichTextChange",
     .op = Op::kUpdate,
     .rank = 1,
     .time = "timestamp",
     .tombstone_when = "deleted",
     .op_by = "action"},
    {.name = "KnowledgeBaseTableFileChange",
     .op = Op::kUpdate,
     .rank = 1,
     .time = "timestamp",
     .tombstone_when = "deleted",
     .op_by = "action"},
    {.name = "KnowledgeBaseTrainedUrlChange",
     .op = Op::kUpdate,
     .rank = 1,
     .time = "timestamp",
     .tombstone_when = "deleted",
     .op_by = "action"},
};

}  // namespace

extern constexpr Entity kKnowledgeBaseAsset = Checked({.name = "KnowledgeBaseAsset",
                                                       .table = "knowledge_base_assets",
                                                       .kind = Kind::kMirror,
                                                       .columns = kColumns,
                                                       .events = kEvents,
                                                       .shape = "knowledgeBaseId|assetType"});

}  // namespace crmsink
