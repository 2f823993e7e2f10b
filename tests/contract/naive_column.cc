#include "naive_column.h"

#include <optional>
#include <string>

#include "naive_paths.h"
#include "naive_values.h"

namespace crmsink::naive {
namespace {

// One source of a column, already converted.
struct Source {
  const Json* value = nullptr;  // what the column consumes when it takes this source; nullptr: nothing
  Cell cell;
};

std::optional<Source> ReadSource(const Column& column, bool indexed, const Json& base, const std::string& path) {
  if (path == ".") {
    if (base.IsObject() && column.type != Type::kJson) return std::nullopt;
    return Source{&base, Convert(column, base, indexed)};
  }
  const Found found = Look(base, path);
  if (!found.there) return std::nullopt;
  if (found.value == nullptr) return Source{found.emptied, {}};
  if ((column.flags & kFirstOfList) != 0 && found.value->IsList()) {
    // The list itself is the business of a child table.
    const Cell first = found.value->list.empty() ? Cell{} : Convert(column, found.value->list.front(), indexed);
    return Source{nullptr, first};
  }
  return Source{found.value, Convert(column, *found.value, indexed)};
}

}  // namespace

Reading ReadColumn(const Column& column, bool indexed, const Json& base, Ledger& ledger) {
  std::optional<Source> winner;
  for (const std::string& path : Split(column.from, '|')) {
    if (path.starts_with('@')) continue;
    if (path != ".") {
      for (const Json* object : Way(base, path)) {
        if (object->IsObject()) ledger.Open(*object);
      }
    }
    const auto source = ReadSource(column, indexed, base, path);
    if (!source) continue;
    const bool first = !winner;
    if (first) winner = source;
    const bool same =
        source->cell.fits && winner->cell.fits && Canonical(source->cell.cell) == Canonical(winner->cell.cell);
    if (same && source->value != nullptr) ledger.Take(*source->value);
  }
  if (!winner) return {};
  return {.there = true, .cell = winner->cell.cell};
}

}  // namespace crmsink::naive
