#include "storage/postgres/session.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <optional>

#include "storage/postgres/connect.h"

namespace crmsink::postgres {
namespace {

struct Meaning {
  std::string_view sqlstate;  // begins so
  ErrorCode code;
  std::string_view remedy;
};
// The longest first.
constexpr Meaning kMeanings[] = {
    {"40001", ErrorCode::kConflict, ""},
    {"40P01", ErrorCode::kConflict, ""},
    {"42501", ErrorCode::kUnavailable, "; the role may not do this: see docs/postgres.md for the rights that it needs"},
    {"53100", ErrorCode::kUnavailable, "; the server's disk is full: make room"},
    {"25006", ErrorCode::kUnavailable,
     "; the server is a standby: name all hosts in the URL, with target_session_attrs=read-write"},
    {"42P01", ErrorCode::kUnavailable, "; a table is missing: run `crmsink migrate`"},
    {"0A", ErrorCode::kInternal, ""},
    {"25", ErrorCode::kInternal, ""},
    {"54", ErrorCode::kData, ""},
    {"22", ErrorCode::kData, ""},
    {"23", ErrorCode::kData, ""},
    {"XX001", ErrorCode::kUnavailable, "; the server says that its data is damaged: look into its log"},
    {"XX002", ErrorCode::kUnavailable, "; the server says that an index is damaged: look into its log"},
    {"42", ErrorCode::kInternal, ""},
};
constexpr std::string_view kUniqueViolation = "23505", kNoSuchStatement = "26000", kStatementExists = "42P05";

std::string OneLine(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool is_space = c == ' ' || c == '\t' || c == '\n';
    if (!is_space || (!line.empty() && line.back() != ' ')) line += is_space ? ' ' : c;
  }
  while (line.ends_with(' ')) line.pop_back();
  return line;
}

}  // namespace

Error Translate(std::string_view doing, std::string_view sqlstate, std::string_view message) {
  ErrorCode code = ErrorCode::kUnavailable;
  std::string text = std::string(doing) + ": " + OneLine(message);
  for (const Meaning& meaning : kMeanings) {
    if (sqlstate.empty() || !sqlstate.starts_with(meaning.sqlstate)) continue;
    code = meaning.code;
    text += meaning.remedy;
    break;
  }
  return {code, std::move(text)};
}

Result<std::unique_ptr<Session>> Session::Connect(const DatabaseUrl& url, std::chrono::milliseconds patience,
                                                  std::chrono::milliseconds connecting) {
  auto connection = OpenConnection(url, connecting);
  if (!connection) return tl::unexpected(connection.error());
  std::unique_ptr<Session> session(new Session(*connection, patience));
  if (Pq().PQsetnonblocking(*connection, 1) != 0 || Pq().PQenterPipelineMode(*connection) != 1) {
    return tl::unexpected(session->Lost("connecting"));
  }
  return session;
}

Session::Session(PGconn* connection, std::chrono::milliseconds patience)
    : connection_(connection), patience_(patience) {}

Session::~Session() = default;

void Session::Queue(Statement statement) { queue_.push_back(std::move(statement)); }

Error Session::Lost(std::string_view doing) {
  broken_ = true;
  std::string_view message = Pq().PQerrorMessage(connection_.get());
  return Translate(doing, "", message.empty() ? "the connection to the server is lost" : message);
}

// A pooler makes up the number that it tells its clients.
Result<void> Session::KeepStatements() {
  const auto rows = Run({.sql = "SELECT pg_backend_pid()", .doing = "connecting"});
  if (!rows) return tl::unexpected(rows.error());
  if (rows->Int(0, 0) != Pq().PQbackendPID(connection_.get())) return {};
  if (auto done = KeepMemory(); !done) return done;
  keeps_statements_ = true;
  return {};
}

// glibc gives what a statement freed back to the system, and gets it page by page for the next one, until it has freed
// one piece as large as this: from then on it keeps up to twice as much (mallopt(3), M_MMAP_THRESHOLD). To a server on
// another C library it is a statement like any other, and one that refuses it goes on without.
Result<void> Session::KeepMemory() {
  const auto done = Run({.sql = "SELECT octet_length(repeat(' ', 8388608))", .doing = "connecting"});
  if (!done && broken_) return tl::unexpected(done.error());
  return {};
}

Result<void> Session::Send() {
  messages_.clear();
  for (std::size_t i = 0; i < queue_.size(); ++i) {
    if (!Send(i)) return tl::unexpected(Lost(queue_[i].doing));
  }
  if (Pq().PQpipelineSync(connection_.get()) != 1) return tl::unexpected(Lost("sending statements"));
  return {};
}

bool Session::Send(std::size_t index) {
  const Statement& statement = queue_[index];
  const char* const sql = statement.sql.c_str();
  std::vector<Oid> types;
  std::vector<const char*> values;
  std::vector<int> lengths, formats;
  for (const Parameter& parameter : statement.parameters) {
    types.push_back(parameter.type);
    values.push_back(parameter.is_null ? nullptr : parameter.bytes.data());
    lengths.push_back(static_cast<int>(parameter.bytes.size()));
    formats.push_back(parameter.type == 0 ? 0 : 1);  // without a type it is text
  }
  const int count = static_cast<int>(types.size()), result_format = statement.text_results ? 0 : 1;
  PGconn* const connection = connection_.get();
  if (!keeps_statements_) {
    messages_.push_back({.statement = index, .prepares = ""});
    return Pq().PQsendQueryParams(connection, sql, count, types.data(), values.data(), lengths.data(), formats.data(),
                                  result_format) == 1;
  }
  std::string key = statement.sql;
  for (const Oid type : types) key.append(" ").append(std::to_string(type));
  const auto [kept, is_new] = kept_.try_emplace(key);
  if (is_new) {
    kept->second = "crmsink_" + std::to_string(++names_);
    messages_.push_back({.statement = index, .prepares = std::move(key)});
    if (Pq().PQsendPrepare(connection, kept->second.c_str(), sql, count, types.data()) != 1) return false;
  }
  messages_.push_back({.statement = index, .prepares = ""});
  return Pq().PQsendQueryPrepared(connection, kept->second.c_str(), count, values.data(), lengths.data(),
                                  formats.data(), result_format) == 1;
}

