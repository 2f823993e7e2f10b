#include "storage/sqlite/store.h"

namespace crmsink::sqlite {
namespace {

class SqliteTransaction final : public Transaction {
 public:
  SqliteTransaction(Connection& connection, Log& log, Tables& tables, Store::Mode mode)
      : connection_(connection),
        log_(log),
        tables_(tables),
        transaction_(connection.db(), mode == Store::Mode::kWrite ? SQLite::TransactionBehavior::IMMEDIATE
                                                                  : SQLite::TransactionBehavior::DEFERRED) {}

  Result<void> Commit() override {
    auto done = Guard("committing", [&]() -> Result<void> {
      transaction_.commit();
      return {};
    });
    if (done) return done;
    connection_.LeaveWal();
    // Whether a commit that failed half-way will be found after a restart, nobody knows.
    if (done.error().code == ErrorCode::kUnavailable) done.error().code = ErrorCode::kUnknown;
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

  Result<std::vector<std::vector<LoggedEvent>>> LogOf(std::span<const EntityKey> keys) override {
    return Guard("reading the log", [&]() -> Result<std::vector<std::vector<LoggedEvent>>> {
      std::vector<std::vector<LoggedEvent>> logs;
      for (const EntityKey& key : keys) logs.push_back(log_.Of(key));
      return logs;
    });
  }

  Result<std::vector<LoggedId>> LoggedIdsOf(const EntityKey& key) override {
    return Guard("reading the log", [&]() -> Result<std::vector<LoggedId>> { return log_.IdsOf(key); });
  }

  Result<std::vector<std::int64_t>> SeqsOf(std::string_view event_id) override {
    return Guard("reading the log", [&]() -> Result<std::vector<std::int64_t>> { return log_.SeqsOf(event_id); });
  }

  Result<std::vector<std::int64_t>> CountOf(std::span<const EntityKey> keys) override {
    return Guard("reading the log", [&]() -> Result<std::vector<std::int64_t>> {
      std::vector<std::int64_t> counts;
      for (const EntityKey& key : keys) counts.push_back(log_.CountOf(key));
      return counts;
    });
  }

  Result<std::vector<LoggedEvent>> LogAfter(std::int64_t after, std::size_t limit) override {
    return Guard("reading the log", [&]() -> Result<std::vector<LoggedEvent>> { return log_.After(after, limit); });
  }

  Result<std::vector<LoggedKey>> KeysAfter(std::int64_t after, std::size_t limit) override {
    return Guard("reading the log", [&]() -> Result<std::vector<LoggedKey>> { return log_.KeysAfter(after, limit); });
  }

  Result<std::size_t> Rederive(std::span<const PlacedEvent> events) override {
    return Guard("writing the log", [&]() -> Result<std::size_t> {
      std::size_t changed = 0;
      for (const PlacedEvent& placed : events) changed += log_.Rederive(placed.seq, *placed.event) ? 1 : 0;
      return changed;
    });
  }

  Result<std::vector<bool>> AppendAt(std::span<const PlacedEvent> events) override {
    return Guard("writing the log", [&]() -> Result<std::vector<bool>> {
      std::vector<bool> is_new;
      for (const PlacedEvent& placed : events) {
        const Appended appended = log_.Append({placed.delivery, placed.event}, placed.seq);
        if (appended == Appended::kConflict) return FailTaken(placed.seq);
        is_new.push_back(appended == Appended::kNew);
      }
      return is_new;
    });
  }

  Result<std::vector<std::vector<State>>> LoadAll(std::span<const LoadRequest> requests) override {
    return Guard("reading the tables", [&]() -> Result<std::vector<std::vector<State>>> {
      std::vector<std::vector<State>> loaded;
      for (const LoadRequest& request : requests) {
        auto& states = loaded.emplace_back();
        states.reserve(request.ids.size());
        for (std::size_t i = 0; i < request.ids.size(); ++i) {
          states.push_back(tables_.Load(*request.entity, request.ids[i], request.children[i]));
        }
      }
      return loaded;
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

  Connection& connection_;
  Log& log_;
  Tables& tables_;
  SQLite::Transaction transaction_;
};

}  // namespace

SqliteStore::SqliteStore(std::unique_ptr<Connection> connection, std::unique_ptr<Checkpointer> checkpointer)
    : connection_(std::move(connection)),
      checkpointer_(std::move(checkpointer)),
      log_(*connection_),
      tables_(*connection_) {}

Result<std::unique_ptr<Transaction>> SqliteStore::Begin(Mode mode) {
  if (checkpointer_->has_failed()) {
    return Fail(ErrorCode::kUnavailable, "copying the WAL into the database failed: check the disk and its free room");
  }
  return Guard("beginning a transaction", [&]() -> Result<std::unique_ptr<Transaction>> {
    return std::make_unique<SqliteTransaction>(*connection_, log_, tables_, mode);
  });
}

}  // namespace crmsink::sqlite
