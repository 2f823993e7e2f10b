#include <ostream>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/format_option.h"
#include "storage/database.h"

namespace crmsink {
namespace {

int PrintStatus(const Settings& settings, OutputFormat format, Terminal& terminal) {
  const Result<std::vector<MigrationStatus>> migrations = MigrationsOf(settings.database);
  if (!migrations) return Complain(terminal, settings, migrations.error());
  const std::unique_ptr<RowWriter> writer = MakeRowWriter(format, terminal.out);
  writer->Columns({"version", "name", "applied_at"});
  for (const MigrationStatus& migration : *migrations) {
    writer->Row({std::int64_t{migration.version}, migration.name,
                 migration.applied_at ? QueryValue(*migration.applied_at) : QueryValue()});
  }
  writer->End();
  return Finish(terminal);
}

int Apply(const Settings& settings, Terminal& terminal) {
  std::size_t applied = 0;
  const Result<std::unique_ptr<Store>> store =
      OpenStore(settings.database, {.create = true, .migrate = true, .on_migration = [&](std::string_view name) {
                                      ++applied;
                                      terminal.out << "applied " << name << '\n';
                                    }});
  if (!store) return Complain(terminal, settings, store.error());
  if (applied == 0) terminal.out << "nothing to do: the schema is up to date\n";
  return Finish(terminal);
}

}  // namespace

int RunMigrate(const Arguments& arguments, Terminal& terminal) {
  CommandLine line("migrate",
                   "Makes the database where there is none, and applies the migrations that it lacks. `crmsink serve` "
                   "does so by itself.",
                   "0 done, 1 failed, 2 wrong use.");
  bool status = false;
  line.AddFlag("--status", status, "Only print every migration and when it was applied (NULL: not yet)");
  FormatOption format(line);
  line.AddSettings({"database"});
  Settings settings;
  if (const std::optional<int> over = line.Read(arguments, terminal, settings)) return *over;
  return status ? PrintStatus(settings, format.Choice(terminal), terminal) : Apply(settings, terminal);
}

}  // namespace crmsink
