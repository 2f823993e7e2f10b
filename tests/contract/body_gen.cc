#include "body_gen.h"

#include <rapidcheck.h>

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

std::string BodyMaker::Pick(const Choices& choices) {
  const Choice& choice = choices[*rc::gen::inRange<std::size_t>(0, choices.size())];
  if (!choice.feature.empty()) Note(choice.feature);
  return choice.json;
}

void BodyMaker::Add(std::string_view member, const std::string& json) {
  members_ += (members_.empty() ? "\"" : ",\"") + std::string(member) + "\":" + json;
}

void BodyMaker::Maybe(std::string_view member, const Choices& choices) {
  if (!Skip()) Add(member, Pick(choices));
}

int BodyMaker::Count(int most) { return *rc::gen::inRange(0, most + 1); }

bool BodyMaker::Skip() {
  const bool skip = Count(2) != 0;
  if (skip) Note("absent");
  return skip;
}

std::string BodyMaker::OddList() {
  static const Choices odd = {{"null", "null for a list"},
                              {"[]", "empty list"},
                              {"\"\"", "empty text for a list"},
                              {"7", "no list"},
                              {R"({"a":1})", "no list"}};
  return Count(4) == 0 ? Pick(odd) : "";
}

std::string BodyMaker::OddObject() {
  static const Choices odd = {{"null", "null for an object"},
                              {"\"\"", "empty text for an object"},
                              {"{}", "empty object"},
                              {"7", "no object"},
                              {"[{}]", "no object"}};
  return Count(5) == 0 ? Pick(odd) : "";
}

}  // namespace crmsink::contract
