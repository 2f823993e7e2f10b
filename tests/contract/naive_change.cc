#include "naive_change.h"

#include <algorithm>
#include <string_view>

#include "naive_column.h"
#include "naive_ledger.h"
#include "naive_lists.h"
#include "naive_secrets.h"
#include "naive_time.h"
#include "naive_values.h"

namespace crmsink::naive {
namespace {

// The members that the log's own columns and the event's op take. (`type` is a field where it names no event, and is
// not there where it does.)
void TakeEnvelope(const Event& event, const Json& payload, Ledger& ledger) {
  for (const char* member : {"locationId", "companyId", "appId", "versionId", "webhookId", "traceId"}) {
    const Json* value = payload.Find(member);
    if (value == nullptr) continue;
    const auto text = AsText(*value);
    const bool is_elsewhere = member == std::string_view("locationId") && text != event.location_id;
    if (value->IsEmpty() || (text && !is_elsewhere)) ledger.Take(*value);
  }
  if (const Json* timestamp = payload.Find("timestamp")) {
    if (timestamp->IsEmpty() || ReadTime(*timestamp)) ledger.Take(*timestamp);
  }
  if (event.tombstone_when.empty()) return;
  if (const Json* deleted = payload.Find(std::string(event.tombstone_when))) {
    if (deleted->IsEmpty() || AsBoolean(*deleted)) ledger.Take(*deleted);
  }
}

void ReadColumns(const Event& event, const Json& payload, Ledger& ledger, Change& change) {
  for (const Column& column : event.entity->columns) {
    const std::string name(column.name);
    const Reading reading = ReadColumn(column, IsIndexed(*event.entity, column.name), payload, ledger);
    const auto sources = Split(column.from, '|');
    if (reading.there) {
      change.columns[name] = reading.cell;
    } else if (std::find(sources.begin(), sources.end(), "@occurred_at") != sources.end()) {
      change.while_null[name] = Json::String(FormatTime(event.occurred_at));
    }
  }
  change.columns["id"] = Json::String(event.entity_id);
}

Json SetValue(const Event& event, const Set& set) {
  if (set.value == "@occurred_at") return Json::String(FormatTime(event.occurred_at));
  const auto& columns = event.entity->columns;
  const auto column =
      std::find_if(columns.begin(), columns.end(), [&](const Column& c) { return c.name == set.column; });
  return Convert(*column, Json::String(std::string(set.value)), false).cell;
}

}  // namespace

Change ReadChange(const Event& event) {
  Change change;
  Json payload = event.body;
  if (const Json* type = payload.Find("type"); type != nullptr && NamesAnEvent(*type)) {
    payload.object.erase("type");
    change.extra["type"] = std::nullopt;
  }
  Ledger ledger;
  TakeEnvelope(event, payload, ledger);
  ReadColumns(event, payload, ledger, change);
  for (const Child& child : event.entity->children) ReadLists(child, event, payload, ledger, change);
  TakeSecrets(*event.entity, payload, ledger);
  for (const Set& set : event.sets) {
    change.columns[std::string(set.column)] = SetValue(event, set);
    change.while_null.erase(std::string(set.column));
  }
  for (const auto& [member, value] : payload.object) change.extra[member] = ledger.Left(value);
  return change;
}

}  // namespace crmsink::naive
