#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "event/delivery.h"

namespace crmsink::contract {

// One delivery: the path of its request, its bytes, and when it arrives.
struct Post {
  std::string path;
  std::string body;
  Millis received_at = 0;
};

// What every store of the project must be for the contract suite: deliveries in, tables out. Signature checking is off.
//
// A dump is canonical text: NDJSON in which equal state means equal bytes. Times are RFC 3339 in milliseconds
// (2024-05-08T12:04:55.828Z), dates YYYY-MM-DD, numbers plain decimals by value, json columns nested canonical JSON;
// members are sorted, nothing is left out, and no column that records arrival is in it.
//
// Thread-safety: Accept may be called from several threads; the others only while none of them runs.
class StoreUnderTest {
 public:
  virtual ~StoreUnderTest() = default;

  // Empties it, as if it were a new one.
  virtual void Restart() = 0;

  // Delivers the posts in this order, each after the one before was answered; one outcome per post.
  virtual std::vector<Ack> Accept(const std::vector<Post>& posts) = 0;

  // Every row of every entity table as `{"row":{...},"table":T}`, by table, then by primary key (texts by bytes,
  // integers by value). Mirrors stand under their TABLE_all, tombstones included.
  virtual std::string Dump() = 0;

  // Every event of the log, one object a line, sorted by (event_id, entity, entity_id), null first: its derived columns
  // and payload_sha256 (hex). `entity` is the entity's name; entity and entity_id of an unmapped event are null.
  // Members: agency_id, app_id, app_version_id, entity, entity_id, event_id, location_id, occurred_at, payload_sha256,
  // sent_at, trace_id, type.
  virtual std::string DumpLog() = 0;

  // How many deliveries lie in the quarantine.
  virtual std::size_t QuarantineCount() = 0;
};

using StoreFactory = std::function<std::unique_ptr<StoreUnderTest>()>;

// The naive one, in memory, made from the design alone.
std::unique_ptr<StoreUnderTest> MakeNaiveStore();

}  // namespace crmsink::contract
