#include "storage/postgres/connect.h"

#include <poll.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "storage/postgres/session.h"

namespace crmsink::postgres {
namespace {

using Clock = std::chrono::steady_clock;

struct Finish {
  void operator()(PGconn* connection) const { Pq().PQfinish(connection); }
};
using Connection = std::unique_ptr<PGconn, Finish>;

struct Free {
  void operator()(PQconninfoOption* options) const { Pq().PQconninfoFree(options); }
};

std::vector<std::string> Split(std::string_view text) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t comma = text.find(',');
    parts.emplace_back(text.substr(0, comma));
    if (comma == std::string_view::npos) return parts;
    text.remove_prefix(comma + 1);
  }
}

// The i-th of a list; of a list of one, that one.
std::string Pick(const std::vector<std::string>& list, std::size_t i) {
  if (list.empty()) return "";
  return list[list.size() == 1 ? 0 : std::min(i, list.size() - 1)];
}

// What libpq is told, once per host: keyword and value.
struct Attempt {
  std::vector<std::string> keywords, values;

  void Set(std::string keyword, std::string value) {
    keywords.push_back(std::move(keyword));
    values.push_back(std::move(value));
  }
};

Result<std::vector<Attempt>> AttemptsOf(const DatabaseUrl& url) {
  char* message = nullptr;
  const std::unique_ptr<PQconninfoOption, Free> options(Pq().PQconninfoParse(url.connection.c_str(), &message));
  if (options == nullptr) {
    // libpq repeats the URL.
    const std::string why =
        url.has_password ? "" : std::string(": ") + (message != nullptr ? message : "out of memory");
    Pq().PQfreemem(message);
    return Fail(ErrorCode::kInvalid, "the database's URL cannot be read" + why);
  }
  std::vector<std::string> hosts, addresses, ports;
  Attempt common;
  // The first are defaults that the URL may change.
  common.Set("fallback_application_name", "crmsink");
  common.Set("keepalives_idle", "30");
  common.Set("tcp_user_timeout", "15000");
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    const std::string_view keyword = option->keyword;
    if (keyword == "host") {
      hosts = Split(option->val);
    } else if (keyword == "hostaddr") {
      addresses = Split(option->val);
    } else if (keyword == "port") {
      ports = Split(option->val);
    } else {
      common.Set(option->keyword, option->val);
    }
  }
  common.Set("client_encoding", "UTF8");
  std::vector<Attempt> attempts;
  for (std::size_t i = 0; i < std::max<std::size_t>({hosts.size(), addresses.size(), 1}); ++i) {
    Attempt& attempt = attempts.emplace_back(common);
    if (!hosts.empty()) attempt.Set("host", Pick(hosts, i));
    if (!addresses.empty()) attempt.Set("hostaddr", Pick(addresses, i));
    if (!ports.empty()) attempt.Set("port", Pick(ports, i));
  }
  return attempts;
}

// In "FATAL:  28P01: password authentication failed ...", as libpq says it when it is to be verbose.
std::string SqlstateIn(std::string_view message) {
  for (const std::string_view severity : {"FATAL:  ", "ERROR:  "}) {
    const std::size_t at = message.rfind(severity);
    if (at == std::string_view::npos) continue;
    const std::string_view state = message.substr(at + severity.size(), 6);
    if (state.size() == 6 && state.back() == ':') return std::string(state.substr(0, 5));
  }
  return "";
}

Error Refused(PGconn* connection) {
  std::string message = Pq().PQerrorMessage(connection);
  const std::string sqlstate = SqlstateIn(message);
  // What libpq itself finds out, before it connects or when it is asked for a password, has no SQLSTATE.
  const bool lacks_password = Pq().PQconnectionNeedsPassword(connection) == 1;
  if (const std::size_t location = message.find("\nLOCATION:"); location != std::string::npos) message.resize(location);
  Error error = Translate("connecting to the database", sqlstate, message);
  if (sqlstate.empty() && message.starts_with("invalid ")) {
    error.code = ErrorCode::kInvalid;
  } else if (sqlstate.starts_with("28") || lacks_password) {
    error.code = ErrorCode::kInvalid;
    error.message += "; check the user, its password (PGPASSWORD, PGPASSFILE) and pg_hba.conf";
  } else if (sqlstate == "3D000") {
    error.code = ErrorCode::kNotFound;
    error.message += "; make it with createdb";
  } else if (error.code != ErrorCode::kInvalid) {
    error.code = ErrorCode::kUnavailable;
  }
  return error;
}

Result<PGconn*> Connect(const Attempt& attempt, std::chrono::milliseconds patience) {
  std::vector<const char*> keywords, values;
  for (const std::string& keyword : attempt.keywords) keywords.push_back(keyword.c_str());
  for (const std::string& value : attempt.values) values.push_back(value.c_str());
  keywords.push_back(nullptr);
  values.push_back(nullptr);
  Connection connection(Pq().PQconnectStartParams(keywords.data(), values.data(), 0));
  if (connection == nullptr) return Fail(ErrorCode::kUnavailable, "connecting to the database: out of memory");
  Pq().PQsetErrorVerbosity(connection.get(), PQERRORS_VERBOSE);
  Pq().PQsetNoticeProcessor(
      connection.get(), [](void*, const char*) {}, nullptr);
  const auto deadline = Clock::now() + patience;
  for (PostgresPollingStatusType step = PGRES_POLLING_WRITING; step != PGRES_POLLING_OK;) {
    if (step == PGRES_POLLING_FAILED || Pq().PQstatus(connection.get()) == CONNECTION_BAD) {
      return tl::unexpected(Refused(connection.get()));
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    pollfd descriptor{Pq().PQsocket(connection.get()),
                      static_cast<short>(step == PGRES_POLLING_READING ? POLLIN : POLLOUT), 0};
    if (left.count() <= 0 || ::poll(&descriptor, 1, static_cast<int>(left.count())) == 0) {
      return Fail(ErrorCode::kUnavailable, "connecting to the database: no answer in time");
    }
    step = Pq().PQconnectPoll(connection.get());
  }
  Pq().PQsetErrorVerbosity(connection.get(), PQERRORS_DEFAULT);
  return connection.release();
}

}  // namespace

Result<PGconn*> OpenConnection(const DatabaseUrl& url, std::chrono::milliseconds patience) {
  if (auto loaded = LoadLibPq(); !loaded) return tl::unexpected(loaded.error());
  const auto attempts = AttemptsOf(url);
  if (!attempts) return tl::unexpected(attempts.error());
  Result<PGconn*> connection = Fail(ErrorCode::kInternal, "no host");
  for (const Attempt& attempt : *attempts) {
    connection = Connect(attempt, patience);
    if (connection) break;
  }
  return connection;
}

}  // namespace crmsink::postgres
