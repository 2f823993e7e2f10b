#include "replay/status_traffic.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace crmsink {
namespace {

using Level = StatusLine::Level;

constexpr Millis kSilence = kMillisPerDay;
constexpr Day kWeek = 7;
constexpr std::int64_t kBusyWeek = 70;
constexpr Millis kClockError = 60'000;
constexpr std::size_t kMostLocations = 20;

struct Past {
  std::map<Day, std::int64_t> events;  // by day
  Millis last = 0;

  void Add(Day day, std::int64_t more, Millis at) {
    events[day] += more;
    last = std::max(last, at);
  }
};

bool IsSilent(const Past& past, Millis now) {
  if (now - past.last < kSilence) return false;
  std::int64_t all = 0;
  for (Day day = DayOf(past.last) - kWeek + 1; day <= DayOf(past.last); ++day) {
    const auto found = past.events.find(day);
    if (found == past.events.end()) return false;
    all += found->second;
  }
  return all >= kBusyWeek;
}

std::optional<Millis> TimeOf(const QueryValue& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text != nullptr ? ParseTime(*text) : std::nullopt;
}

Result<std::optional<Millis>> LastOf(QueryConnection& connection, const std::string& condition) {
  std::optional<Millis> last;
  auto done = connection.Run("SELECT max(last_received_at) FROM event_counts" + condition, {},
                             {.on_columns = {}, .on_row = [&](const std::vector<QueryValue>& row) {
                                last = TimeOf(row[0]);
                                return true;
                              }});
  if (!done) return tl::unexpected(done.error());
  return last;
}

using Pasts = std::map<std::string, Past>;  // by location

Result<Pasts> PastsSince(QueryConnection& connection, Day since) {
  Pasts pasts;
  auto done = connection.Run(
      "SELECT location_id, day, sum(events), max(last_received_at) FROM event_counts WHERE source "
      "= 'webhook' AND day >= '" +
          FormatDay(since) + "' GROUP BY 1, 2",
      {}, {.on_columns = {}, .on_row = [&](const std::vector<QueryValue>& row) {
             const auto* location = std::get_if<std::string>(&row[0]);
             const auto* day = std::get_if<std::string>(&row[1]);
             const auto* events = std::get_if<std::int64_t>(&row[2]);
             const auto parsed = day != nullptr ? ParseDay(*day) : std::nullopt;
             const auto last = TimeOf(row[3]);
             if (location != nullptr && parsed && events != nullptr && last) {
               pasts[*location].Add(*parsed, *events, *last);
             }
             return true;
           }});
  if (!done) return tl::unexpected(done.error());
  return pasts;
}

void AddLocations(const Pasts& pasts, Millis now, std::vector<StatusLine>& lines) {
  std::size_t told = 0, more = 0;
  for (const auto& [location, past] : pasts) {
    if (location.empty() || !IsSilent(past, now) || DayOf(now) - DayOf(past.last) > kWeek) continue;
    if (told++ >= kMostLocations) {
      ++more;
      continue;
    }
    lines.push_back(
        {"silence", "location " + location, "no event since " + FormatSqlTime(past.last), Level::kFinding,
         "events came each day before: was the app uninstalled there, or is the location closed? Then there "
         "is nothing to do"});
  }
  if (more > 0) {
    lines.push_back({"silence", "other locations", std::to_string(more), Level::kFinding,
                     "look: crmsink query \"SELECT location_id, max(last_received_at) FROM event_counts GROUP BY 1\""});
  }
}

}  // namespace

Result<void> DescribeTraffic(QueryConnection& connection, Millis now, std::vector<StatusLine>& lines) {
  const auto latest = LastOf(connection, "");
  if (!latest) return tl::unexpected(latest.error());
  if (*latest && **latest > now + kClockError) {
    lines.push_back({"clock", "behind its own events",
                     "the latest event came at " + FormatSqlTime(**latest) + ", and now it is " + FormatSqlTime(now),
                     Level::kFinding,
                     "this machine's clock is slow, or that of a server was fast: let timesyncd or chrony keep it "
                     "(timedatectl). Nothing is lost: events are ordered by their own times"});
  }
  const auto last = LastOf(connection, " WHERE source = 'webhook'");
  if (!last) return tl::unexpected(last.error());
  if (!*last) return {};
  const Day since = std::min(DayOf(**last), DayOf(now)) - 2 * kWeek;
  const auto pasts = PastsSince(connection, since);
  if (!pasts) return tl::unexpected(pasts.error());
  Past whole;
  for (const auto& [location, past] : *pasts) {
    for (const auto& [day, events] : past.events) whole.Add(day, events, past.last);
  }
  if (!IsSilent(whole, now)) {
    AddLocations(*pasts, now, lines);
    return {};
  }
  lines.push_back(
      {"silence", "everything", "no event since " + FormatSqlTime(whole.last), Level::kFinding,
       "events came each day before: does `crmsink serve` run, does the proxy let requests through, and are "
       "the URLs still set in HighLevel (crmsink urls)? HighLevel's own log says what it was answered"});
  return {};
}

}  // namespace crmsink
