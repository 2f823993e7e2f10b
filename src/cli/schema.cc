#include <ostream>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/schema_text.h"
#include "cli/settings_doc.h"

namespace crmsink {

int RunSchema(const Arguments& arguments, Terminal& terminal) {
  CommandLine line("schema",
                   "Prints the tables and columns that this version keeps, and the events that feed them. It reads no "
                   "database.",
                   "0 done, 1 failed, 2 wrong use.");
  std::string format = "md";
  bool settings = false;
  line.AddText("--format", format, "md|json|sql|postgresql",
               "md (the document docs/schema.md), json (for programs), sql (CREATE TABLE for SQLite) or postgresql "
               "(the same for PostgreSQL). Default: md");
  line.AddFlag("--settings", settings, "Print the document of the settings, docs/settings.md, instead");
  if (const std::optional<int> over = line.Read(arguments, terminal)) return *over;
  if (settings) {
    terminal.out << SettingsMarkdown();
  } else {
    terminal.out << (format == "json"         ? SchemaJson()
                     : format == "sql"        ? SchemaSql(Dialect::kSqlite)
                     : format == "postgresql" ? SchemaSql(Dialect::kPostgres)
                                              : SchemaMarkdown());
  }
  return Finish(terminal);
}

}  // namespace crmsink
