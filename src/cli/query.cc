#include "storage/query.h"

#include <fstream>
#include <istream>
#include <iterator>
#include <ostream>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/format_option.h"

namespace crmsink {
namespace {

struct Options {
  std::string sql;
  std::string file;
  std::string timeout = "60s";
};

std::string ReadAll(std::istream& in) { return {std::istreambuf_iterator<char>(in), {}}; }

Result<std::string> StatementOf(const Options& options, Terminal& terminal) {
  if (options.sql.empty() == options.file.empty()) {
    return Fail(ErrorCode::kInvalid, "either a statement, or - for standard input, or --file (crmsink query --help)");
  }
  if (options.sql == "-" || options.file == "-") return ReadAll(terminal.in);
  if (options.file.empty()) return options.sql;
  std::ifstream file(options.file, std::ios::binary);
  if (!file) return Fail(ErrorCode::kInvalid, "--file: " + options.file + " cannot be read");
  return ReadAll(file);
}

int Print(const Settings& settings, const std::string& sql, std::chrono::milliseconds timeout, OutputFormat format,
          Terminal& terminal) {
  const std::unique_ptr<RowWriter> writer = MakeRowWriter(format, terminal.out);
  const QuerySink sink{.on_columns = [&](const std::vector<std::string>& names) { writer->Columns(names); },
                       .on_row =
                           [&](const std::vector<QueryValue>& row) {
                             writer->Row(row);
                             return terminal.out.good();
                           }};
  Result<QueryConnection> connection = QueryConnection::Open(settings.database);
  if (!connection) return Complain(terminal, settings, connection.error());
  if (const Result<void> done = connection->Run(sql, {}, sink, timeout); !done) {
    terminal.out.flush();
    return Complain(terminal, settings, done.error());
  }
  writer->End();
  return Finish(terminal);
}

}  // namespace

int RunQuery(const Arguments& arguments, Terminal& terminal) {
  CommandLine line("query",
                   "Runs one SQL statement that only reads, also beside a running server, and prints its rows. "
                   "`crmsink schema` lists the tables.",
                   "0 done, 1 failed (wrong SQL, too slow, no database), 2 wrong use.");
  Options options;
  std::vector<std::string> statements;
  line.AddArguments("SQL", statements, "The statement; - reads it from standard input");
  line.AddText("--file", options.file, "FILE", "Read the statement from a file; - is standard input");
  line.AddText("--timeout", options.timeout, "TIME",
               "End it after this time (500ms, 30s, 5m, 1h; 0s: never), since a forgotten reader keeps the database's "
               "write-ahead log growing. Default: 60s");
  FormatOption format(line);
  line.AddSettings({"database", "schema"});
  Settings settings;
  if (const std::optional<int> over = line.Read(arguments, terminal, settings)) return *over;
  if (statements.size() > 1) return Complain(terminal, kWrongUse, "one statement at a time, as one argument in quotes");
  if (!statements.empty()) options.sql = std::move(statements.front());
  const Result<std::chrono::milliseconds> timeout = ParseDuration(options.timeout);
  if (!timeout) return Complain(terminal, kWrongUse, "--timeout: " + timeout.error().message);
  const Result<std::string> sql = StatementOf(options, terminal);
  if (!sql) return Complain(terminal, kWrongUse, sql.error().message);
  return Print(settings, *sql, *timeout, format.Choice(terminal), terminal);
}

}  // namespace crmsink
