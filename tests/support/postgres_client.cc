#include "support/postgres_client.h"

#include <libpq-fe.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "storage/database.h"

namespace crmsink {
namespace {

using Answer = std::unique_ptr<PGresult, decltype(&PQclear)>;

Answer Run(PGconn* connection, const std::string& sql) {
  Answer answer(PQexec(connection, sql.c_str()), &PQclear);
  const ExecStatusType status = PQresultStatus(answer.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY) {
    throw std::runtime_error(std::string(PQerrorMessage(connection)) + "in: " + sql);
  }
  return answer;
}

// As <catalog/pg_type_d.h> numbers them; it is in another package.
constexpr Oid kBool = 16, kTimestamptz = 1184;

std::string Shown(const std::string& value, Oid type) {
  if (type == kBool) return value == "t" ? "1" : "0";
  constexpr std::size_t kSeconds = 19;
  if (type != kTimestamptz || !value.ends_with("+00")) return value;
  std::string time = value.substr(0, value.size() - 3);
  if (time.size() == kSeconds) time += '.';
  time.resize(std::max(time.size(), kSeconds + 4), '0');
  return time;
}

}  // namespace

PostgresClient::PostgresClient(const std::string& url) {
  const auto parsed = DatabaseUrl::Parse(url);
  if (!parsed) throw std::runtime_error(parsed.error().message);
  connection_ = PQconnectdb(parsed->connection.c_str());
  if (PQstatus(connection_) != CONNECTION_OK) {
    const std::string message = PQerrorMessage(connection_);
    PQfinish(connection_);
    throw std::runtime_error(message);
  }
  PQsetNoticeProcessor(
      connection_, [](void*, const char*) {}, nullptr);
  Execute("SET search_path = " + parsed->schema + ", public; SET TIME ZONE 'UTC'; SET datestyle = 'ISO'");
}

PostgresClient::~PostgresClient() { PQfinish(connection_); }

void PostgresClient::Execute(const std::string& sql) { Run(connection_, sql); }

std::vector<std::vector<std::string>> PostgresClient::Rows(const std::string& sql) {
  const Answer answer = Run(connection_, sql);
  PGresult* const result = answer.get();
  std::vector<std::vector<std::string>> rows;
  for (int row = 0; row < PQntuples(result); ++row) {
    std::vector<std::string>& values = rows.emplace_back();
    for (int column = 0; column < PQnfields(result); ++column) {
      const bool is_null = PQgetisnull(result, row, column) != 0;
      values.push_back(is_null ? "NULL" : Shown(PQgetvalue(result, row, column), PQftype(result, column)));
    }
  }
  return rows;
}

std::string PostgresClient::Select(const std::string& sql) {
  std::string text;
  for (const auto& row : Rows(sql)) {
    if (!text.empty()) text += ' ';
    for (std::size_t i = 0; i < row.size(); ++i) text += (i > 0 ? "," : "") + row[i];
  }
  return text;
}

int PostgresClient::ServerProcess() const { return PQbackendPID(connection_); }

}  // namespace crmsink
