#include "replay/verify.h"

#include <algorithm>
#include <limits>
#include <map>
#include <span>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "entities/catalog.h"
#include "replay/differences.h"
#include "storage/database.h"
#include "storage/schema.h"
#include "storage/table_update.h"

namespace crmsink {
namespace {

constexpr std::size_t kSlice = 500;
constexpr std::uint64_t kSampleSlice = 50, kSampleSlices = 20;
constexpr std::int64_t kEnd = std::numeric_limits<std::int64_t>::max();

// Of the log, what has a number greater than the first and no greater than the second.
struct Stretch {
  std::int64_t after = 0, last = kEnd;
};

// The slices that a sample looks at first, each at the end of its part of the log.
struct SampleSlices {
  std::uint64_t size = 0;
  std::int64_t count = 0;
};

SampleSlices SlicesOf(std::uint64_t sample, std::int64_t last_seq) {
  if (sample == 0 || sample >= static_cast<std::uint64_t>(last_seq)) return {};
  const std::uint64_t size = std::clamp<std::uint64_t>(sample / kSampleSlices, 1, kSampleSlice);
  return {size, static_cast<std::int64_t>((sample + size - 1) / size)};
}

// What is before the i-th slice.
std::int64_t PlaceOf(std::int64_t i, const SampleSlices& slices, std::int64_t last_seq) {
  const std::int64_t end = last_seq / slices.count * (i + 1) + last_seq % slices.count * (i + 1) / slices.count;
  return end - static_cast<std::int64_t>(slices.size);
}

std::string Show(const Cell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  if (const auto* integer = std::get_if<std::int64_t>(&cell)) return std::to_string(*integer);
  if (const auto* number = std::get_if<double>(&cell)) return std::to_string(*number);
  return "NULL";
}

std::string ShowTime(const std::optional<Millis>& time) { return time ? FormatSqlTime(*time) : "NULL"; }

class Run {
 public:
  Run(Store& store, const VerifyOptions& options) : store_(store), options_(options) {}

  // Where numbers are missing from the log, the slices of a sample find fewer events than were asked for: the rest
  // comes from what they left out.
  Result<void> VerifyLog(std::int64_t last_seq) {
    const std::uint64_t most = options_.sample > 0 ? options_.sample : std::numeric_limits<std::uint64_t>::max();
    Reporter progress(options_.on_progress, "verifying events", std::min(most, static_cast<std::uint64_t>(last_seq)));
    const SampleSlices slices = SlicesOf(options_.sample, last_seq);
    std::vector<Stretch> left_out;
    std::int64_t after = 0;
    for (std::int64_t i = 0; i < slices.count; ++i) {
      const std::int64_t place = std::max(after, PlaceOf(i, slices, last_seq));
      left_out.push_back({after, place});
      const auto verified = VerifySlice({place, kEnd}, std::min(slices.size, most - report_.events), progress);
      if (!verified) return tl::unexpected(verified.error());
      after = *verified;
    }
    left_out.push_back({after, kEnd});
    for (Stretch stretch : left_out) {
      while (report_.events < most) {
        const auto verified = VerifySlice(stretch, std::min<std::uint64_t>(kSlice, most - report_.events), progress);
        if (!verified) return tl::unexpected(verified.error());
        if (*verified == stretch.after) break;
        stretch.after = *verified;
      }
    }
    return {};
  }

  Result<void> FindRowsWithoutEvents(const Entity& entity) {
    std::string after;
    while (true) {
      auto transaction = store_.Begin(Store::Mode::kRead);
      if (!transaction) return tl::unexpected(transaction.error());
      const auto ids = (*transaction)->IdsAfter(entity, after, kSlice);
      if (!ids) return tl::unexpected(ids.error());
      if (ids->empty()) return {};
      for (const std::string& id : *ids) {
        const EntityKey key{std::string(entity.name), id};
        if (seen_.Contains(key)) continue;
        const auto log = (*transaction)->LoggedIdsOf(key);  // it may have come since
        if (!log) return tl::unexpected(log.error());
        if (log->empty()) Report(entity, id, "row without events", "there", "not there");
      }
      after = ids->back();
    }
  }

