#include <algorithm>
#include <cstdint>
#include <ostream>
#include <set>

#include "base/time.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/event_filter.h"
#include "cli/format_option.h"
#include "cli/stop_signals.h"

namespace crmsink {
namespace {

constexpr auto kInterval = std::chrono::milliseconds(500);

// Of several writers one with a lower number may commit after one with a higher: so many numbers are looked at again.
constexpr std::int64_t kLookBack = 1000;

class Tail {
 public:
  Tail(QueryConnection connection, EventCondition condition, OutputFormat format, Terminal& terminal)
      : connection_(std::move(connection)),
        condition_(std::move(condition)),
        writer_(MakeRowWriter(format, terminal.out)),
        terminal_(terminal) {}

  // The newest events, oldest of them first; what comes after goes on from here.
  Result<void> Newest(std::int64_t limit) {
    if (auto done = FindEnd(); !done) return done;
    if (auto done = RememberWhatIsThere(); !done) return done;
    return Print("SELECT * FROM (" + Select(kListedEventColumns) + " AND seq <= " + std::to_string(last_seq_) +
                     " ORDER BY seq DESC LIMIT " + std::to_string(limit) + ") AS newest ORDER BY seq",
                 false);
  }

  // Until a signal comes or nobody reads any more.
  Result<void> Follow() {
    while (!IsOutputClosed(terminal_) && !signals_.WaitFor(kInterval)) {
      const std::string range = Recent();
      if (auto done = FindEnd(); !done) return done;
      if (auto done = Print(Select(kListedEventColumns) + range + " ORDER BY seq", true); !done) return done;
      seen_.erase(seen_.begin(), seen_.upper_bound(last_seq_ - kLookBack));
    }
    return {};
  }

  void End() { writer_->End(); }

 private:
  [[nodiscard]] std::string Select(std::string_view columns) const {
    return std::string("SELECT ").append(columns) + " FROM events WHERE " + condition_.sql;
  }
  [[nodiscard]] std::string Recent() const { return " AND seq > " + std::to_string(last_seq_ - kLookBack); }

  Result<void> RememberWhatIsThere() {
    return connection_.Run(Select("seq") + Recent(), condition_.parameters,
                           {.on_columns = {}, .on_row = [&](const std::vector<QueryValue>& row) {
                              seen_.insert(std::get<std::int64_t>(row[0]));
                              return true;
                            }});
  }

  Result<void> FindEnd() {
    return connection_.Run("SELECT coalesce(max(seq), 0) FROM events", {},
                           {.on_columns = {}, .on_row = [&](const std::vector<QueryValue>& row) {
                              last_seq_ = std::max(last_seq_, std::get<std::int64_t>(row[0]));
                              return true;
                            }});
  }

  // `only_new`: but for what was there, or was printed, before.
  Result<void> Print(const std::string& sql, bool only_new) {
    auto done = connection_.Run(sql, condition_.parameters,
                                {.on_columns =
                                     [&](const std::vector<std::string>& names) {
                                       if (!std::exchange(begun_, true)) writer_->Columns(names);
                                     },
                                 .on_row =
                                     [&](const std::vector<QueryValue>& row) {
                                       const auto seq = std::get<std::int64_t>(row[0]);
                                       if (seen_.insert(seq).second || !only_new) writer_->Row(row);
                                       return terminal_.out.good();
                                     }});
    writer_->Flush();
    return done;
  }

  StopSignals signals_;
  QueryConnection connection_;
  const EventCondition condition_;
  const std::unique_ptr<RowWriter> writer_;
  Terminal& terminal_;
  std::int64_t last_seq_ = 0;
  std::set<std::int64_t> seen_;  // of the last kLookBack numbers, those that the condition fits
  bool begun_ = false;
};

}  // namespace

int RunEventsTail(const Arguments& arguments, Terminal& terminal) {
  CommandLine line("events tail",
                   "Prints the newest events of the log, the last to arrive last; with --follow also those that come "
                   "then, until SIGINT, SIGTERM or a closed pipe end it. It looks twice a second.",
                   "0 done, 1 failed, 2 wrong use.");
  bool follow = false;
  line.AddFlag("-f,--follow", follow, "Go on with what comes");
  std::int64_t limit = 10;
  line.AddNumber("--limit", limit, "Begin with so many. Default: 10");
  const EventFilter filter(line);
  FormatOption format(line);
  line.AddSettings({"database", "schema"});
  Settings settings;
  if (const std::optional<int> over = line.Read(arguments, terminal, settings)) return *over;

  auto connection = QueryConnection::Open(settings.database);
  if (!connection) return Complain(terminal, settings, connection.error());
  auto condition = filter.Condition(settings.database, SystemNow(), follow);
  if (!condition) return Complain(terminal, kWrongUse, condition.error().message);
  Tail tail(*std::move(connection), *std::move(condition), format.Choice(terminal), terminal);
  auto done = tail.Newest(limit);
  if (done && follow) done = tail.Follow();
  if (!done) {
    terminal.out.flush();
    return Complain(terminal, settings, done.error());
  }
  if (IsOutputClosed(terminal) && follow) return kDone;
  tail.End();
  return Finish(terminal);
}

}  // namespace crmsink
