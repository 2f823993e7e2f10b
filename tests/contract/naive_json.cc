#include "naive_json.h"

#include <cstdio>
#include <utility>

#include "naive_number.h"

namespace crmsink::naive {
namespace {

void AppendQuoted(std::string_view text, std::string& out) {
  static constexpr std::string_view kMeanings = "\"\\\b\f\n\r\t";
  static constexpr std::string_view kNames = "\"\\bfnrt";
  out.push_back('"');
  for (const char c : text) {
    if (const auto n = kMeanings.find(c); n != std::string_view::npos) {
      out.push_back('\\');
      out.push_back(kNames[n]);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
      out += escape;
    } else {
      out.push_back(c);
    }
  }
  out.push_back('"');
}

void AppendCanonical(const Json& value, std::string& out) {
  const char* between = "";
  switch (value.kind) {
    case Json::Kind::kNull:
      out += "null";
      return;
    case Json::Kind::kBoolean:
      out += value.boolean ? "true" : "false";
      return;
    case Json::Kind::kNumber:
      if (const auto plain = PlainNumber(value.text)) {
        out += *plain;
      } else {
        AppendQuoted(value.text, out);
      }
      return;
    case Json::Kind::kString:
      AppendQuoted(value.text, out);
      return;
    case Json::Kind::kList:
      out.push_back('[');
      for (const Json& element : value.list) {
        out += std::exchange(between, ",");
        AppendCanonical(element, out);
      }
      out.push_back(']');
      return;
    case Json::Kind::kObject:
      out.push_back('{');
      for (const auto& [name, member] : value.object) {
        out += std::exchange(between, ",");
        AppendQuoted(name, out);
        out.push_back(':');
        AppendCanonical(member, out);
      }
      out.push_back('}');
      return;
  }
}

}  // namespace

Json Json::Boolean(bool value) {
  Json json;
  json.kind = Kind::kBoolean;
  json.boolean = value;
  return json;
}

Json Json::Number(std::string text) {
  Json json;
  json.kind = Kind::kNumber;
  json.text = std::move(text);
  return json;
}

Json Json::String(std::string text) {
  Json json;
  json.kind = Kind::kString;
  json.text = std::move(text);
  return json;
}

Json Json::List(std::vector<Json> list) {
  Json json;
  json.kind = Kind::kList;
  json.list = std::move(list);
  return json;
}

Json Json::Object(std::map<std::string, Json> object) {
  Json json;
  json.kind = Kind::kObject;
  json.object = std::move(object);
  return json;
}

const Json* Json::Find(const std::string& member) const {
  const auto found = object.find(member);
  return found == object.end() ? nullptr : &found->second;
}

std::string Canonical(const Json& value) {
  std::string out;
  AppendCanonical(value, out);
  return out;
}

}  // namespace crmsink::naive
