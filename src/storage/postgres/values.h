#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "storage/postgres/libpq.h"

namespace crmsink::postgres {

// Values in PostgreSQL's binary form: numbers big-endian, a time as microseconds and a date as days since 2000-01-01.

// An object identifier of pg_type, fixed for ever.
enum TypeId : Oid {
  kBool = 16,
  kBytea = 17,
  kInt8 = 20,
  kInt2 = 21,
  kInt4 = 23,
  kText = 25,
  kFloat4 = 700,
  kFloat8 = 701,
  kDate = 1082,
  kTimestamp = 1114,
  kTimestamptz = 1184,
  kNumeric = 1700,
  kJson = 114,
  kJsonb = 3802,
  kOid = 26,
};

std::string Encoded(std::int64_t value);

// One parameter of a statement. An array holds what one column gets, row by row.
struct Parameter {
  Oid type = 0;
  std::string bytes;
  bool is_null = false;

  static Parameter Text(std::string_view text) { return {kText, std::string(text)}; }
  static Parameter Bytes(std::string_view bytes) { return {kBytea, std::string(bytes)}; }
  static Parameter Int(std::int64_t value) { return {kInt8, Encoded(value)}; }
  static Parameter Time(Millis time);
};
using Parameters = std::vector<Parameter>;

// Fills an array parameter, element by element.
class ArrayBuilder {
 public:
  explicit ArrayBuilder(TypeId element) : element_(element) {}

  void AddNull();
  void AddText(std::string_view text);  // of text and bytea
  void AddInt(std::int64_t value);
  void AddNumber(double value);
  void AddBool(bool value);
  void AddTime(Millis time);
  void AddDay(Day day);

  // "text[]": to be written behind its parameter.
  std::string_view TypeName() const;
  Parameter Done() const;

 private:
  const TypeId element_;
  std::int32_t size_ = 0;
  bool has_null_ = false;
  std::string elements_;
};

// The rows of one statement, in binary form. The readers' row and column must be there, and not NULL.
class Rows {
 public:
  explicit Rows(PGresult* result) : result_(result) {}

  int size() const { return Pq().PQntuples(result_.get()); }
  // Rows that the statement wrote, and its name: "COMMIT".
  std::size_t affected() const;
  std::string_view tag() const { return Pq().PQcmdStatus(result_.get()); }
  std::vector<std::string> names() const;
  Oid type(int column) const { return Pq().PQftype(result_.get(), column); }
  bool IsNull(int row, int column) const { return Pq().PQgetisnull(result_.get(), row, column) == 1; }

  std::string_view Bytes(int row, int column) const;
  std::string Text(int row, int column) const { return std::string(TextOrNone(row, column)); }
  std::string_view TextOrNone(int row, int column) const;  // empty where it is NULL
  std::int64_t Int(int row, int column) const;             // of int8, int4 and boolean
  double Number(int row, int column) const;                // of float8
  Millis Time(int row, int column) const;
  Day Date(int row, int column) const;

 private:
  struct Clear {
    void operator()(PGresult* result) const { Pq().PQclear(result); }
  };
  std::unique_ptr<PGresult, Clear> result_;
};

}  // namespace crmsink::postgres
