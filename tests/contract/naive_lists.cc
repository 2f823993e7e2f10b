#include "naive_lists.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <string>
#include <string_view>

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
  std::string member;  // its name in a map
};

// The rows of one source path of a child table, and what they took.
class ListReader {
 public:
  ListReader(const Child& child, const std::string& entity_id, std::string path, std::string source)
      : child_(child), entity_id_(entity_id), steps_(ReadSteps(path)), source_(std::move(source)) {
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

  // False: there is no such list in the payload.
  bool Read(const Json& payload) {
    if (!Look(payload, steps_.front().path).there) return false;
    Walk(payload, 0);
    return true;
  }

  // Whether the rows say all that the list said.
  bool fits() const { return value_ == nullptr || !ledger_.Left(*value_); }
  const Rows& rows() const { return rows_; }
  const Ledger& ledger() const { return ledger_; }

 private:
  void Walk(const Json& base, std::size_t depth) {
    const Step& step = steps_[depth];
    for (const Json* object : Way(base, step.path)) {
      if (object->IsObject()) ledger_.Open(*object);
    }
    const Found found = Look(base, step.path);
    if (!found.there) return;
    const Json& value = found.value == nullptr ? *found.emptied : *found.value;
    if (depth == 0) value_ = &value;
    if (value.IsEmpty()) {
      ledger_.Take(value);
    } else {
      WalkElements(value, step, depth);
    }
  }

  void WalkElements(const Json& value, const Step& step, std::size_t depth) {
    const bool last = depth + 1 == steps_.size();
    if (step.map ? value.IsObject() : value.IsList()) {
      Each(value, depth);
    } else if (last && (child_.flags & kScalarOk) != 0 && value.IsScalar()) {
      indexes_.push_back(0);
      ReadElement({&value, ""});
      indexes_.pop_back();
    } else if (last && (child_.flags & kJsonStringOk) != 0 && value.IsString()) {
      auto parsed = ParseJson(value.text);
      if (!parsed || !parsed->IsList()) return;
      const Json& list = ledger_.Keep(*std::move(parsed));
      Each(list, depth);
      if (!ledger_.Left(list)) ledger_.Take(value);
    }
  }

  void Each(const Json& container, std::size_t depth) {
    if (std::max(container.list.size(), container.object.size()) > kMaxElements) return;
    ledger_.Open(container);
    std::vector<Element> elements;
    for (const Json& element : container.list) elements.push_back({&element, ""});
    for (const auto& [name, element] : container.object) elements.push_back({&element, name});
    for (std::size_t i = 0; i < elements.size(); ++i) {
      indexes_.push_back(i);
      if (depth + 1 == steps_.size()) {
        ReadElement(elements[i]);
      } else if (elements[i].value->IsObject()) {
        Walk(*elements[i].value, depth + 1);
      }
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
    if (from == "@key") return Convert(column, Json::String(element.member), is_key).cell;
    if (from == "@index") return Json::Number(std::to_string(indexes_.back()));
    if (from.starts_with("@index:")) {
      std::size_t n = 0;
      std::from_chars(from.data() + 7, from.data() + from.size(), n);
      return Json::Number(std::to_string(indexes_.at(n - 1)));
    }
    return ReadColumn(column, is_key, *element.value, taken).cell;
  }

  const Child& child_;
  const std::string entity_id_;
  const std::vector<Step> steps_;
  const std::string source_;
  std::vector<const Column*> keys_;
  bool keyed_by_place_ = true;
  bool wants_members_ = true;
  std::vector<std::size_t> indexes_;
  const Json* value_ = nullptr;  // the outermost list, or what stands in its place
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

}  // namespace

void ReadLists(const Child& child, const Event& event, const Json& payload, Ledger& ledger, Change& change) {
  std::set<ListName> not_fitting;
  for (const std::string& path : Split(child.from, '|')) {
    const std::string source = SourceOf(child, path);
    ListReader reader(child, event.entity_id, path, source);
    if (!reader.Read(payload)) continue;
    const ListName group{std::string(child.table), source};
    const auto winner = change.lists.find(group);
    if (winner == change.lists.end()) {
      change.lists[group] = reader.rows();
      if (!reader.fits()) not_fitting.insert(group);
    } else if (not_fitting.contains(group) || !reader.fits() || !SameRows(winner->second, reader.rows())) {
      continue;  // unused, and it is not the same value: extra
    }
    ledger.Add(reader.ledger());
  }
}

}  // namespace crmsink::naive
