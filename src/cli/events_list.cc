#include <cstdint>
#include <ostream>

#include "base/time.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/event_filter.h"
#include "cli/format_option.h"

namespace crmsink {

int RunEventsList(const Arguments& arguments, Terminal& terminal) {
  CommandLine line("events list",
                   "Lists the events of the log, the last to arrive first. Filters are joined by and; the log is read "
                   "from its newest end until enough events are found, and all of it where they are not. An entity's "
                   "id is found by an index.",
                   "0 done, 1 failed, 2 wrong use.");
  const EventFilter filter(line);
  std::int64_t limit = 50;
  line.AddNumber("--limit", limit, "At most so many; 0: all of them. Default: 50");
  FormatOption format(line);
  line.AddSettings({"database", "schema"});
  Settings settings;
  if (const std::optional<int> over = line.Read(arguments, terminal, settings)) return *over;

  auto connection = QueryConnection::Open(settings.database);
  if (!connection) return Complain(terminal, settings, connection.error());
  auto condition = filter.Condition(settings.database, SystemNow());
  if (!condition) return Complain(terminal, kWrongUse, condition.error().message);
  const std::unique_ptr<RowWriter> writer = MakeRowWriter(format.Choice(terminal), terminal.out);
  std::size_t rows = 0;
  const QuerySink sink{.on_columns = [&](const std::vector<std::string>& names) { writer->Columns(names); },
                       .on_row =
                           [&](const std::vector<QueryValue>& row) {
                             ++rows;
                             writer->Row(row);
                             return terminal.out.good();
                           }};
  const std::string sql = std::string("SELECT ").append(kListedEventColumns) + " FROM events WHERE " + condition->sql +
                          " ORDER BY seq DESC" + (limit > 0 ? " LIMIT " + std::to_string(limit) : "");
  if (const auto done = connection->Run(sql, condition->parameters, sink); !done) {
    terminal.out.flush();
    return Complain(terminal, settings, done.error());
  }
  writer->End();
  if (rows == 0 && !filter.Hint().empty()) terminal.err << "crmsink: " << filter.Hint() << '\n';
  return Finish(terminal);
}

}  // namespace crmsink
