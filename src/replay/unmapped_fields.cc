#include "replay/unmapped_fields.h"

#include <map>
#include <tuple>

#include "entities/catalog.h"
#include "projection/project.h"
#include "storage/database.h"
#include "storage/schema.h"

namespace crmsink {
namespace {

std::string Text(const QueryValue& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text != nullptr ? *text : "";
}

// The last rows that were made. SQLite: by their number. PostgreSQL, which keeps none: those in the last pages of the
// table, where a row lies that was made or changed lately; a range of pages needs no index.
std::string NewestRows(const std::string& table, Dialect dialect) {
  const std::string select = "SELECT id, extra FROM " + table;
  const std::string limit = " DESC LIMIT " + std::to_string(kSampledRows);
  if (dialect == Dialect::kSqlite) return select + " ORDER BY rowid" + limit;
  constexpr int kPages = 250;
  return select + " WHERE ctid >= (SELECT ('(' || greatest(pg_relation_size('" + table +
         "') / current_setting('block_size')::bigint - " + std::to_string(kPages) +
         ", 0) || ',0)')::tid) ORDER BY ctid" + limit;
}

struct Field {
  UnmappedField found;
  const Entity* entity = nullptr;
  std::string row_id;  // a row that has it
};

class Sample {
 public:
  explicit Sample(QueryConnection& connection) : connection_(connection) {}

  Result<void> Events() {
    std::size_t bytes = 0;
    return connection_.Run(
        "SELECT seq, event_id, received_at, path, payload FROM events WHERE seq >= (SELECT min(seq) FROM (SELECT seq "
        "FROM events ORDER BY seq DESC LIMIT " +
            std::to_string(kSampledEvents) + ") AS newest) AND entity IS NOT NULL ORDER BY seq DESC",
        {}, {.on_columns = {}, .on_row = [&](const std::vector<QueryValue>& row) {
               Delivery delivery;
               delivery.path = Text(row[3]);
               delivery.body = Text(row[4]);
               delivery.received_at = ParseTime(Text(row[2])).value_or(0);
               bytes += delivery.body.size();
               AddEvent(std::get<std::int64_t>(row[0]), delivery, Text(row[1]));
               return bytes < kSampledBytes;
             }});
  }

  Result<void> RowsOf(const Entity& entity) {
    const std::string sql = "SELECT id, extra FROM (" +
                            NewestRows(TablesOf(entity).front().name, connection_.dialect()) +
                            ") AS newest WHERE extra IS NOT NULL";
    return connection_.Run(sql, {}, {.on_columns = {}, .on_row = [&](const std::vector<QueryValue>& row) {
                                       const auto extra = json::Document::Parse(Text(row[1]));
                                       if (!extra) return true;
                                       for (const json::Member& member : extra->root().members()) {
                                         Field* const field = At(entity, member.key);
                                         if (field == nullptr) continue;
                                         ++field->found.rows;
                                         field->row_id = Text(row[0]);
                                       }
                                       return true;
                                     }});
  }

  // Of fields that only rows show: one of the row's events has it.
  Result<void> FindExamples(Store& store) {
    auto reading = store.Begin(Store::Mode::kRead);
    if (!reading) return tl::unexpected(reading.error());
    for (auto& [key, field] : fields_) {
      if (field.found.example_event != 0) continue;
      const EntityKey keys[] = {{std::string(field.entity->name), field.row_id}};
      const auto logs = (*reading)->LogOf(keys);
      if (!logs) return tl::unexpected(logs.error());
      for (const LoggedEvent& logged : logs->front()) {
        if (Leaves(logged, field.found.member)) field.found.example_event = logged.seq;
      }
    }
    return {};
  }

  [[nodiscard]] bool HasAllExamples() const {
    for (const auto& [key, field] : fields_) {
      if (field.found.example_event == 0) return false;
    }
    return true;
  }

  std::vector<UnmappedField> Take() {
    std::vector<UnmappedField> fields;
    for (auto& [key, field] : fields_) fields.push_back(std::move(field.found));
    return fields;
  }

 private:
  // nullptr: the table has enough of them.
  Field* At(const Entity& entity, std::string_view member) {
    std::pair<std::string, std::string> key(entity.table, member);
    const auto known = fields_.find(key);
    if (known != fields_.end()) return &known->second;
    if (per_table_[&entity]++ >= kFieldsPerTable) return nullptr;
    Field& field = fields_[key];
    field.found.table = std::move(key.first);
    field.found.member = std::move(key.second);
    field.entity = &entity;
    return &field;
  }

  void AddEvent(std::int64_t seq, const Delivery& delivery, const std::string& event_id) {
    auto event = ReadEvent(delivery, event_id);
    if (!event || event->entity == nullptr) return;
    for (const Change::ExtraSet& extra : Project(*event, delivery.received_at).extra) {
      if (!extra.left_over) continue;
      Field* const field = At(*event->entity, extra.member);
      if (field == nullptr) continue;
      ++field->found.events;
      if (field->found.example_event == 0) field->found.example_event = seq;
    }
  }

  static bool Leaves(const LoggedEvent& logged, std::string_view member) {
    auto event = ReadEvent(logged.delivery, logged.event_id);
    if (!event || event->entity == nullptr) return false;
    for (const Change::ExtraSet& extra : Project(*event, logged.delivery.received_at).extra) {
      if (extra.left_over && extra.member == member) return true;
    }
    return false;
  }

  QueryConnection& connection_;
  std::map<std::pair<std::string, std::string>, Field> fields_;  // by table and member
  std::map<const Entity*, std::size_t> per_table_;
};

}  // namespace

Result<std::vector<UnmappedField>> UnmappedFields(const std::string& url, QueryConnection& connection) {
  Sample sample(connection);
  if (auto done = sample.Events(); !done) return tl::unexpected(done.error());
  for (const Entity* entity : Entities()) {
    if (auto done = sample.RowsOf(*entity); !done) return tl::unexpected(done.error());
  }
  if (!sample.HasAllExamples()) {
    // Whoever may not write the database gets the fields without these examples.
    if (const auto store = OpenStore(url, {})) {
      if (auto done = sample.FindExamples(**store); !done) return tl::unexpected(done.error());
    }
  }
  return sample.Take();
}

}  // namespace crmsink
