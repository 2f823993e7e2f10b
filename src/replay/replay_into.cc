#include "replay/replay_into.h"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include "projection/project.h"
#include "storage/database.h"
#include "storage/query.h"
#include "storage/table_update.h"

namespace crmsink {
namespace {

constexpr std::size_t kSlice = 500;
constexpr const char* kWriter = "replay";

struct EventId {
  std::int64_t seq;
  std::string event_id;
};

// The numbers and ids of a log, in their order, without its payloads.
class LogIds {
 public:
  explicit LogIds(QueryConnection& connection) : connection_(connection) {}

  // nullptr at the end.
  Result<const EventId*> Next() {
    if (next_ == slice_.size()) {
      if (auto done = ReadSlice(); !done) return tl::unexpected(done.error());
    }
    return next_ < slice_.size() ? &slice_[next_++] : nullptr;
  }

 private:
  Result<void> ReadSlice() {
    const QueryValue parameters[] = {slice_.empty() ? std::int64_t{0} : slice_.back().seq};
    slice_.clear();
    next_ = 0;
    return connection_.Run("SELECT seq, event_id FROM events WHERE seq > $1 ORDER BY seq LIMIT 10000", parameters,
                           {.on_columns = {}, .on_row = [&](const std::vector<QueryValue>& row) {
                              slice_.push_back({std::get<std::int64_t>(row[0]), std::get<std::string>(row[1])});
                              return true;
                            }});
  }

  QueryConnection& connection_;
  std::vector<EventId> slice_;
  std::size_t next_ = 0;
};

struct Comparison {
  std::optional<std::int64_t> first_missing;  // of the other log
  std::uint64_t in_both = 0;                  // before it
};

tl::unexpected<Error> FailForeign(std::int64_t seq) {
  return Fail(ErrorCode::kInvalid,
              "event " + std::to_string(seq) +
                  " of the database to copy into is none of the other one's: it has events of its own. A log is copied "
                  "into a database without events, or where a copy of the same one was begun");
}

// Several writers commit events in another order than that of their numbers, so one may be missing in the middle.
Result<Comparison> Compare(QueryConnection& from, QueryConnection& to) {
  LogIds theirs(from), ours(to);
  Comparison comparison;
  auto source = theirs.Next(), copy = ours.Next();
  while (source && copy && *copy != nullptr) {
    if (*source == nullptr || (*source)->seq > (*copy)->seq) return FailForeign((*copy)->seq);
    if ((*source)->seq < (*copy)->seq) {
      if (!comparison.first_missing) comparison.first_missing = (*source)->seq;
    } else {
      if ((*source)->event_id != (*copy)->event_id) return FailForeign((*copy)->seq);
      if (!comparison.first_missing) ++comparison.in_both;
      copy = ours.Next();
    }
    source = theirs.Next();
  }
  if (!source) return tl::unexpected(source.error());
  if (!copy) return tl::unexpected(copy.error());
  if (!comparison.first_missing && *source != nullptr) comparison.first_missing = (*source)->seq;
  return comparison;
}

class Copy {
 public:
  Copy(Store& from, Store& to) : from_(from), to_(to) {}

  Result<void> Log(std::int64_t after, Reporter& progress) {
    struct Position {
      std::int64_t after;
      std::uint64_t copied;
    } at{after, 0};
    auto done = InShortTransactions(to_, at, [&](Transaction& transaction, auto) -> Result<bool> {
      auto reading = from_.Begin(Store::Mode::kRead);
      if (!reading) return tl::unexpected(reading.error());
      const auto slice = (*reading)->LogAfter(at.after, kSlice);
      if (!slice) return tl::unexpected(slice.error());
      if (slice->empty()) return false;
      const auto copied = Put(transaction, *slice);
      if (!copied) return tl::unexpected(copied.error());
      at = {slice->back().seq, at.copied + *copied};
      progress.Add(slice->size());
      return true;
    });
    report.copied += at.copied;
    return done;
  }

  Result<void> Held(Holding where) {
    struct Position {
      std::int64_t after = 0;
      std::uint64_t held = 0;
    } at;
    auto done = InShortTransactions(to_, at, [&](Transaction& transaction, auto) -> Result<bool> {
      auto reading = from_.Begin(Store::Mode::kRead);
      if (!reading) return tl::unexpected(reading.error());
      const auto slice = (*reading)->HeldAfter(where, at.after, kSlice);
      if (!slice) return tl::unexpected(slice.error());
      for (const HeldDelivery& held : *slice) {
        const auto kept = transaction.Hold(where, held.delivery, held.reason);
        if (!kept) return tl::unexpected(kept.error());
        if (*kept == crmsink::Held::kFull) {
          return Fail(ErrorCode::kUnavailable, "unverified of the database to copy into is full");
        }
        at = {held.id, at.held + (*kept == crmsink::Held::kNew ? 1 : 0)};
      }
      return !slice->empty();
    });
    report.held += at.held;
    return done;
  }

