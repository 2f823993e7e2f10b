#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "entities/entity.h"

namespace crmsink {

// A table as it stands in the database: what the declarations say, and what every table has beside it.
struct Table {
  struct Field {
    std::string_view name;
    Type type;
    bool not_null = false;
  };

  std::string name;  // contacts_all, contact_tags, email_events
  const Entity* entity = nullptr;
  const Child* child = nullptr;       // nullptr: the entity's own table
  std::vector<Field> fields;          // the declared columns first
  std::vector<std::string_view> key;  // primary key
};

// An entity's own table, then its child tables in the order of their declaration.
std::vector<Table> TablesOf(const Entity& entity);

// The columns of a mirror beside the declared ones, in this order: deleted_at, extra, last_event_at, last_event_id,
// first_received_at, last_received_at. A fact has extra alone.
std::span<const Column> OwnColumns(Kind kind);

enum class Dialect { kSqlite, kPostgres };

// What a column of a type is declared as. SQLite: a name that drivers and BI tools read (TIMESTAMP, DATE, BOOLEAN).
std::string_view TypeName(Type type, Dialect dialect);

// DDL of an entity: its tables, indexes and, of a mirror, the view of the living rows; for PostgreSQL also what its
// tables and columns mean, as comments. What a migration starts from.
std::string Ddl(const Entity& entity, Dialect dialect);

}  // namespace crmsink
