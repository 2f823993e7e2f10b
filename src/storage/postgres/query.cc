#include "storage/postgres/query.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>

#include "storage/postgres/columns.h"
#include "storage/postgres/store.h"

namespace crmsink::postgres {
namespace {

constexpr std::string_view kDoing = "running the query";
constexpr std::string_view kFetch = "FETCH 1000 FROM crmsink_query";

Parameter ParameterOf(const QueryValue& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return Parameter::Int(*integer);
  if (const auto* number = std::get_if<double>(&value)) {
    return {kFloat8, Encoded(std::bit_cast<std::int64_t>(*number))};
  }
  if (const auto* blob = std::get_if<Blob>(&value)) return Parameter::Bytes(blob->bytes);
  Parameter parameter;
  parameter.is_null = !std::holds_alternative<std::string>(value);
  // Of no type: what it stands beside decides, so that a time may be given as text.
  if (!parameter.is_null) parameter.bytes = std::get<std::string>(value);
  return parameter;
}

// A whole number that fits, else a double.
QueryValue NumberOf(std::string_view text) {
  std::int64_t integer = 0;
  const auto whole = std::from_chars(text.data(), text.data() + text.size(), integer);
  if (whole.ec == std::errc() && whole.ptr == text.data() + text.size()) return integer;
  double number = 0;
  const auto done = std::from_chars(text.data(), text.data() + text.size(), number);
  if (done.ec == std::errc() && done.ptr == text.data() + text.size()) return number;
  return std::string(text);
}

// "2026-01-15 10:20:30.4+00" with milliseconds and without zone; what is finer stays as it is.
std::string TimeOf(std::string_view text) {
  if (text.ends_with("+00")) text.remove_suffix(3);
  std::string time(text);
  const std::size_t point = time.find('.');
  if (time.size() < 19 || time[10] != ' ') return time;
  if (point == std::string::npos) return time + ".000";
  while (time.size() < point + 4) time += '0';
  return time;
}

std::string BytesOf(std::string_view hex) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string bytes;
  for (std::size_t i = 2; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(digit(hex[i]) * 16 + digit(hex[i + 1]));
  }
  return bytes;
}

// What is said of a value in PostgreSQL's text form.
QueryValue ValueOf(std::string_view text, Oid type) {
  switch (type) {
    case kBool:
      return std::int64_t{text == "t"};
    case kInt2:
    case kInt4:
    case kInt8:
    case kOid:
    case kNumeric:
    case kFloat4:
    case kFloat8:
      return NumberOf(text);
    case kTimestamp:
    case kTimestamptz:
      return TimeOf(text);
    case kBytea:
      return Blob{BytesOf(text)};
    case kJsonb:
      return CanonicalJson(text);
    default:
      return std::string(text);
  }
}

// Is it a fault of the statement, and not of the server?
bool IsOfStatement(ErrorCode code) { return code == ErrorCode::kInternal || code == ErrorCode::kData; }

// The line that PostgreSQL quotes is not the one that was given: a cursor is declared in front of it. A hint stays.
void CutPlace(std::string& message) {
  const std::size_t line = message.find(" LINE ");
  if (line == std::string::npos) return;
  message.erase(line, std::min(message.find(" HINT: ", line), message.size()) - line);
}

Result<void> FailedBy(Error error, std::chrono::milliseconds timeout) {
  constexpr std::string_view kPrefix = ": ERROR: ";
  if (error.message.find("statement timeout") != std::string::npos) {
    return Fail(ErrorCode::kUnavailable, "the query took longer than " + std::to_string(timeout.count() / 1000) +
                                             " s and was ended; --timeout gives it more");
  }
  for (const char* wants_more : {"read-only transaction", "data-modifying statements"}) {
    if (error.message.find(wants_more) == std::string::npos) continue;
    return Fail(ErrorCode::kInvalid, "query only reads: this statement wants more");
  }
  // Here it is the statement that names it wrongly.
  if (const std::size_t remedy = error.message.find("; a table is missing"); remedy != std::string::npos) {
    error.message.resize(remedy);
    error.code = ErrorCode::kInternal;
  }
  if (IsOfStatement(error.code)) {
    const std::size_t at = error.message.find(kPrefix);
    if (at != std::string::npos) error.message.erase(0, at + kPrefix.size());
    CutPlace(error.message);
    if (error.message.starts_with("syntax error")) {
      error.message += "; one statement that reads is meant: SELECT, VALUES, TABLE or WITH";
    }
    error.code = ErrorCode::kInvalid;
  }
  return tl::unexpected(std::move(error));
}

}  // namespace

Query::Query(std::unique_ptr<Session> session, std::string schema)
    : session_(std::move(session)), schema_(std::move(schema)) {}

Result<void> Query::Run(std::string_view sql, std::span<const QueryValue> parameters, const QuerySink& sink,
                        std::chrono::milliseconds timeout) {
  session_->set_patience(timeout);
  QueueBegin(*session_, {.characteristics = "ISOLATION LEVEL REPEATABLE READ READ ONLY", .schema = schema_});
  // Bytes and numbers in the form that is read here, whatever the server's settings.
  session_->Queue({.sql =
                       "SELECT set_config('bytea_output', 'hex', true), set_config('extra_float_digits', '1', true), "
                       "set_config('IntervalStyle', 'postgres', true)",
                   .doing = kDoing});
  // The server ends what takes too long; should it hang, so do we, a little later.
  if (timeout.count() > 0) session_->set_patience(timeout + std::chrono::seconds(2));
  auto done = RunInTransaction(sql, parameters, sink);
  session_->Drop();
  if (!session_->broken()) static_cast<void>(session_->Run({.sql = "ROLLBACK", .doing = kDoing}));
  return done ? done : FailedBy(done.error(), timeout);
}

Result<void> Query::RunInTransaction(std::string_view sql, std::span<const QueryValue> parameters,
                                     const QuerySink& sink) {
  while (!sql.empty() && std::strchr(" \t\r\n;", sql.back()) != nullptr) sql.remove_suffix(1);
  if (sql.empty()) return Fail(ErrorCode::kInvalid, "there is no statement in it");
  Parameters given;
  for (const QueryValue& value : parameters) given.push_back(ParameterOf(value));
  session_->Queue({.sql = "DECLARE crmsink_query NO SCROLL CURSOR FOR " + std::string(sql),
                   .parameters = std::move(given),
                   .doing = kDoing});
  bool is_first = true;
  while (true) {
    const auto rows = session_->Run({.sql = std::string(kFetch), .doing = kDoing, .text_results = true});
    if (!rows) return tl::unexpected(rows.error());
    if (is_first && sink.on_columns) sink.on_columns(rows->names());
    is_first = false;
    std::vector<QueryValue> row(rows->names().size());
    for (int r = 0; r < rows->size(); ++r) {
      for (std::size_t c = 0; c < row.size(); ++c) {
        const int column = static_cast<int>(c);
        row[c] = rows->IsNull(r, column) ? QueryValue() : ValueOf(rows->Bytes(r, column), rows->type(column));
      }
      if (!sink.on_row(row)) return {};
    }
    if (rows->size() == 0) return {};
  }
}

}  // namespace crmsink::postgres