  CopyReport report;

 private:
  // Returns how many were not there.
  static Result<std::size_t> Put(Transaction& to, const std::vector<LoggedEvent>& slice) {
    std::deque<Event> events;  // whose addresses stay
    std::vector<PlacedEvent> placed;
    for (const LoggedEvent& logged : slice) {
      auto event = ReadEvent(logged.delivery, logged.event_id);
      if (!event) {
        return Fail(ErrorCode::kData, "event " + std::to_string(logged.seq) + " cannot be read: " + event.error());
      }
      placed.push_back({logged.seq, &logged.delivery, &events.emplace_back(*std::move(event))});
    }
    const auto is_new = to.AppendAt(placed);
    if (!is_new) return tl::unexpected(is_new.error());
    std::deque<Change> changes;
    std::vector<const Change*> fresh;
    std::size_t copied = 0;
    for (std::size_t i = 0; i < placed.size(); ++i) {
      if (!(*is_new)[i]) continue;
      ++copied;
      if (events[i].entity == nullptr) continue;
      fresh.push_back(&changes.emplace_back(Project(events[i], placed[i].delivery->received_at)));
    }
    if (auto done = UpdateTables(to, fresh); !done) return tl::unexpected(done.error());
    if (auto done = Count(to, placed, *is_new); !done) return tl::unexpected(done.error());
    return copied;
  }

  static Result<void> Count(Transaction& to, const std::vector<PlacedEvent>& placed, const std::vector<bool>& is_new) {
    std::map<std::tuple<Day, std::string, std::string, std::string>, EventCount> counts;
    for (std::size_t i = 0; i < placed.size(); ++i) {
      if (!is_new[i]) continue;
      const Delivery& delivery = *placed[i].delivery;
      const Event& event = *placed[i].event;
      const Day day = DayOf(delivery.received_at);
      const std::string location = event.location_id.value_or("");
      EventCount& count = counts[{day, delivery.source, location, event.type}];
      const Millis last = std::max(count.last_received_at, delivery.received_at);
      count = {day, delivery.source, location, event.type, kWriter, count.events + 1, last};
    }
    std::vector<EventCount> list;
    for (auto& [key, count] : counts) list.push_back(std::move(count));
    return to.Count(list);
  }

  Store& from_;
  Store& to_;
};

// Events that came, or were committed, during one pass are the next one's.
Result<void> CopyLog(Copy& copy, const std::string& from, const std::string& to, const OnProgress& on_progress) {
  constexpr int kPasses = 3;
  auto source = QueryConnection::Open(from);
  if (!source) return tl::unexpected(source.error());
  auto target = QueryConnection::Open(to);
  if (!target) return tl::unexpected(target.error());
  for (int pass = 0; pass < kPasses; ++pass) {
    const auto last_seq = LastSeq(from);
    if (!last_seq) return tl::unexpected(last_seq.error());
    const auto comparison = Compare(*source, *target);
    if (!comparison) return tl::unexpected(comparison.error());
    if (pass == 0) copy.report.known = comparison->in_both;
    if (!comparison->first_missing) return {};
    Reporter progress(on_progress, "copying events", static_cast<std::uint64_t>(*last_seq));
    progress.StartAt(comparison->in_both);
    if (auto done = copy.Log(*comparison->first_missing - 1, progress); !done) return done;
  }
  return {};
}

}  // namespace

Result<CopyReport> ReplayInto(const std::string& from, const std::string& to, const OnProgress& on_progress) {
  const auto from_url = DatabaseUrl::Parse(from), to_url = DatabaseUrl::Parse(to);
  if (from_url && to_url && from_url->Shown() == to_url->Shown()) {
    return Fail(ErrorCode::kInvalid, "both are " + from_url->Shown() + ": copy into another database");
  }
  auto source = OpenStore(from, {.patience = kPatienceOfWalks});
  if (!source) return tl::unexpected(source.error());
  auto target = OpenStore(to, {.create = true, .migrate = true, .patience = kPatienceOfWalks});
  if (!target) return tl::unexpected(target.error());
  Copy copy(**source, **target);
  if (auto done = CopyLog(copy, from, to, on_progress); !done) return tl::unexpected(done.error());
  for (const Holding where : {Holding::kQuarantine, Holding::kUnverified}) {
    if (auto done = copy.Held(where); !done) return tl::unexpected(done.error());
  }
  return copy.report;
}

}  // namespace crmsink
