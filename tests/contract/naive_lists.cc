#include "naive_lists.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "naive_column.h"
#include "naive_paths.h"
#include "naive_values.h"

namespace crmsink::naive {
namespace {

// One step of a[].b{}: a list (or map) at a path, relative to the element before it.
struct Step {
  std::string path;
  bool map = false;
};

std::vector<Step> ReadSteps(std::string_view path) {
  std::vector<Step> steps;
  while (!path.empty()) {
    const std::size_t mark = path.find_first_of("[{");
    steps.push_back({std::string(path.substr(0, mark)), path[mark] == '{'});
    path.remove_prefix(mark + 2);
    if (path.starts_with('.')) path.remove_prefix(1);
  }
  return steps;
}

struct Element {
  const Json* value;
  const std::string* member;  // its name in a map; nullptr in a list
};

// The rows that the list (or map) at one path gives, within the payload or an element of an outer list, and what they
// took.
class ListReader {
 public:
  ListReader(const Child& child, const std::string& entity_id, const std::string& source, Step step,
             std::vector<std::size_t> outer_indexes)
      : child_(child),
        entity_id_(entity_id),
        source_(source),
        step_(std::move(step)),
        indexes_(std::move(outer_indexes)) {
    for (const std::string& name : Split(child.key, ',')) {
      keys_.push_back(&*std::find_if(child.columns.begin(), child.columns.end(),
                                     [&](const Column& column) { return column.name == name; }));
    }
    for (const Column* key : keys_) {
      const bool by_place = key->from.starts_with("@index") || key->from == "@parent.id" || key->from == "@source";
      keyed_by_place_ &= by_place;
    }
    for (const Column& column : child.columns) {
      const auto paths = Split(column.from, '|');
      wants_members_ &= std::find(paths.begin(), paths.end(), ".") == paths.end();
    }
  }

  // False: there is no such list. `or_other_form`: a list and a map may stand at this path.
  bool Read(const Json& base, bool or_other_form) {
    const Found found = Look(base, step_.path);
    if (!found.there) return false;
    value_ = found.value == nullptr ? found.emptied : found.value;
    if (or_other_form && value_->IsObject() != step_.map) return false;
    if (value_->IsEmpty()) {
      ledger_.Take(*value_);
    } else {
      ReadElements(*value_);
    }
    return true;
  }

  // Whether the rows say all that the list said.
  bool fits() const { return !ledger_.Left(*value_); }
  const Rows& rows() const { return rows_; }
  const Ledger& ledger() const { return ledger_; }

 private:
  void ReadElements(const Json& value) {
    if (step_.map ? value.IsObject() : value.IsList()) {
      Each(value);
    } else if ((child_.flags & kScalarOk) != 0 && value.IsScalar()) {
      indexes_.push_back(0);
      ReadElement({&value, nullptr});
      indexes_.pop_back();
    } else if ((child_.flags & kJsonStringOk) != 0 && value.IsString()) {
      auto parsed = ParseJson(value.text);
      if (!parsed || !parsed->IsList()) return;
      const Json& list = ledger_.Keep(*std::move(parsed));
      Each(list);
      if (!ledger_.Left(list)) ledger_.Take(value);
    }
  }

  void Each(const Json& container) {
    if (std::max(container.list.size(), container.object.size()) > kMaxElements) return;
    ledger_.Open(container);
    std::vector<Element> elements;
    for (const Json& element : container.list) elements.push_back({&element, nullptr});
    for (const std::string& name : container.order) elements.push_back({container.Find(name), &name});
    for (std::size_t i = 0; i < elements.size(); ++i) {
      indexes_.push_back(i);
      ReadElement(elements[i]);
      indexes_.pop_back();
    }
  }

  void ReadElement(const Element& element) {
    Ledger taken;
    Row row;
    for (const Column& column : child_.columns) row[std::string(column.name)] = ReadCell(column, element, taken);
    Key key;
    bool key_is_whole = true;
    for (const Column* column : keys_) {
      const Json& part = row[std::string(column->name)];
      key_is_whole &= part.kind != Json::Kind::kNull;
      if (part.IsNumber()) {
        key.emplace_back(std::int64_t{std::stoll(part.text)});
      } else {
        key.emplace_back(part.text);
      }
    }
    if (keyed_by_place_) {
      if (element.value->IsEmpty()) taken.Take(*element.value);
    } else if (!key_is_whole || (wants_members_ && !element.value->IsObject())) {
      return;  // no row; the element goes to extra as it is
    }
    rows_[key] = std::move(row);
    ledger_.Add(taken);
  }

  Json ReadCell(const Column& column, const Element& element, Ledger& taken) {
    const bool is_key = std::find(keys_.begin(), keys_.end(), &column) != keys_.end();
    const std::string_view from = column.from;
    if (from == "@parent.id") return Json::String(entity_id_);
    if (from == "@source") return Json::String(source_);
    if (from == "@index") return Json::Number(std::to_string(indexes_.back()));
    if (from.starts_with("@index:")) {
      std::size_t n = 0;
      std::from_chars(from.data() + 7, from.data() + from.size(), n);
      return Json::Number(std::to_string(indexes_.at(n - 1)));
    }
    const Reading reading = ReadColumn(column, is_key, *element.value, taken);
    const bool or_name = from == "@key" || from.ends_with("|@key");
    if (or_name && !reading.there && element.member != nullptr) {
      return Convert(column, Json::String(*element.member), is_key).cell;
    }
    return reading.cell;
  }

