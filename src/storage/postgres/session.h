#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "storage/database.h"
#include "storage/postgres/values.h"

namespace crmsink::postgres {

// The one place where PostgreSQL's failures become ours. `sqlstate` is empty where the connection is lost.
Error Translate(std::string_view doing, std::string_view sqlstate, std::string_view message);

// One connection on libpq. Statements are parameterised, queued, and go to the server together, so that many cost one
// round trip. Values go and come in binary form.
//
// A server that does not answer in time is one that is away: whatever waits gives up, and the connection is broken.
// Thread-safety: none; it belongs to one thread.
class Session {
 public:
  using Clock = std::chrono::steady_clock;

  struct Statement {
    std::string sql;
    Parameters parameters = {};
    std::string_view doing;  // for messages, of static life: "writing the log"
    ErrorCode if_not_unique = ErrorCode::kConflict;
    bool text_results = false;  // for values of any type
  };

  // Tries each host of the URL in turn. kUnavailable: none answers in time, or none takes more connections. kInvalid:
  // it does not let us in. kNotFound: it has no such database.
  [[nodiscard]] static Result<std::unique_ptr<Session>> Connect(
      const DatabaseUrl& url, std::chrono::milliseconds patience,
      std::chrono::milliseconds connecting = OpenOptions().connecting);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // From now on each statement is parsed once and kept by the server, as is the memory that it takes; for those who say
  // the same again and again. Does nothing behind a pooler, which may hand out another server connection for each
  // transaction.
  [[nodiscard]] Result<void> KeepStatements();

  // Sent with the next Flush().
  void Queue(Statement statement);
  // Sends what is queued and waits for it: the rows of each, in their order, or the first failure.
  [[nodiscard]] Result<std::vector<Rows>> Flush();
  // Flush() of what is queued and this; gives the rows of this alone.
  [[nodiscard]] Result<Rows> Run(Statement statement);
  // Forgets what is queued.
  void Drop() { queue_.clear(); }

  // Runs the statements of a text, without parameters, for their effect alone.
  [[nodiscard]] Result<void> RunScript(const std::string& sql, std::string_view doing);

  // True once nothing can be expected of it any more.
  bool broken() const { return broken_; }
  std::chrono::milliseconds patience() const { return patience_; }
  // Longer or shorter from now on; zero is without end.
  void set_patience(std::chrono::milliseconds patience) { patience_ = patience; }

 private:
  struct Finish {
    void operator()(PGconn* connection) const { Pq().PQfinish(connection); }
  };

  // A message to the server, which answers each with a result.
  struct Message {
    std::size_t statement;  // in queue_
    std::string prepares;   // the key in kept_; empty: it runs the statement
    bool is_done = false;
  };

  Session(PGconn* connection, std::chrono::milliseconds patience);
  Result<void> KeepMemory();
  Result<void> Send();
  bool Send(std::size_t statement);
  Result<PGresult*> NextResult(Clock::time_point deadline);
  Result<std::vector<Rows>> Receive();
  Error FailureOf(const Statement& statement, const PGresult& result);
  void ForgetUnprepared();
  Error Lost(std::string_view doing);

  std::unique_ptr<PGconn, Finish> connection_;
  std::chrono::milliseconds patience_;
  std::vector<Statement> queue_;
  std::vector<Message> messages_;  // of what was sent of it
  bool keeps_statements_ = false;
  std::unordered_map<std::string, std::string> kept_;  // names, by text and types
  std::size_t names_ = 0;                              // given so far
  bool broken_ = false;
};

}  // namespace crmsink::postgres
