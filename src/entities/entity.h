#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace crmsink {

// An entity (contacts, invoices, ...) declared as data: its table, child tables and events. projection/ reads it,
// storage/ makes statements and migrations from it, `crmsink schema` prints it; nothing else names a column.
//
// Paths. `a.b` is a member of a member; `a[]` each element of a list; `a{}` each member of a map. A list of paths is
// one text, joined by '|': the first that is there wins. `altId?altType=location` counts only where the member beside
// it has that value. Paths of a child's columns are relative to the element, "." being the element itself. Further:
//   @parent.id    id of the row            @index     position in the list or map, from 0
//   @index:N      position in the N-th list of the path, from the outside, from 1
//   @key          name of the map's member @source    which of the child's paths the element came from (source_map)
//   @event_id     id of the event          @occurred_at  time of the event, where the column is NULL
//   @id_parts     Entity::id_parts, joined by ':'

enum class Type : std::uint8_t { kText, kInteger, kNumber, kBoolean, kTimestamp, kDate, kJson };

enum ColumnFlag : unsigned {
  kFirstOfList = 1,  // a list counts as its first element
  kJsonText = 2,     // an object or list fits a text column, as canonical JSON
  kUnlessText = 4,   // a json column that stays NULL where the value is a plain string
  kSensitive = 8,    // stays NULL: the secret is in the bytes of the log only
};

struct Column {
  std::string_view name;
  Type type = Type::kText;
  std::string_view from = "";  // paths; empty: set only by an event's `sets`
  std::string_view note = "";
  std::string_view references = "";  // table.column, for documents only: no foreign keys
  unsigned flags = 0;
};

enum ChildFlag : unsigned {
  kScalarOk = 1,      // a scalar in place of the list is a list of one
  kJsonStringOk = 2,  // a string may hold the list as JSON
};

// A nested list or map, one row per element. The first column is the parent's id.
struct Child {
  std::string_view table;
  std::string_view from;  // paths that end in [] or {}
  std::string_view key;   // column names, joined by ','
  std::span<const Column> columns;
  std::string_view note = "";
  unsigned flags = 0;
  std::string_view source_map = "";  // "to:to,emailTo:to,cc:cc": path without its last [] to the value of @source
};

enum class Op : std::uint8_t { kCreate, kUpdate, kDelete, kFact };

// What an event sets beside its payload, and over it: "@occurred_at", "true", "false" or a text.
struct Set {
  std::string_view column;
  std::string_view value;
};

struct EventType {
  std::string_view name;
  Op op = Op::kUpdate;
  int rank = 1;                   // at a tie of times: create 0, general update 1, specific update 2, delete 3
  std::string_view time;          // paths of its own version time, in order of preference
  std::string_view aliases = "";  // other names in `type`, joined by '|'
  std::span<const Set> sets = {};
  std::string_view body_types = "";      // what `type` may say instead of a name of the event, joined by '|'
  std::string_view path_overrules = "";  // siblings that the body may name wrongly: a path of its own decides
  std::string_view tombstone_when = "";  // boolean member that says whether the row is deleted
  std::string_view op_by = "";           // member whose value "created", "updated" or "deleted" is the op
  // The OAuth scope that an app needs for it; after a '~' where no document names one, that of the API of the same
  // things.
  std::string_view scope = "";
  std::string_view note = "";
};

enum class Kind : std::uint8_t {
  kMirror,  // the latest state of a thing, stored in TABLE_all, living rows in the view TABLE
  kFact,    // what happened once, stored in TABLE
};

enum ResurrectFlag : unsigned {
  kByCreate = 1,       // a deleted row comes back by a later create
  kByLaterUpdate = 2,  // and by an update more than five minutes after the delete
};

struct Entity {
  std::string_view name;   // Contact
  std::string_view table;  // contacts
  Kind kind = Kind::kMirror;
  unsigned resurrect = kByCreate;
  std::span<const Column> columns;  // the first is `id`, the primary key; its `from` says where the id is
  std::span<const Child> children = {};
  std::span<const EventType> events;
  std::string_view shape = "";               // members that together give the entity away, joined by '|'
  std::string_view indexes = "";             // column lists: "location_id,created_at|email"
  std::string_view location = "locationId";  // paths of events.location_id
  std::string_view id_parts = "";            // for @id_parts: alternatives by '|', parts by ','
  std::string_view note = "";
};

// Refuses, at compile time, a declaration that cannot work: a duplicate or ill-formed column, a key that is no column,
// a first column that is not the id, an event that sets no column. Throws, which no constant expression may.
consteval Entity Checked(const Entity& entity);

}  // namespace crmsink

#include "entities/checked.h"