  const Child& child_;
  const std::string entity_id_;
  const std::string source_;
  const Step step_;
  std::vector<const Column*> keys_;
  bool keyed_by_place_ = true;
  bool wants_members_ = true;
  std::vector<std::size_t> indexes_;
  const Json* value_ = nullptr;  // the list, or what stands in its place
  Rows rows_;
  Ledger ledger_;
};

// The value of @source for a path, "" where the child has no map of sources.
std::string SourceOf(const Child& child, const std::string& path) {
  const std::string member = path.substr(0, path.size() - 2);
  for (const std::string& pair : Split(child.source_map, ',')) {
    const auto sides = Split(pair, ':');
    if (sides.at(0) == member) return sides.at(1);
  }
  return "";
}

bool SameRow(const Row& one, const Row& other) {
  return std::equal(one.begin(), one.end(), other.begin(), other.end(), [](const auto& a, const auto& b) {
    return a.first == b.first && Canonical(a.second) == Canonical(b.second);
  });
}

bool SameRows(const Rows& one, const Rows& other) {
  return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                    [](const auto& a, const auto& b) { return a.first == b.first && SameRow(a.second, b.second); });
}

// The paths of a child table that feed the same rows, so that only the first that is there does: those with the same
// @source within the same outer lists.
class GroupReader {
 public:
  GroupReader(const Child& child, const std::string& entity_id, std::string source, std::vector<Step> outer)
      : child_(child), entity_id_(entity_id), source_(std::move(source)), outer_(std::move(outer)) {}

  void Add(Step step) { options_.push_back(std::move(step)); }

  void Read(const Json& payload) { Walk(payload, 0); }

  // Whether the payload has the outermost list.
  bool there() const { return there_; }
  const Rows& rows() const { return rows_; }
  const Ledger& ledger() const { return ledger_; }

 private:
  void Walk(const Json& base, std::size_t depth) {
    if (depth == outer_.size()) return ReadOptions(base);
    OpenWay(base, outer_[depth]);
    const Found found = Look(base, outer_[depth].path);
    if (!found.there) return;
    there_ = true;
    const Json& value = found.value == nullptr ? *found.emptied : *found.value;
    if (value.IsEmpty()) ledger_.Take(value);
    if (!value.IsList() || value.list.size() > kMaxElements) return;
    ledger_.Open(value);
    for (std::size_t i = 0; i < value.list.size(); ++i) {
      indexes_.push_back(i);
      if (value.list[i].IsObject()) Walk(value.list[i], depth + 1);
      indexes_.pop_back();
    }
  }

  void ReadOptions(const Json& base) {
    std::optional<ListReader> winner;
    for (const Step& step : options_) {
      OpenWay(base, step);
      ListReader reader(child_, entity_id_, source_, step, indexes_);
      const bool two_forms = std::any_of(options_.begin(), options_.end(), [&](const Step& other) {
        return other.path == step.path && other.map != step.map;
      });
      if (!reader.Read(base, two_forms)) continue;
      there_ = true;
      if (!winner) {
        for (const auto& [key, row] : reader.rows()) rows_[key] = row;
        ledger_.Add(reader.ledger());
        winner.emplace(reader);
      } else if (winner->fits() && reader.fits() && SameRows(winner->rows(), reader.rows())) {
        ledger_.Add(reader.ledger());
      }
    }
  }

  void OpenWay(const Json& base, const Step& step) {
    for (const Json* object : Way(base, step.path)) {
      if (object->IsObject()) ledger_.Open(*object);
    }
  }

  const Child& child_;
  const std::string entity_id_;
  const std::string source_;
  const std::vector<Step> outer_;
  std::vector<Step> options_;
  std::vector<std::size_t> indexes_;
  bool there_ = false;
  Rows rows_;
  Ledger ledger_;
};

}  // namespace

void ReadLists(const Child& child, const Event& event, const Json& payload, Ledger& ledger, Change& change) {
  std::map<std::pair<std::string, std::string>, GroupReader> groups;  // by @source and outer lists
  for (const std::string& path : Split(child.from, '|')) {
    std::vector<Step> steps = ReadSteps(path);
    const Step last = steps.back();
    steps.pop_back();
    const std::string source = SourceOf(child, path);
    const std::string outer = path.substr(0, path.size() - last.path.size() - 2);
    groups.try_emplace({source, outer}, child, event.entity_id, source, std::move(steps)).first->second.Add(last);
  }
  for (auto& [key, group] : groups) {
    group.Read(payload);
    if (group.there()) {
      Rows& rows = change.lists[{std::string(child.table), key.first}];
      rows.insert(group.rows().begin(), group.rows().end());
    }
    ledger.Add(group.ledger());
  }
}

}  // namespace crmsink::naive
