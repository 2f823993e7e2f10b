#include "contract_suite.h"

#include <algorithm>
#include <numeric>
#include <sstream>
#include <stdexcept>

#include "naive_json.h"
#include "naive_values.h"

namespace crmsink::contract {
namespace {

naive::Json ParseLine(const std::string& line) {
  // A row's extra is nested as deep as its body, which the line wraps twice more.
  auto json = naive::ParseJson(line, naive::kMaxDepth + 2);
  if (!json) throw std::runtime_error("a dump's line is no JSON: " + line);
  return *std::move(json);
}

std::string Project(const naive::Json& row, std::string_view columns) {
  naive::Json values = naive::Json::List({});
  for (const std::string& column : naive::Split(columns, ',')) {
    const naive::Json* value = row.Find(column);
    if (value == nullptr) throw std::runtime_error("a dump's row has no " + column);
    values.list.push_back(*value);
  }
  return naive::Canonical(values);
}

std::string Join(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : "\n") + line;
  return text;
}

}  // namespace

std::string Body(std::string_view type, std::string_view webhook_id, std::string_view clock, std::string_view rest) {
  std::string members;
  const auto add = [&](const std::string& text) { members += (members.empty() ? "" : ",") + text; };
  if (!type.empty()) add("\"type\":\"" + std::string(type) + "\"");
  if (!webhook_id.empty()) add("\"webhookId\":\"" + std::string(webhook_id) + "\"");
  if (!clock.empty()) add("\"timestamp\":\"2026-03-01T" + std::string(clock) + "Z\"");
  if (!rest.empty()) add(std::string(rest));
  return "{" + members + "}";
}

void StoreContractTest::InEveryOrder(std::vector<std::string> bodies, const std::function<void()>& check) {
  std::vector<std::size_t> order(bodies.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  do {
    std::string trace = "delivered in the order";
    for (const std::size_t i : order) trace += " " + std::to_string(i);
    SCOPED_TRACE(trace);
    Restart();
    for (const std::size_t i : order) ASSERT_EQ(Deliver(bodies[i]), AckStatus::kStored);
    check();
  } while (!HasFailure() && std::next_permutation(order.begin(), order.end()));
}

Ack StoreContractTest::DeliverPost(const Post& post) {
  dump_.reset();
  return store_->Accept({post}).at(0);
}

std::string StoreContractTest::Select(std::string_view table, std::string_view columns) {
  if (!dump_) dump_ = store_->Dump();
  std::vector<std::string> lines;
  std::istringstream dump(*dump_);
  for (std::string line; std::getline(dump, line);) {
    const naive::Json json = ParseLine(line);
    if (json.Find("table")->text == table) lines.push_back(Project(*json.Find("row"), columns));
  }
  return Join(lines);
}

std::string StoreContractTest::SelectLog(std::string_view columns) {
  std::vector<std::string> lines;
  std::istringstream dump(store_->DumpLog());
  for (std::string line; std::getline(dump, line);) lines.push_back(Project(ParseLine(line), columns));
  return Join(lines);
}

}  // namespace crmsink::contract
