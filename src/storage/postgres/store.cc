#include "storage/postgres/store.h"

#include <algorithm>

namespace crmsink::postgres {
namespace {

// Whoever waits for a row this long waits for an instance that hangs.
constexpr std::chrono::milliseconds kLockPatience{5000};

class PostgresTransaction final : public Transaction {
 public:
  PostgresTransaction(Session& session, Log& log, Aside& aside, Tables& tables, bool writes)
      : session_(session), log_(log), aside_(aside), tables_(tables), writes_(writes) {}

  ~PostgresTransaction() override {
    session_.Drop();
    if (is_over_ || session_.broken()) return;
    // Should it fail, the session is broken, and the server undoes it all the same.
    static_cast<void>(session_.Run({.sql = "ROLLBACK", .doing = "undoing a transaction"}));
  }

  Result<void> Commit() override {
    if (writes_ && is_empty_) {
      // Who commits nothing wants to know whether the server would take something.
      const auto state =
          session_.Run({.sql = "SELECT current_setting('transaction_read_only') = 'on'", .doing = "committing"});
      if (!state) return tl::unexpected(state.error());
      if (state->Int(0, 0) != 0) return tl::unexpected(Translate("committing", "25006", "the server only reads"));
    }
    // One round trip with what was put off: after a failure the server skips what follows.
    const auto done = session_.Run({.sql = "COMMIT", .doing = "committing"});
    if (!done) {
      // Once COMMIT is on its way, a server that goes away says nothing of its outcome.
      Error error = done.error();
      if (error.code == ErrorCode::kUnavailable) error.code = ErrorCode::kUnknown;
      return tl::unexpected(std::move(error));
    }
    is_over_ = true;
    if (done->tag() != "COMMIT") return Fail(ErrorCode::kInternal, "a transaction that had failed was committed");
    return {};
  }

  Result<std::vector<Appended>> Append(std::span<const LogEntry> entries) override {
    is_empty_ = false;
    return log_.Append(entries);
  }
  Result<std::vector<std::vector<LoggedEvent>>> LogOf(std::span<const EntityKey> keys) override {
    return log_.Of(keys);
  }
  Result<std::vector<LoggedId>> LoggedIdsOf(const EntityKey& key) override { return log_.IdsOf(key); }
  Result<std::vector<std::int64_t>> SeqsOf(std::string_view event_id) override { return log_.SeqsOf(event_id); }
  Result<std::vector<std::int64_t>> CountOf(std::span<const EntityKey> keys) override { return log_.CountOf(keys); }
  Result<std::vector<LoggedEvent>> LogAfter(std::int64_t after, std::size_t limit) override {
    return log_.After(after, limit);
  }
  Result<std::vector<LoggedKey>> KeysAfter(std::int64_t after, std::size_t limit) override {
    return log_.KeysAfter(after, limit);
  }
  Result<std::size_t> Rederive(std::span<const PlacedEvent> events) override { return log_.Rederive(events); }
  Result<std::vector<bool>> AppendAt(std::span<const PlacedEvent> events) override { return log_.AppendAt(events); }

  Result<std::vector<std::vector<State>>> LoadAll(std::span<const LoadRequest> requests) override {
    return tables_.Load(requests, writes_);
  }
  Result<void> Write(const Entity& entity, std::span<const RowChange> changes) override {
    is_empty_ = false;
    tables_.Write(entity, changes);
    return {};
  }
  Result<std::vector<std::string>> IdsAfter(const Entity& entity, std::string_view after, std::size_t limit) override {
    return tables_.IdsAfter(entity, after, limit);
  }
  Result<std::vector<std::string>> StrayParents(const Entity& entity, std::size_t limit) override {
    return tables_.StrayParents(entity, limit);
  }
  Result<void> Remove(const Entity& entity, std::string_view id) override {
    tables_.Remove(entity, id);
    return {};
  }

  Result<Held> Hold(Holding where, const Delivery& delivery, std::string_view reason) override {
    is_empty_ = false;
    return aside_.Hold(where, delivery, reason);
  }
  Result<std::vector<HeldDelivery>> HeldAfter(Holding where, std::int64_t after, std::size_t limit) override {
    return aside_.HeldAfter(where, after, limit);
  }
  Result<void> Release(Holding where, std::int64_t id) override {
    is_empty_ = false;
    aside_.Release(where, id);
    return {};
  }
  Result<void> Count(std::span<const EventCount> counts) override {
    is_empty_ = false;
    aside_.Count(counts);
    return {};
  }
  Result<void> Count(std::span<const RefusalCount> counts) override {
    is_empty_ = false;
    aside_.Count(counts);
    return {};
  }

 private:
  Session& session_;
  Log& log_;
  Aside& aside_;
  Tables& tables_;
  const bool writes_;
  bool is_over_ = false;
  bool is_empty_ = true;  // nothing was asked of it
};

}  // namespace

void QueueBegin(Session& session, const Beginning& beginning) {
  session.Queue({.sql = "BEGIN " + beginning.characteristics, .doing = "beginning a transaction"});
  const auto patience = session.patience();
  const auto lock = patience.count() > 0 ? std::min(patience, kLockPatience) : patience;
  std::string settings =
      "SELECT set_config('statement_timeout', $1, true), set_config('lock_timeout', $2, true), "
      "set_config('search_path', $3, true), set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO', true)";
  // A role may have it off; what is on, or more than that, stays.
  settings +=
      ", set_config('synchronous_commit', coalesce(nullif(current_setting('synchronous_commit'), 'off'), 'on'), true)";
  if (beginning.by_key) {
    // Of tables that grow fast the planner knows too little to see that it must look into an index. Then one plan fits
    // all that comes, and is made once.
    settings += ", set_config('plan_cache_mode', 'force_generic_plan', true)";
    for (const char* way : {"seqscan", "hashjoin", "mergejoin"}) {
      settings.append(", set_config('enable_").append(way).append("', 'off', true)");
    }
  }
  session.Queue(
      {.sql = std::move(settings),
       .parameters = {Parameter::Text(std::to_string(patience.count())), Parameter::Text(std::to_string(lock.count())),
                      Parameter::Text(beginning.schema + ", public")},
       .doing = "beginning a transaction"});
}

PostgresStore::PostgresStore(std::unique_ptr<Session> session, const std::string& schema, std::string isolation)
    : session_(std::move(session)),
      schema_(schema),
      isolation_(std::move(isolation)),
      log_(*session_, schema),
      aside_(*session_, schema),
      tables_(*session_, schema) {}

Result<std::unique_ptr<Transaction>> PostgresStore::Begin(Mode mode) {
  if (session_->broken()) return Fail(ErrorCode::kUnavailable, "the connection to the database is lost");
  const bool writes = mode == Mode::kWrite;
  QueueBegin(*session_,
             {.characteristics = writes ? "ISOLATION LEVEL " + isolation_ : "ISOLATION LEVEL REPEATABLE READ READ ONLY",
              .schema = schema_,
              .by_key = true});
  return std::make_unique<PostgresTransaction>(*session_, log_, aside_, tables_, writes);
}

}  // namespace crmsink::postgres
