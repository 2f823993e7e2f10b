#include "replay/status.h"

#include <algorithm>
#include <map>

#include "entities/catalog.h"
#include "event/event.h"
#include "event/event_table.h"
#include "replay/status_database.h"
#include "replay/status_space.h"
#include "replay/status_traffic.h"
#include "replay/unmapped_fields.h"
#include "storage/query.h"

namespace crmsink {
namespace {

using Level = StatusLine::Level;

constexpr Millis kRecent = 7 * kMillisPerDay;
constexpr std::size_t kMostReasons = 20;

std::string Text(const QueryValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return std::to_string(*integer);
  return "";
}

std::int64_t Number(const QueryValue& value) {
  const auto* number = std::get_if<std::int64_t>(&value);
  return number != nullptr ? *number : 0;
}

// What a refusal of a request to a path of ours means. Others (scanners) are nobody's business.
struct Advice {
  std::string_view kind;
  Level level;
  std::string_view remedy;
};
constexpr Advice kAdvice[] = {
    {"413", Level::kFinding, "a body was larger than body-limit and is lost: raise --body-limit"},
    {"415", Level::kNote, "a request was compressed: if it is a proxy of yours, it must not compress"},
    {"411", Level::kNote, "a request had no length: if it is a proxy of yours, let it pass requests as they are"},
    {"408", Level::kNote,
     "a request did not arrive whole in time: look at the proxy and the line, or raise "
     "--request-timeout"},
    {"429", Level::kNote, "too much waited; HighLevel sends again: raise --queue-deliveries if it goes on"},
};

class Report {
 public:
  Report(QueryConnection connection, const std::string& url, Millis now)
      : connection_(std::move(connection)), url_(url), now_(now) {}

  Result<std::vector<StatusLine>> Run() {
    auto done = Events()
                    .and_then([&] { return Fields(); })
                    .and_then([&] { return Quarantine(); })
                    .and_then([&] { return Unverified(); })
                    .and_then([&] { return Refusals(); });
    if (!done) return tl::unexpected(done.error());
    return std::move(lines_);
  }

 private:
  struct Unmapped {
    std::string type, latest;
    std::int64_t events = 0;
  };

  Result<void> Events() {
    std::vector<Unmapped> unmapped;
    auto done = Each("SELECT type, sum(events), max(last_received_at) FROM event_counts GROUP BY type ORDER BY 1",
                     [&](const auto& row) {
                       const std::string type = Text(row[0]), latest = Text(row[2]);
                       // The name of an entity stands for an event that only its shape told.
                       if (FindEvent(type).type == nullptr && FindEntity(type) == nullptr) {
                         unmapped.push_back({type, latest, Number(row[1])});
                       } else {
                         Add("events", type, CountAndLatest(row[1], latest));
                       }
                     });
    for (const Unmapped& one : unmapped) {
      if (done) done = AddUnmapped(one);
    }
    return done;
  }

  Result<void> AddUnmapped(const Unmapped& one) {
    const auto example = ExampleOf(one);
    if (!example) return tl::unexpected(example.error());
    const std::string look = *example != 0 ? "crmsink events show " + std::to_string(*example)
                                           : "crmsink events list --unmapped --limit 1 --type '" + one.type + "'";
    Add("unmapped event", one.type, CountAndLatest(one.events, one.latest), IsRecent(one.latest),
        "kept in the log, in no table. Look: " + look +
            ". If its name is a slip in a URL, correct it (crmsink urls); else a later version may know it: upgrade, "
            "then crmsink replay");
    return {};
  }