// Waits for the next result, sending on meanwhile: a server that waits for us to read does not read what we send.
Result<PGresult*> Session::NextResult(Clock::time_point deadline) {
  PGconn* const connection = connection_.get();
  while (true) {
    const int unsent = Pq().PQflush(connection);
    if (unsent < 0) return tl::unexpected(Lost("sending statements"));
    if (Pq().PQisBusy(connection) == 0) return Pq().PQgetResult(connection);
    int wait = -1;
    if (patience_.count() > 0) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
      if (left.count() <= 0) {
        broken_ = true;
        return tl::unexpected(Translate("waiting for the server", "", "it did not answer in time"));
      }
      wait = static_cast<int>(left.count());
    }
    pollfd descriptor{Pq().PQsocket(connection), static_cast<short>(POLLIN | (unsent > 0 ? POLLOUT : 0)), 0};
    const int ready = ::poll(&descriptor, 1, wait);
    if (ready < 0 && errno != EINTR) return tl::unexpected(Lost("waiting for the server"));
    if (ready > 0 && (descriptor.revents & ~POLLOUT) != 0 && Pq().PQconsumeInput(connection) != 1) {
      return tl::unexpected(Lost("reading from the server"));
    }
  }
}

Result<std::vector<Rows>> Session::Receive() {
  const auto deadline = Clock::now() + patience_;
  std::vector<Rows> all;
  std::optional<Error> failure;
  // Each message gives its result and then a null; the sync behind them one result alone.
  for (std::size_t i = 0; i <= messages_.size();) {
    const auto next = NextResult(deadline);
    if (!next) return tl::unexpected(next.error());
    if (*next == nullptr) {
      if (Pq().PQstatus(connection_.get()) != CONNECTION_OK) return tl::unexpected(Lost("reading from the server"));
      ++i;
      continue;
    }
    const ExecStatusType status = Pq().PQresultStatus(*next);
    Rows rows(*next);
    if (status == PGRES_PIPELINE_SYNC) break;
    if (status == PGRES_PIPELINE_ABORTED || i == messages_.size()) continue;
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
      messages_[i].is_done = true;
      if (messages_[i].prepares.empty()) all.push_back(std::move(rows));
      continue;
    }
    if (!failure) failure = FailureOf(queue_[messages_[i].statement], **next);
  }
  if (!failure) return all;
  ForgetUnprepared();
  return tl::unexpected(*std::move(failure));
}

Error Session::FailureOf(const Statement& statement, const PGresult& result) {
  const char* const field = Pq().PQresultErrorField(&result, PG_DIAG_SQLSTATE);
  const std::string_view sqlstate = field != nullptr ? field : "";
  Error failure = Translate(statement.doing, sqlstate, Pq().PQresultErrorMessage(&result));
  if (sqlstate == kUniqueViolation) failure.code = statement.if_not_unique;
  if (sqlstate == kNoSuchStatement || sqlstate == kStatementExists) {
    keeps_statements_ = false;  // a pooler after all; what comes again is sent whole
    failure.code = ErrorCode::kConflict;
  }
  if (sqlstate.empty() || Pq().PQstatus(connection_.get()) != CONNECTION_OK) broken_ = true;
  return failure;
}

void Session::ForgetUnprepared() {
  for (const Message& message : messages_) {
    if (!message.prepares.empty() && !message.is_done) kept_.erase(message.prepares);
  }
}

Result<std::vector<Rows>> Session::Flush() {
  if (broken_) return Fail(ErrorCode::kUnavailable, "the connection to the server is lost");
  if (queue_.empty()) return std::vector<Rows>();
  auto sent = Send();
  Result<std::vector<Rows>> received = sent ? Receive() : tl::unexpected(sent.error());
  queue_.clear();
  return received;
}

Result<Rows> Session::Run(Statement statement) {
  Queue(std::move(statement));
  auto all = Flush();
  if (!all) return tl::unexpected(all.error());
  return std::move(all->back());
}

Result<void> Session::RunScript(const std::string& sql, std::string_view doing) {
  if (auto done = Flush(); !done) return tl::unexpected(done.error());
  if (Pq().PQexitPipelineMode(connection_.get()) != 1 || Pq().PQsendQuery(connection_.get(), sql.c_str()) != 1) {
    return tl::unexpected(Lost(doing));
  }
  const auto deadline = Clock::now() + patience_;
  std::optional<Error> failure;
  while (true) {
    const auto next = NextResult(deadline);
    if (!next) return tl::unexpected(next.error());
    if (*next == nullptr) break;
    const Rows rows(*next);
    const ExecStatusType status = Pq().PQresultStatus(*next);
    if (failure || status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_EMPTY_QUERY) continue;
    const char* sqlstate = Pq().PQresultErrorField(*next, PG_DIAG_SQLSTATE);
    failure = Translate(doing, sqlstate != nullptr ? sqlstate : "", Pq().PQresultErrorMessage(*next));
  }
  if (Pq().PQenterPipelineMode(connection_.get()) != 1) return tl::unexpected(Lost(doing));
  if (failure) return tl::unexpected(*std::move(failure));
  return {};
}

}  // namespace crmsink::postgres
