#include "support/postgres_client.h"

#include <libpq-fe.h>

#include <memory>
#include <stdexcept>

#include "storage/database.h"

namespace crmsink {
namespace {

using Rows = std::unique_ptr<PGresult, decltype(&PQclear)>;

Rows Run(PGconn* connection, const std::string& sql) {
  Rows rows(PQexec(connection, sql.c_str()), &PQclear);
  const ExecStatusType status = PQresultStatus(rows.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
    throw std::runtime_error(std::string(PQerrorMessage(connection)) + "in: " + sql);
  }
  return rows;
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

std::string PostgresClient::Select(const std::string& sql) {
  const Rows rows = Run(connection_, sql);
  std::string text;
  for (int row = 0; row < PQntuples(rows.get()); ++row) {
    if (row > 0) text += ' ';
    for (int column = 0; column < PQnfields(rows.get()); ++column) {
      if (column > 0) text += ',';
      text += PQgetisnull(rows.get(), row, column) != 0 ? "NULL" : PQgetvalue(rows.get(), row, column);
    }
  }
  return text;
}

int PostgresClient::ServerProcess() const { return PQbackendPID(connection_); }

}  // namespace crmsink