  // The log has no index by type, but its order is that of arrival: the latest of a type stands near its time.
  Result<std::int64_t> ExampleOf(const Unmapped& one) {
    constexpr std::int64_t kNear = 1000;
    std::int64_t low = 0, high = 0;
    if (auto done = Each("SELECT coalesce(max(seq), 0) FROM events", [&](const auto& row) { high = Number(row[0]); });
        !done) {
      return tl::unexpected(done.error());
    }
    while (low < high) {
      const std::int64_t middle = low + (high - low) / 2;
      bool before = false;
      auto done = Each("SELECT received_at FROM events WHERE seq > " + std::to_string(middle) + " ORDER BY seq LIMIT 1",
                       [&](const auto& row) { before = Text(row[0]) < one.latest; });
      if (!done) return tl::unexpected(done.error());
      if (before) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    std::int64_t seq = 0;
    const QueryValue parameters[] = {one.type};
    auto done = connection_.Run("SELECT seq FROM events WHERE seq > " + std::to_string(low - kNear) + " AND seq <= " +
                                    std::to_string(low + kNear) + " AND type = $1 ORDER BY seq DESC LIMIT 1",
                                parameters, {.on_columns = {}, .on_row = [&](const auto& row) {
                                               seq = Number(row[0]);
                                               return true;
                                             }});
    if (!done) return tl::unexpected(done.error());
    return seq;
  }

  Result<void> Fields() {
    const auto fields = UnmappedFields(url_, connection_);
    if (!fields) return tl::unexpected(fields.error());
    for (const UnmappedField& field : *fields) {
      const std::string example = std::to_string(field.example_event);
      Add("unmapped field", field.table + "." + field.member,
          "in " + std::to_string(field.events) + " of the newest events, " + std::to_string(field.rows) +
              " of the newest rows",
          Level::kNote,
          "kept in the column extra of " + field.table +
              (field.example_event != 0 ? ". Look: crmsink events show " + example : "") +
              ". If a later version has a column for it, crmsink replay fills it");
    }
    return {};
  }

  Result<void> Quarantine() {
    struct Reason {
      std::int64_t deliveries = 0, example = 0;
      std::string latest;
    };
    std::map<std::string, Reason> reasons;
    auto done = Each("SELECT reason, count(*), max(received_at), max(id) FROM quarantine GROUP BY reason",
                     [&](const auto& row) {
                       std::string text = Text(row[0]);
                       if (text.ends_with(kConflict)) text = "an event id" + std::string(kConflict);
                       Reason& reason = reasons[text];
                       reason.deliveries += Number(row[1]);
                       reason.latest = std::max(reason.latest, Text(row[2]));
                       reason.example = std::max(reason.example, Number(row[3]));
                     });
    if (!done) return done;
    std::size_t told = 0;
    for (const auto& [text, reason] : reasons) {
      if (told++ == kMostReasons) break;
      const bool conflict = text.ends_with(kConflict);
      Add("quarantine", text, CountAndLatest(reason.deliveries, reason.latest),
          conflict ? Level::kNote : IsRecent(reason.latest),
          "look: crmsink quarantine show " + std::to_string(reason.example) +
              (conflict ? "; the first one stands" : "; after an upgrade: crmsink quarantine retry"));
    }
    if (reasons.size() > kMostReasons) {
      Add("quarantine", "other reasons", std::to_string(reasons.size() - kMostReasons), Level::kNote,
          "look: crmsink quarantine list");
    }
    return {};
  }

  Result<void> Unverified() {
    return Each("SELECT count(*), min(received_at), max(received_at), max(id) FROM unverified HAVING count(*) > 0",
                [&](const auto& row) {
                  const std::string latest = Text(row[2]);
                  Add("unverified", "deliveries held", Text(row[0]) + ", from " + Text(row[1]) + " to " + latest,
                      IsRecent(latest),
                      "look: crmsink unverified show " + Text(row[3]) +
                          ". If they are HighLevel's, a key is missing (was it changed?) or a proxy changes bodies: "
                          "configure --signature-key, then crmsink unverified retry");
                });
  }

  Result<void> Refusals() {
    const std::string since = FormatDay(DayOf(now_ - kRecent));
    std::map<std::string, std::int64_t> others;  // by kind
    auto done = Each("SELECT kind, detail, sum(requests), max(last_received_at) FROM refusals WHERE day >= '" + since +
                         "' GROUP BY 1, 2 ORDER BY 1, 2",
                     [&](const auto& row) {
                       const std::string kind = Text(row[0]), detail = Text(row[1]), latest = Text(row[3]);
                       if (kind == "404" && IsMeantForUs(detail)) {
                         Add("refusals", kind + " " + detail, CountAndLatest(row[2], latest), IsRecent(latest),
                             "somebody means webhooks: correct the URL in HighLevel, it ends in /webhooks or "
                             "/webhooks/{Event} (crmsink urls)");
                       } else if (const Advice* advice = AdviceFor(kind, detail)) {
                         Add("refusals", kind + " " + detail, CountAndLatest(row[2], latest), advice->level,
                             std::string(advice->remedy));
                       } else {
                         others[kind] += Number(row[2]);
                       }
                     });
    for (const auto& [kind, requests] : others) {
      Add("refusals", kind + " other requests", std::to_string(requests) + " in seven days");
    }
    return done;
  }

  static bool IsMeantForUs(std::string_view path) { return Lowered(path).find("webhook") != std::string::npos; }

  static std::string Lowered(std::string_view text) {
    std::string lowered(text);
    std::ranges::transform(lowered, lowered.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return lowered;
  }

  static const Advice* AdviceFor(std::string_view kind, std::string_view path) {
    if (!EventOfPath(path)) return nullptr;
    const auto* const found = std::ranges::find(kAdvice, kind, &Advice::kind);
    return found == std::end(kAdvice) ? nullptr : found;
  }

  // A finding, if the latest is of the last seven days.
  [[nodiscard]] Level IsRecent(const std::string& latest) const {
    return latest >= FormatSqlTime(now_ - kRecent) ? Level::kFinding : Level::kNote;
  }

  static std::string CountAndLatest(const QueryValue& count, const std::string& latest) {
    return Text(count) + ", the latest at " + latest;
  }

  void Add(std::string section, std::string name, std::string value, Level level = Level::kInfo,
           std::string remedy = "") {
    lines_.push_back({std::move(section), std::move(name), std::move(value), level, std::move(remedy)});
  }

  template <class Use>
  Result<void> Each(std::string_view sql, Use use) {
    return connection_.Run(sql, {}, {.on_columns = {}, .on_row = [&](const std::vector<QueryValue>& row) {
                                       use(row);
                                       return true;
                                     }});
  }

  static constexpr std::string_view kConflict = " came before with another body";

  QueryConnection connection_;
  const std::string& url_;
  const Millis now_;
  std::vector<StatusLine> lines_;
};

}  // namespace

Result<std::vector<StatusLine>> Status(const std::string& url, Millis now, const StatusOptions& options) {
  std::vector<StatusLine> lines;
  const auto is_usable = DescribeDatabase(url, lines);
  if (!is_usable) return tl::unexpected(is_usable.error());
  if (!options.certificate.empty()) DescribeCertificate(options.certificate, now, lines);
  if (!options.spool_file.empty()) DescribeSpool(options.spool_file, now, lines);
  if (!*is_usable) return lines;
  auto connection = QueryConnection::Open(url);
  if (!connection) return tl::unexpected(connection.error());
  if (options.check && !CheckDatabase(*connection, lines)) return lines;
  const auto described = DescribeSpace(url, *connection, now, options, lines).and_then([&] {
    return DescribeTraffic(*connection, now, lines);
  });
  if (!described) return tl::unexpected(described.error());
  auto report = Report(*std::move(connection), url, now).Run();
  if (!report) return report;
  lines.insert(lines.end(), std::make_move_iterator(report->begin()), std::make_move_iterator(report->end()));
  return lines;
}

}  // namespace crmsink
