#include "storage/backup.h"

#include <chrono>
#include <optional>
#include <ostream>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/progress.h"
#include "cli/stop_signals.h"

namespace crmsink {
namespace {

// The disk belongs to the server meanwhile.
constexpr std::chrono::milliseconds kPause{2};

}  // namespace

int RunBackup(const Arguments& arguments, Terminal& terminal) {
  CommandLine line(
      "backup",
      "Copies a SQLite database into a new file, while a server goes on writing: what was committed when it "
      "began is in it, and nothing of what came later. The file gets its name when it is whole and synced. To "
      "restore it: stop the server, put the file in the database's place, remove what is called as that with "
      "-wal or -shm behind it, start, and run `crmsink verify`. PostgreSQL is backed up by pg_dump. How far it "
      "is goes to standard error, from two seconds on.",
      "0 done, 1 failed, 2 wrong use.");
  std::string file;
  bool overwrite = false;
  line.AddArgument("FILE", file, "The file to be made", "FILE");
  line.AddFlag("--overwrite", overwrite, "Replace FILE where it is there");
  line.AddSettings({"database", "schema"});
  Settings settings;
  if (const std::optional<int> over = line.Read(arguments, terminal, settings)) return *over;

  StopSignals signals;
  std::optional<Reporter> reporter;
  std::uint64_t before = 0;
  const auto report =
      Backup(settings.database, file, {.overwrite = overwrite, .on_progress = [&](auto done, auto total) {
                                         if (!reporter) reporter.emplace(ProgressTo(terminal), "copying bytes", total);
                                         reporter->Add(done - before);
                                         before = done;
                                         return !signals.WaitFor(kPause);
                                       }});
  if (!report && report.error().code == ErrorCode::kInvalid) {
    return Complain(terminal, kWrongUse, report.error().message);
  }
  if (!report) return Complain(terminal, settings, report.error());
  terminal.out << "backed up " << report->bytes << " bytes to " << file << '\n';
  return Finish(terminal);
}

}  // namespace crmsink
