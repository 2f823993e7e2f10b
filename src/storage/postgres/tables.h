#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "storage/postgres/columns.h"
#include "storage/postgres/session.h"
#include "storage/schema.h"
#include "storage/store.h"

namespace crmsink::postgres {

// The tables of entities: statements made from the declarations, one per table and call, whatever the number of rows.
// What writes is put off until the session is flushed. Belongs to the session's thread.
class Tables {
 public:
  Tables(Session& session, const std::string& schema) : session_(session), schema_(schema + ".") {}

  Result<std::vector<std::vector<State>>> Load(std::span<const LoadRequest> requests, bool locks);
  void Write(const Entity& entity, std::span<const RowChange> changes);
  Result<std::vector<std::string>> IdsAfter(const Entity& entity, std::string_view after, std::size_t limit);
  Result<std::vector<std::string>> StrayParents(const Entity& entity, std::size_t limit);
  void Remove(const Entity& entity, std::string_view id);

 private:
  // A table with the parts of its statements.
  struct Sql {
    Table table;
    std::string name;                     // with its schema
    std::vector<std::size_t> key;         // positions of the key's fields
    std::vector<TypeId> types;            // of the fields, as they travel
    std::string names;                    // "id, email"
    std::string read;                     // the same, cast for reading
    std::string written;                  // "given.id, given.amount::numeric"
    std::string assign, assign_excluded;  // "email = given.email", for UPDATE and for ON CONFLICT; without the key
    std::string key_names;                // "contact_id, position"
  };

  const std::vector<Sql>& SqlOf(const Entity& entity);
  Sql MakeSql(Table table) const;
  void QueueLoad(const LoadRequest& request, bool locks);
  void QueueChildren(const Sql& sql, std::span<const std::string_view> ids, std::span<const ChildMask> masks,
                     std::size_t child);
  std::vector<State> ReadStates(const LoadRequest& request, const std::vector<Rows>& all, std::size_t& next);
  void QueueRows(const Sql& sql, std::span<const RowChange> changes);
  void QueueChildRows(const Sql& sql, std::size_t child, std::span<const RowChange> changes);

  Session& session_;
  const std::string schema_;  // with its dot
  std::unordered_map<const Entity*, std::vector<Sql>> sql_;
};

}  // namespace crmsink::postgres
