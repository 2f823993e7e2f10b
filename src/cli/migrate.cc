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

struct Roles {
  std::string reader, writer;

  [[nodiscard]] bool Any() const { return !reader.empty() || !writer.empty(); }
};

int Grant(const Settings& settings, const Roles& roles, Terminal& terminal) {
  if (const auto done = GrantRoles(settings.database, roles.reader, roles.writer); !done) {
    return Complain(terminal, settings, done.error());
  }
  if (!roles.reader.empty()) terminal.out << "granted to " << roles.reader << ": reading\n";
  if (!roles.writer.empty()) terminal.out << "granted to " << roles.writer << ": what crmsink serve does\n";
  return Finish(terminal);
}

}  // namespace

int RunMigrate(const Arguments& arguments, Terminal& terminal) {
  CommandLine line("migrate",
                   "Makes the database where there is none, and applies the migrations that it lacks. `crmsink serve` "
                   "does so by itself. On PostgreSQL the database itself must be there, and the schema is made.",
                   "0 done, 1 failed, 2 wrong use.");
  bool status = false;
  line.AddFlag("--status", status, "Only print every migration and when it was applied (NULL: not yet)");
  Roles roles;
  line.AddText(
      "--reader-role", roles.reader, "NAME",
      "PostgreSQL: then let this role, which is there already, read every table and view, later ones included");
  line.AddText("--writer-role", roles.writer, "NAME",
               "PostgreSQL: then let this role do what `crmsink serve` does; it cannot change or delete events");
  FormatOption format(line);
  line.AddSettings({"database", "schema"});
  Settings settings;
  if (const std::optional<int> over = line.Read(arguments, terminal, settings)) return *over;
  if (roles.Any() && status) {
    return Complain(terminal, kWrongUse, "--status only looks: leave it or --reader-role and --writer-role out");
  }
  if (roles.Any() && settings.database.starts_with("sqlite:")) {
    return Complain(
        terminal, kWrongUse,
        "--reader-role and --writer-role are PostgreSQL's: who may read a file is the file system's matter");
  }
  if (roles.Any()) {
    const int applied = Apply(settings, terminal);
    return applied == kDone ? Grant(settings, roles, terminal) : applied;
  }
  return status ? PrintStatus(settings, format.Choice(terminal), terminal) : Apply(settings, terminal);
}

}  // namespace crmsink
