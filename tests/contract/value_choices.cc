#include "value_choices.h"

#include <string>

namespace crmsink::contract {
namespace {

const std::string k255 = "\"" + std::string(251, 'k') + "\U0001F600\"";
const std::string k256 = "\"" + std::string(252, 'k') + "\U0001F600\"";

}  // namespace

const Choices& Texts() {
  static const Choices choices = {{"\"Ann\"", ""},
                                  {"\"Bo\"", ""},
                                  {"\"Zoë 北京 😀\"", "non-ASCII"},
                                  {R"("\u00e9\"\\\n\u0001")", "escapes"},
                                  {R"("\u0000x\ud800")", "lone surrogate or U+0000"},
                                  {"\"\"", "empty text"},
                                  {"null", "null"},
                                  {"null", "null"},
                                  {"1.10", "number in text column"},
                                  {"true", "boolean in text column"},
                                  {R"({"b":1.0,"a":[null]})", "wrong form"},
                                  {"[]", "wrong form"},
                                  {k255, "text of 255 bytes"},
                                  {k256, "text of 256 bytes"}};
  return choices;
}

const Choices& Numbers() {
  static const Choices choices = {{"5", ""},
                                  {"-0.50", ""},
                                  {"1e3", ""},
                                  {"123456789012345", "15 digits"},
                                  {"1234567890123456", "16 digits"},
                                  {"0.1234567890123456", "16 digits"},
                                  {"\"12.50\"", "number in string"},
                                  {"\"1e2\"", "number in string"},
                                  {"\"12,50\"", "wrong form"},
                                  {"1e400", "number beyond"},
                                  {"-2.5e-400", "number beyond"},
                                  {"9.99999999999999e300", ""},
                                  {"null", "null"},
                                  {"\"\"", "empty text"},
                                  {"true", "wrong form"},
                                  {"{}", "wrong form"}};
  return choices;
}

const Choices& Integers() {
  static const Choices choices = {{"2", ""},
                                  {"\"10\"", "number in string"},
                                  {"2.0", ""},
                                  {"9223372036854775807", ""},
                                  {"9223372036854775808", "wrong form"},
                                  {"2.5", "wrong form"},
                                  {"null", "null"},
                                  {"[1]", "wrong form"}};
  return choices;
}

const Choices& Booleans() {
  static const Choices choices = {
      {"true", ""},        {"false", ""},         {"\"true\"", ""}, {"null", "null"}, {"\"yes\"", "wrong form"},
      {"0", "wrong form"}, {"\"\"", "empty text"}};
  return choices;
}

const Choices& Times() {
  static const Choices choices = {{"\"2024-02-29T23:59:59.9999Z\"", ""},
                                  {"\"2023-09-25T16:00:00+05:30\"", ""},
                                  {"\"2023-01-01\"", ""},
                                  {"1726212700.959", ""},
                                  {"-1", ""},
                                  {"\"2025-02-29\"", "wrong form"},
                                  {"\"soon\"", "wrong form"},
                                  {"null", "null"}};
  return choices;
}

const Choices& Dates() {
  static const Choices choices = {
      {"\"1979-06-24T23:30:00-05:00\"", ""}, {"\"2024-02-29\"", ""}, {"86400", ""},
      {"\"24.06.1979\"", "wrong form"},      {"null", "null"},       {"\"\"", "empty text"}};
  return choices;
}

const Choices& Anything() {
  static const Choices choices = {{"1", "extra"},
                                  {"null", "null in extra"},
                                  {R"({"b":{"y":1.10,"x":[1e3,"é"]},"a":1E-7})", "extra"},
                                  {R"({"b":{"z":-0}})", "extra"},
                                  {"[1,null,{}]", "extra"},
                                  {"\"\\ud83d\\ude00\"", "extra"},
                                  {"1e301", "number beyond in extra"}};
  return choices;
}

const Choices& ChoicesOf(Type type) {
  switch (type) {
    case Type::kText:
      return Texts();
    case Type::kInteger:
      return Integers();
    case Type::kNumber:
      return Numbers();
    case Type::kBoolean:
      return Booleans();
    case Type::kTimestamp:
      return Times();
    case Type::kDate:
      return Dates();
    case Type::kJson:
      return Anything();
  }
  return Anything();
}

const Choices& Ids() {
  static const Choices choices = {{"\"t1\"", ""},
                                  {"\"t1\"", ""},
                                  {"\"é2\"", "non-ASCII id"},
                                  {"7", "number as id"},
                                  {"\"" + std::string(251, 'i') + "\U0001F600\"", "id of 255 bytes"}};
  return choices;
}

const Choices& IdParts() {
  static const Choices choices = {{"\"p1\"", ""}, {"\"p1\"", ""}, {"2", ""}, {"\"ü\"", "non-ASCII id"}, {"null", ""}};
  return choices;
}

const Choices& Keys() {
  static const Choices choices = {{"\"a\"", ""},      {"\"b\"", ""},     {"\"Ünï\"", "non-ASCII"},
                                  {"7", ""},          {"\"a\"", ""},     {"null", "no key"},
                                  {"\"\"", "no key"}, {"[1]", "no key"}, {k256, "no key"}};
  return choices;
}

const Choices& Names() {
  static const Choices choices = {{"\"SMS\"", ""}, {"\"Email\"", ""},
                                  {"\"k\"", ""},   {"\"é\"", ""},
                                  {"\"a b\"", ""}, {R"("")", "empty name in a map"},
                                  {k255, ""},      {k256, "name of 256 bytes in a map"}};
  return choices;
}

const Choices& Secrets() {
  static const Choices choices = {
      {"\"s3cr3t\"", "secret"}, {R"({"x":"s3cr3t"})", "secret"}, {R"(["s3cr3t"])", "secret"}};
  return choices;
}

const Choices& Actions() {
  static const Choices choices = {{"\"created\"", "op by a member"},
                                  {"\"updated\"", "op by a member"},
                                  {"\"updated\"", "op by a member"},
                                  {"\"deleted\"", "op by a member"},
                                  {"\"Deleted\"", "odd op"},
                                  {"null", "odd op"},
                                  {"true", "odd op"},
                                  {"{}", "odd op"}};
  return choices;
}

const Choices& Deletions() {
  static const Choices choices = {{"true", "deleted by a member"},
                                  {"\"true\"", "deleted by a member"},
                                  {"false", "brought back by a member"},
                                  {"false", "brought back by a member"},
                                  {"\"false\"", "brought back by a member"},
                                  {"null", "odd deletion"},
                                  {"\"yes\"", "odd deletion"},
                                  {"1", "odd deletion"},
                                  {"[true]", "odd deletion"}};
  return choices;
}

}  // namespace crmsink::contract
