#include "storage/postgres/values.h"

#include <bit>
#include <charconv>
#include <concepts>
#include <cstring>

namespace crmsink::postgres {
namespace {

constexpr Millis kEpoch = 946'684'800'000;  // 2000-01-01
constexpr Day kEpochDay = 10'957;

template <std::integral T>
void AppendBigEndian(T value, std::string& out) {
  for (int shift = static_cast<int>(sizeof(T) - 1) * 8; shift >= 0; shift -= 8) {
    out += static_cast<char>(static_cast<std::make_unsigned_t<T>>(value) >> shift);
  }
}

std::int64_t ReadBigEndian(std::string_view bytes) {
  if (bytes.empty()) return 0;
  std::uint64_t value = (bytes.front() & 0x80) != 0 && bytes.size() > 1 ? ~std::uint64_t{0} : 0;
  for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return static_cast<std::int64_t>(value);
}

std::int64_t MicrosOf(Millis time) { return (time - kEpoch) * 1000; }

// Cut to milliseconds, downwards.
Millis MillisOf(std::int64_t micros) {
  std::int64_t millis = micros / 1000;
  if (micros % 1000 < 0) --millis;
  return millis + kEpoch;
}

struct ArrayType {
  TypeId element;
  Oid array;
  std::string_view name;
};
constexpr ArrayType kArrays[] = {{kBool, 1000, "boolean[]"}, {kBytea, 1001, "bytea[]"},
                                 {kInt8, 1016, "bigint[]"},  {kText, 1009, "text[]"},
                                 {kDate, 1182, "date[]"},    {kTimestamptz, 1185, "timestamptz[]"},
                                 {kFloat8, 1022, "float8[]"}};

const ArrayType& ArrayOf(TypeId element) {
  for (const ArrayType& type : kArrays) {
    if (type.element == element) return type;
  }
  return kArrays[3];
}

}  // namespace

std::string Encoded(std::int64_t value) {
  std::string bytes;
  AppendBigEndian(value, bytes);
  return bytes;
}

Parameter Parameter::Time(Millis time) { return {kTimestamptz, Encoded(MicrosOf(time))}; }

void ArrayBuilder::AddNull() {
  AppendBigEndian(std::int32_t{-1}, elements_);
  has_null_ = true;
  ++size_;
}

void ArrayBuilder::AddText(std::string_view text) {
  AppendBigEndian(static_cast<std::int32_t>(text.size()), elements_);
  elements_ += text;
  ++size_;
}

void ArrayBuilder::AddInt(std::int64_t value) {
  AppendBigEndian(std::int32_t{8}, elements_);
  AppendBigEndian(value, elements_);
  ++size_;
}

void ArrayBuilder::AddNumber(double value) { AddInt(std::bit_cast<std::int64_t>(value)); }

void ArrayBuilder::AddBool(bool value) { AddText(std::string_view(value ? "\1" : "\0", 1)); }

void ArrayBuilder::AddTime(Millis time) { AddInt(MicrosOf(time)); }

void ArrayBuilder::AddDay(Day day) {
  AppendBigEndian(std::int32_t{4}, elements_);
  AppendBigEndian(static_cast<std::int32_t>(day - kEpochDay), elements_);
  ++size_;
}

std::string_view ArrayBuilder::TypeName() const { return ArrayOf(element_).name; }

// Dimensions, has NULLs, element type; of the one dimension: size and lower bound; then per element length and bytes.
Parameter ArrayBuilder::Done() const {
  std::string bytes;
  bytes.reserve(20 + elements_.size());
  for (const std::int32_t field :
       {std::int32_t{size_ > 0 ? 1 : 0}, std::int32_t{has_null_ ? 1 : 0}, static_cast<std::int32_t>(element_)}) {
    AppendBigEndian(field, bytes);
  }
  if (size_ > 0) {
    AppendBigEndian(size_, bytes);
    AppendBigEndian(std::int32_t{1}, bytes);
  }
  bytes += elements_;
  return {ArrayOf(element_).array, std::move(bytes)};
}

std::size_t Rows::affected() const {
  const std::string_view text = Pq().PQcmdTuples(result_.get());
  std::size_t count = 0;
  std::from_chars(text.data(), text.data() + text.size(), count);
  return count;
}

std::vector<std::string> Rows::names() const {
  std::vector<std::string> names;
  for (int i = 0; i < Pq().PQnfields(result_.get()); ++i) names.emplace_back(Pq().PQfname(result_.get(), i));
  return names;
}

std::string_view Rows::Bytes(int row, int column) const {
  return {Pq().PQgetvalue(result_.get(), row, column),
          static_cast<std::size_t>(Pq().PQgetlength(result_.get(), row, column))};
}

std::string_view Rows::TextOrNone(int row, int column) const {
  return IsNull(row, column) ? std::string_view() : Bytes(row, column);
}

std::int64_t Rows::Int(int row, int column) const { return ReadBigEndian(Bytes(row, column)); }

double Rows::Number(int row, int column) const { return std::bit_cast<double>(Int(row, column)); }

Millis Rows::Time(int row, int column) const { return MillisOf(Int(row, column)); }

Day Rows::Date(int row, int column) const { return Int(row, column) + kEpochDay; }

}  // namespace crmsink::postgres
