#include "storage/sqlite/store.h"

namespace crmsink::sqlite {
namespace {

class SqliteTransaction final : public Transaction {
 public:
  SqliteTransaction(Connection& connection, Log& log, Tables& tables, Store::Mode mode)
      : log_(log),
        tables_(tables),
        transaction_(connection.db(), mode == Store::Mode::kWrite ? SQLite::TransactionBehavior::IMMEDIATE
                                                                  : SQLite::TransactionBehavior::DEFERRED) {}

  Result<void> Commit() override {
    auto done = Guard("committing", [&]() -> Result<void> {
      transaction_.commit();
      return {};
    });
    // Whether a commit that failed half-way will be found after a restart, nobody knows.
    if (!done && done.error().code == ErrorCode::kUnavailable) done.error().code = ErrorCode::kUnknown;
    return done;
  }

  Result<std::vector<Appended>> Append(std::span<const LogEntry> entries) override {
    return Guard("writing the log", [&]() -> Result<std::vector<Appended>> {
      std::vector<Appended> appended;
      appended.reserve(entries.size());
      for (const LogEntry& entry : entries) appended.push_back(log_.Append(entry));
      return appended;
    });
  }

  Result<std::vector<LoggedEvent>> LogOf(const EntityKey& key) override {
    return Guard("reading the log", [&]() -> Result<std::vector<LoggedEvent>> { return log_.Of(key); });
  }

  Result<std::vector<LoggedId>> LoggedIdsOf(const EntityKey& key) override {
    return Guard("reading the log", [&]() -> Result<std::vector<LoggedId>> { return log_.IdsOf(key); });
  }

  Result<std::vector<std::int64_t>> SeqsOf(std::string_view event_id) override {
    return Guard("reading the log", [&]() -> Result<std::vector<std::int64_t>> { return log_.SeqsOf(event_id); });
  }

  Result<std::vector<LoggedEvent>> LogAfter(std::int64_t after, std::size_t limit) override {
    return Guard("reading the log", [&]() -> Result<std::vector<LoggedEvent>> { return log_.After(after, limit); });
  }

  Result<bool> Rederive(std::int64_t seq, const Event& event) override {
    return Guard("writing the log", [&]() -> Result<bool> { return log_.Rederive(seq, event); });
  }

  Result<bool> AppendAt(std::int64_t seq, const LogEntry& entry) override {
    return Guard("writing the log", [&]() -> Result<bool> {
      const Appended appended = log_.Append(entry, seq);
      if (appended == Appended::kConflict) {
        return Fail(ErrorCode::kData, "the place of event " + std::to_string(seq) + " is taken by another one");
      }
      return appended == Appended::kNew;
    });
  }

  Result<std::vector<State>> Load(const Entity& entity, std::span<const std::string_view> ids,
                                  std::span<const ChildMask> children) override {
    return Guard("reading the tables", [&]() -> Result<std::vector<State>> {
      std::vector<State> states;
      states.reserve(ids.size());
      for (std::size_t i = 0; i < ids.size(); ++i) states.push_back(tables_.Load(entity, ids[i], children[i]));
      return states;
    });
  }

  Result<void> Write(const Entity& entity, std::span<const RowChange> changes) override {
    return Guard("writing the tables", [&]() -> Result<void> {
      for (const RowChange& change : changes) tables_.Write(entity, *change.before, *change.after);
      return {};
    });
  }

  Result<std::vector<std::string>> IdsAfter(const Entity& entity, std::string_view after, std::size_t limit) override {
    return Guard("reading the tables",
                 [&]() -> Result<std::vector<std::string>> { return tables_.IdsAfter(entity, after, limit); });
  }

  Result<std::vector<std::string>> StrayParents(const Entity& entity, std::size_t limit) override {
    return Guard("reading the tables",
                 [&]() -> Result<std::vector<std::string>> { return tables_.StrayParents(entity, limit); });
  }

  Result<void> Remove(const Entity& entity, std::string_view id) override {
    return Guard("writing the tables", [&]() -> Result<void> {
      tables_.Remove(entity, id);
      return {};
    });
  }

  Result<Held> Hold(Holding where, const Delivery& delivery, std::string_view reason) override {
    return Guard("keeping a delivery aside",
                 [&]() -> Result<Held> { return log_.Hold(where, delivery, std::string(reason)); });
  }

  Result<std::vector<HeldDelivery>> HeldAfter(Holding where, std::int64_t after, std::size_t limit) override {
    return Guard("reading what is kept aside",
                 [&]() -> Result<std::vector<HeldDelivery>> { return log_.HeldAfter(where, after, limit); });
  }

  Result<void> Release(Holding where, std::int64_t id) override {
    return Guard("releasing a delivery", [&]() -> Result<void> {
      log_.Release(where, id);
      return {};
    });
  }

  Result<void> Count(std::span<const EventCount> counts) override { return CountEach(counts); }
  Result<void> Count(std::span<const RefusalCount> counts) override { return CountEach(counts); }

 private:
  template <class T>
  Result<void> CountEach(std::span<const T> counts) {
    return Guard("counting", [&]() -> Result<void> {
      for (const T& count : counts) log_.Count(count);
      return {};
    });
  }

  Log& log_;
  Tables& tables_;
  SQLite::Transaction transaction_;
};

}  // namespace

SqliteStore::SqliteStore(std::unique_ptr<Connection> connection)
    : connection_(std::move(connection)), log_(*connection_), tables_(*connection_) {}

Result<std::unique_ptr<Transaction>> SqliteStore::Begin(Mode mode) {
  return Guard("beginning a transaction", [&]() -> Result<std::unique_ptr<Transaction>> {
    return std::make_unique<SqliteTransaction>(*connection_, log_, tables_, mode);
  });
}

}  // namespace crmsink::sqlite
