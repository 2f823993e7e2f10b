#include "sim/crm/areas.h"

namespace crmsink::sim {
namespace {

constexpr std::string_view kAssets[][2] = {{"KnowledgeBaseFaqChange", "faq"},
                                           {"KnowledgeBaseFileChange", "file"},
                                           {"KnowledgeBaseRichTextChange", "rich_text"},
                                           {"KnowledgeBaseTableFileChange", "table_file"},
                                           {"KnowledgeBaseTrainedUrlChange", "trained_url"}};

// The event's name says what kind of asset it is, its `action` what happened.
void TellAsset(Crm& crm, std::string_view event, Thing& asset, std::string_view action, std::string_view status) {
  asset.document.Set("status", status).Set("action", action).Set("deleted", action == "deleted");
  const Fate fate = action == "deleted" ? Fate::kDeleted : asset.deleted ? Fate::kRestored : Fate::kAsBefore;
  crm.world.Tell(event, asset, asset.document,
                 {.fate = fate,
                  .rank = action == "created"   ? 0
                          : action == "deleted" ? 3
                                                : 1});
}

void AddAsset(Crm& crm, const Thing& base, std::string_view event, std::string_view type) {
  Thing& asset = crm.NewThing(base.location);
  asset.id = crm.random.Letters(20);
  asset.document = Document::Object({{"knowledgeBaseId", base.id}, {"id", asset.id}, {"assetType", type}});
  TellAsset(crm, event, asset, "created", type == "faq" || type == "rich_text" ? "active" : "uploaded");
  crm.world.In(crm.random.Skewed(kHour), [&crm, event, &asset] { TellAsset(crm, event, asset, "updated", "trained"); });
  if (!crm.random.Percent(40)) return;
  const Millis gone = 2 * kDay + crm.random.Skewed(12 * kDay);
  crm.world.In(gone, [&crm, event, &asset] { TellAsset(crm, event, asset, "deleted", "trained"); });
  if (!crm.random.Percent(40)) return;
  crm.world.In(gone + crm.random.Skewed(kDay), [&crm, event, &asset] {
    TellAsset(crm, event, asset, "created", "uploaded");  // put back
  });
}

Thing& AddBase(Crm& crm, const Location& location, std::string_view name, std::string_view description) {
  Thing& base = crm.NewThing(&location);
  base.id = crm.random.Hex(24);
  base.document = Document::Object({{"id", base.id}, {"name", name}, {"description", description}, {"deleted", false}});
  crm.world.Tell("KnowledgeBaseCreate", base);
  for (const auto& asset : kAssets) {
    crm.world.In(crm.random.Skewed(3 * kDay), [&crm, &base, &asset] { AddAsset(crm, base, asset[0], asset[1]); });
  }
  return base;
}

void DeleteBase(Crm& crm, Thing& base, bool deleted) {
  base.document.Set("deleted", deleted);
  crm.world.Tell(deleted ? "KnowledgeBaseDelete" : "KnowledgeBaseUpdate", base, base.document,
                 {.fate = deleted ? Fate::kDeleted : Fate::kRestored});
}

}  // namespace

void StartKnowledge(Crm& crm, Location& location) {
  const Millis period = crm.world.end() - crm.world.now();
  Thing& base = AddBase(crm, location, "Customer questions", "What people ask us");
  crm.world.In(period / 5, [&] {
    base.document.Set("description", "What people ask us, and what we answer");
    crm.world.Tell("KnowledgeBaseUpdate", base);
  });
  Thing& offers = AddBase(crm, location, "Spring offers", "Until the end of May");
  crm.world.In(period / 2, [&] { DeleteBase(crm, offers, true); });
  if (crm.random.Percent(50)) crm.world.In(period / 2 + 2 * kDay, [&] { DeleteBase(crm, offers, false); });
}

}  // namespace crmsink::sim
