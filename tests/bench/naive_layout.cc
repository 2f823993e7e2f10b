#include "bench/naive_layout.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include "base/time.h"

namespace crmsink::bench {
namespace {

void BindCell(SQLite::Statement& statement, int index, const Cell& cell, Type type) {
  if (IsNull(cell)) {
    statement.bind(index);
  } else if (const auto* text = std::get_if<std::string>(&cell)) {
    statement.bindNoCopy(index, *text);
  } else if (const auto* number = std::get_if<double>(&cell)) {
    statement.bind(index, *number);
  } else {
    const auto value = std::get<std::int64_t>(cell);
    if (type == Type::kTimestamp) {
      statement.bind(index, FormatSqlTime(value));
    } else if (type == Type::kDate) {
      statement.bind(index, FormatDay(value));
    } else {
      statement.bind(index, value);
    }
  }
}

std::string Columns(std::span<const Column> columns) {
  std::string names;
  for (const Column& column : columns) names += (names.empty() ? "" : ", ") + std::string(column.name);
  return names;
}

std::string Marks(std::size_t n) {
  std::string marks = "?";
  for (std::size_t i = 1; i < n; ++i) marks += ", ?";
  return marks;
}

}  // namespace

struct NaiveLayout::Impl {
  explicit Impl(const std::string& file) : db(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE) {
    db.exec("PRAGMA journal_mode = WAL");
    db.exec("PRAGMA synchronous = FULL");
    db.exec("PRAGMA cache_size = -65536");
    db.exec("PRAGMA wal_autocheckpoint = 16000");
  }

  void CreateFor(const Entity& declared) {
    entity = &declared;
    db.exec(
        "CREATE TABLE events (seq INTEGER PRIMARY KEY, event_id TEXT UNIQUE, entity_id TEXT, received_at TEXT, "
        "payload TEXT); CREATE INDEX events_entity ON events (entity_id)");
    const std::string columns = Columns(declared.columns);
    db.exec("CREATE TABLE contacts (" + columns + ", last_event_at, PRIMARY KEY (id))");
    db.exec(
        "CREATE INDEX c1 ON contacts (location_id, created_at); CREATE INDEX c2 ON contacts (email); "
        "CREATE INDEX c3 ON contacts (phone)");
    std::string sets;
    for (const Column& column : declared.columns.subspan(1)) {
      sets += std::string(column.name) + " = excluded." + std::string(column.name) + ", ";
    }
    insert_event = std::make_unique<SQLite::Statement>(
        db, "INSERT OR IGNORE INTO events (event_id, entity_id, received_at, payload) VALUES (?, ?, ?, ?)");
    upsert = std::make_unique<SQLite::Statement>(
        db, "INSERT INTO contacts (" + columns + ", last_event_at) VALUES (" + Marks(declared.columns.size() + 1) +
                ") ON CONFLICT (id) DO UPDATE SET " + sets +
                "last_event_at = excluded.last_event_at WHERE excluded.last_event_at > last_event_at");
    for (const Child& child : declared.children) {
      const std::string table(child.table);
      db.exec("CREATE TABLE " + table + " (" + Columns(child.columns) + ")");
      db.exec("CREATE INDEX i_" + table + " ON " + table + " (" + std::string(child.columns[0].name) + ")");
      erase.push_back(std::make_unique<SQLite::Statement>(
          db, "DELETE FROM " + table + " WHERE " + std::string(child.columns[0].name) + " = ?"));
      insert.push_back(std::make_unique<SQLite::Statement>(db, "INSERT INTO " + table + " (" + Columns(child.columns) +
                                                                   ") VALUES (" + Marks(child.columns.size()) + ")"));
    }
  }

  void Apply(const Item& item) {
    insert_event->reset();
    insert_event->bindNoCopy(1, item.event->event_id);
    insert_event->bindNoCopy(2, item.event->entity_id);
    insert_event->bind(3, FormatSqlTime(item.delivery->received_at));
    insert_event->bindNoCopy(4, item.delivery->body);
    if (insert_event->exec() == 0) return;
    upsert->reset();
    upsert->clearBindings();
    for (const Change::ColumnSet& set : item.change->columns) {
      BindCell(*upsert, static_cast<int>(set.column + 1), set.cell, entity->columns[set.column].type);
    }
    upsert->bind(static_cast<int>(entity->columns.size() + 1), FormatSqlTime(item.event->occurred_at));
    upsert->exec();
    for (const Change::ListSet& list : item.change->lists) {
      erase[list.child]->reset();
      erase[list.child]->bindNoCopy(1, item.event->entity_id);
      erase[list.child]->exec();
      for (const Row& row : list.rows) {
        SQLite::Statement& one = *insert[list.child];
        one.reset();
        const auto& columns = entity->children[list.child].columns;
        for (std::size_t i = 0; i < row.size(); ++i) BindCell(one, static_cast<int>(i + 1), row[i], columns[i].type);
        one.exec();
      }
    }
  }

  SQLite::Database db;
  const Entity* entity = nullptr;
  std::unique_ptr<SQLite::Statement> insert_event, upsert;
  std::vector<std::unique_ptr<SQLite::Statement>> erase, insert;
};

NaiveLayout::NaiveLayout(const std::string& file) : impl_(std::make_unique<Impl>(file)) {}
NaiveLayout::~NaiveLayout() = default;

void NaiveLayout::Commit(const std::vector<Item>& group) {
  if (impl_->entity == nullptr) impl_->CreateFor(*group.at(0).event->entity);
  SQLite::Transaction transaction(impl_->db, SQLite::TransactionBehavior::IMMEDIATE);
  for (const Item& item : group) impl_->Apply(item);
  transaction.commit();
}

}  // namespace crmsink::bench
