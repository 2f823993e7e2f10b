#include "storage/sqlite/query.h"

#include <sqlite3.h>

#include <cstring>

namespace crmsink::sqlite {
namespace {

// Everything that is not plain reading is refused before the statement exists.
int Authorize(void*, int action, const char* first, const char* second, const char*, const char*) {
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE:
      return SQLITE_OK;
    // What SQLite asks for when json_each is first used; the file is read-only all the same.
    case SQLITE_UPDATE:
      return std::strcmp(first, "sqlite_master") == 0 ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_FUNCTION:
      return second != nullptr && std::strcmp(second, "load_extension") == 0 ? SQLITE_DENY : SQLITE_OK;
    case SQLITE_PRAGMA: {
      for (const char* harmless : {"table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo",
                                   "database_list", "function_list", "compile_options", "quick_check"}) {
        if (std::strcmp(first, harmless) == 0) return SQLITE_OK;
      }
      return SQLITE_DENY;
    }
    default:
      return SQLITE_DENY;
  }
}

int IsOver(void* deadline) {
  return std::chrono::steady_clock::now() > *static_cast<std::chrono::steady_clock::time_point*>(deadline) ? 1 : 0;
}

QueryValue Read(const SQLite::Column& column) {
  switch (column.getType()) {
    case SQLITE_INTEGER:
      return column.getInt64();
    case SQLITE_FLOAT:
      return column.getDouble();
    case SQLITE_TEXT:
      return column.getString();
    case SQLITE_BLOB:
      return Blob{column.getString()};
    default:
      return {};
  }
}

// Is there another statement, and not only white space and comments?
bool HasMore(SQLite::Database& db, const char* tail) {
  while (*tail != '\0') {
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v2(db.getHandle(), tail, -1, &statement, &tail);
    sqlite3_finalize(statement);
    if (code != SQLITE_OK || statement != nullptr) return true;
  }
  return false;
}

// What follows the first statement: SQLiteCpp would ignore it silently.
Result<void> CheckSingle(SQLite::Database& db, const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  const char* tail = nullptr;
  const int code = sqlite3_prepare_v2(db.getHandle(), sql.c_str(), static_cast<int>(sql.size()), &statement, &tail);
  const bool is_empty = statement == nullptr;
  const bool reads = is_empty || sqlite3_stmt_readonly(statement) != 0;
  sqlite3_finalize(statement);
  if (code == SQLITE_AUTH) return Fail(ErrorCode::kInvalid, "query only reads: this statement wants more");
  if (code != SQLITE_OK) return Fail(ErrorCode::kInvalid, sqlite3_errmsg(db.getHandle()));
  if (is_empty) return Fail(ErrorCode::kInvalid, "there is no statement in it");
  if (!reads) return Fail(ErrorCode::kInvalid, "query only reads: this statement wants more");
  if (HasMore(db, tail)) return Fail(ErrorCode::kInvalid, "one statement at a time: there is more after the first");
  return {};
}

void Bind(SQLite::Statement& statement, int index, const QueryValue& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    statement.bind(index, *integer);
  } else if (const auto* number = std::get_if<double>(&value)) {
    statement.bind(index, *number);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    statement.bind(index, *text);
  } else if (const auto* blob = std::get_if<Blob>(&value)) {
    BindBlob(statement, index, blob->bytes);
  } else {
    statement.bind(index);
  }
}

void RunChecked(SQLite::Database& db, const std::string& sql, std::span<const QueryValue> parameters,
                const QuerySink& sink) {
  SQLite::Statement statement(db, sql);
  for (std::size_t i = 0; i < parameters.size(); ++i) Bind(statement, static_cast<int>(i + 1), parameters[i]);
  std::vector<std::string> names;
  for (int i = 0; i < statement.getColumnCount(); ++i) names.emplace_back(statement.getColumnName(i));
  if (sink.on_columns) sink.on_columns(names);
  std::vector<QueryValue> row(names.size());
  while (statement.executeStep()) {
    for (std::size_t i = 0; i < row.size(); ++i) row[i] = Read(statement.getColumn(static_cast<int>(i)));
    if (!sink.on_row(row)) break;
  }
}

}  // namespace

Query::Query(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {
  sqlite3_set_authorizer(connection_->db().getHandle(), Authorize, nullptr);
}

Result<void> Query::Run(std::string_view sql, std::span<const QueryValue> parameters, const QuerySink& sink,
                        std::chrono::milliseconds timeout) {
  SQLite::Database& db = connection_->db();
  const std::string text(sql);
  if (auto single = CheckSingle(db, text); !single) return single;
  auto deadline = std::chrono::steady_clock::now() + timeout;
  if (timeout.count() > 0) sqlite3_progress_handler(db.getHandle(), 10'000, IsOver, &deadline);
  try {
    RunChecked(db, text, parameters, sink);
  } catch (const SQLite::Exception& e) {
    sqlite3_progress_handler(db.getHandle(), 0, nullptr, nullptr);
    if (e.getErrorCode() == SQLITE_INTERRUPT) {
      return Fail(ErrorCode::kUnavailable, "the query took longer than " + std::to_string(timeout.count() / 1000) +
                                               " s and was ended; --timeout gives it more");
    }
    return Fail(ErrorCode::kInvalid, e.what());
  }
  sqlite3_progress_handler(db.getHandle(), 0, nullptr, nullptr);
  return {};
}

}  // namespace crmsink::sqlite