  Result<void> FindStrayChildRows(const Entity& entity) {
    auto transaction = store_.Begin(Store::Mode::kRead);
    if (!transaction) return tl::unexpected(transaction.error());
    const auto ids = (*transaction)->StrayParents(entity, kSlice);
    if (!ids) return tl::unexpected(ids.error());
    for (const std::string& id : *ids) Report(entity, id, "child rows without a row", "there", "not there");
    return {};
  }

  VerifyReport&& TakeReport() { return std::move(report_); }

 private:
  // So many events from the beginning of a stretch, and their entities; gives the number of the last one.
  Result<std::int64_t> VerifySlice(const Stretch& stretch, std::size_t limit, Reporter& progress) {
    auto slice = ReadLog(stretch, limit);
    if (!slice) return tl::unexpected(slice.error());
    std::map<std::string_view, std::vector<EntityKey>> found;  // by table
    for (const LoggedEvent& logged : *slice) {
      CheckEvent(logged);
      EntityKey key{logged.entity, logged.entity_id};
      const Entity* const entity = FindEntity(key.entity);  // none: of a later version; CheckEvent has said so
      if (entity != nullptr && seen_.Insert(key)) found[entity->table].push_back(std::move(key));
    }
    for (auto& [table, keys] : found) {
      std::ranges::sort(keys);
      if (auto done = VerifyEntities(keys); !done) return tl::unexpected(done.error());
    }
    report_.events += slice->size();
    progress.Add(slice->size());
    return slice->empty() ? stretch.after : slice->back().seq;
  }

  Result<std::vector<LoggedEvent>> ReadLog(const Stretch& stretch, std::size_t limit) {
    if (stretch.after >= stretch.last || limit == 0) return std::vector<LoggedEvent>();
    auto transaction = store_.Begin(Store::Mode::kRead);
    if (!transaction) return tl::unexpected(transaction.error());
    auto slice = (*transaction)->LogAfter(stretch.after, limit);
    if (slice) std::erase_if(*slice, [&](const LoggedEvent& logged) { return logged.seq > stretch.last; });
    return slice;
  }

  void CheckEvent(const LoggedEvent& logged) {
    const Delivery& delivery = logged.delivery;
    const auto event = ReadEvent(delivery, logged.event_id);
    const std::string entity(event && event->entity != nullptr ? event->entity->name : "");
    if (!event || entity != logged.entity || event->entity_id != logged.entity_id) {
      Report("events", std::to_string(logged.seq), "entity", logged.entity + " " + logged.entity_id,
             event ? entity + " " + event->entity_id + " (crmsink replay writes it again)" : event.error());
    } else if (!IsDerivedAs(logged, *event)) {
      Report("events", std::to_string(logged.seq), "derived columns", "as another version read it",
             "crmsink replay writes them again");
    }
    if (options_.verifier == nullptr) return;
    switch (options_.verifier->CheckStored(delivery.signature_scheme, delivery.signature_key, delivery.signature,
                                           delivery.body)) {
      case Verifier::Stored::kGood:
        ++report_.signatures_good;
        return;
      case Verifier::Stored::kCannotCheck:
        ++report_.signatures_unchecked;
        return;
      case Verifier::Stored::kBad:
        Report("events", std::to_string(logged.seq), "signature", "does not fit the bytes", "fitted when it came");
    }
  }

  // Of one table, ascending; a few at a time, each time of one moment.
  Result<void> VerifyEntities(std::span<const EntityKey> keys) {
    for (; !keys.empty(); keys = keys.subspan(std::min(kBatch, keys.size()))) {
      if (auto done = VerifyBatch(keys.first(std::min(kBatch, keys.size()))); !done) return done;
    }
    return {};
  }

