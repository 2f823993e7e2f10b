#include <algorithm>
#include <cstdint>
#include <ostream>

#include "base/time.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/event_filter.h"
#include "cli/format_option.h"
#include "cli/stop_signals.h"

namespace crmsink {
namespace {

constexpr auto kInterval = std::chrono::milliseconds(500);

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
    return Print("SELECT * FROM (" + Select() + " AND seq <= " + std::to_string(last_seq_) +
                 " ORDER BY seq DESC LIMIT " + std::to_string(limit) + ") AS newest ORDER BY seq");
  }

  // Until a signal comes or nobody reads any more.
  Result<void> Follow() {
    while (!IsOutputClosed(terminal_) && !signals_.WaitFor(kInterval)) {
      const std::int64_t before = last_seq_;
      if (auto done = FindEnd(); !done) return done;
      if (last_seq_ == before) continue;
      const std::string range = " AND seq > " + std::to_string(before) + " AND seq <= " + std::to_string(last_seq_);
      if (auto done = Print(Select() + range + " ORDER BY seq"); !done) return done;
    }
    return {};
  }

  void End() { writer_->End(); }

 private:
  [[nodiscard]] std::string Select() const {
    return std::string("SELECT ").append(kListedEventColumns) + " FROM events WHERE " + condition_.sql;
  }

  Result<void> FindEnd() {
    return connection_.Run("SELECT coalesce(max(seq), 0) FROM events", {},
                           {.on_columns = {}, .on_row = [&](const std::vector<QueryValue>& row) {
                              last_seq_ = std::max(last_seq_, std::get<std::int64_t>(row[0]));
                              return true;
                            }});
  }

  Result<void> Print(const std::string& sql) {
    auto done = connection_.Run(sql, condition_.parameters,
                                {.on_columns =
                                     [&](const std::vector<std::string>& names) {
                                       if (!std::exchange(begun_, true)) writer_->Columns(names);
                                     },
                                 .on_row =
                                     [&](const std::vector<QueryValue>& row) {
                                       writer_->Row(row);
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
  line.AddSettings({"database"});
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