  Result<void> VerifyBatch(std::span<const EntityKey> keys) {
    const Entity& entity = *FindEntity(keys.front().entity);
    auto transaction = store_.Begin(Store::Mode::kRead);
    if (!transaction) return tl::unexpected(transaction.error());
    const auto loaded = LoadWhole(**transaction, entity, keys);
    if (!loaded) return tl::unexpected(loaded.error());
    const auto folded = FoldFromLog(**transaction, entity, keys);
    if (!folded) return tl::unexpected(folded.error());
    for (std::size_t i = 0; i < keys.size(); ++i) Compare(entity, keys[i].id, (*loaded)[i], (*folded)[i]);
    report_.entities += keys.size();
    return {};
  }

  void Compare(const Entity& entity, const std::string& id, const State& stored, const State& folded) {
    if (!stored.exists || !folded.exists) {
      if (stored.exists != folded.exists) {
        Report(entity, id, "row", stored.exists ? "there" : "not there", folded.exists ? "there" : "not there");
      }
      return;
    }
    for (std::size_t i = 0; i < entity.columns.size(); ++i) {
      if (stored.row[i] != folded.row[i]) {
        Report(entity, id, entity.columns[i].name, Show(stored.row[i]), Show(folded.row[i]));
      }
    }
    if (ExtraText(stored) != ExtraText(folded)) {
      Report(entity, id, "extra", ExtraText(stored).value_or("NULL"), ExtraText(folded).value_or("NULL"));
    }
    if (entity.kind == Kind::kMirror) CompareOwnColumns(entity, id, stored, folded);
    for (std::size_t i = 0; i < entity.children.size(); ++i) {
      const auto expected = folded.deleted_at ? std::vector<Row>() : *folded.children[i];
      if (*stored.children[i] == expected) continue;
      Report(std::string(entity.children[i].table), id, "rows", std::to_string(stored.children[i]->size()) + " rows",
             std::to_string(expected.size()) + " rows, or others");
    }
  }

  void CompareOwnColumns(const Entity& entity, const std::string& id, const State& stored, const State& folded) {
    const auto time = [&](std::string_view name, std::optional<Millis> in_database, std::optional<Millis> from_log) {
      if (in_database != from_log) Report(entity, id, name, ShowTime(in_database), ShowTime(from_log));
    };
    time("deleted_at", stored.deleted_at, folded.deleted_at);
    time("last_event_at", stored.last_event_at, folded.last_event_at);
    time("first_received_at", stored.first_received_at, folded.first_received_at);
    time("last_received_at", stored.last_received_at, folded.last_received_at);
    if (stored.last_event_id != folded.last_event_id) {
      Report(entity, id, "last_event_id", stored.last_event_id, folded.last_event_id);
    }
  }

  void Report(const Entity& entity, const std::string& id, std::string_view what, std::string in_database,
              std::string from_log) {
    Report(TablesOf(entity)[0].name, id, what, std::move(in_database), std::move(from_log));
  }

  void Report(std::string table, const std::string& id, std::string_view what, std::string in_database,
              std::string from_log) {
    ++report_.differences;
    if (options_.on_difference) {
      options_.on_difference({std::move(table), id, std::string(what), std::move(in_database), std::move(from_log)});
    }
  }

  Store& store_;
  const VerifyOptions& options_;
  VerifyReport report_;
  EntitySet seen_;
};

}  // namespace

Result<VerifyReport> Verify(const std::string& url, const VerifyOptions& options) {
  auto store = OpenStore(url, {.patience = kPatienceOfWalks});
  if (!store) return tl::unexpected(store.error());
  const auto last_seq = LastSeq(url);
  if (!last_seq) return tl::unexpected(last_seq.error());
  Run run(**store, options);
  if (auto done = run.VerifyLog(*last_seq); !done) return tl::unexpected(done.error());
  if (options.sample > 0) return run.TakeReport();
  for (const Entity* entity : Entities()) {
    if (auto done = run.FindRowsWithoutEvents(*entity); !done) return tl::unexpected(done.error());
    if (auto done = run.FindStrayChildRows(*entity); !done) return tl::unexpected(done.error());
  }
  return run.TakeReport();
}

}  // namespace crmsink
