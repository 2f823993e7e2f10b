#include "cli/held.h"

#include <map>
#include <ostream>
#include <utility>

#include "base/printable.h"
#include "base/time.h"
#include "cli/command_line.h"
#include "cli/format_option.h"
#include "cli/held_rows.h"
#include "cli/key_files.h"
#include "cli/payload_text.h"
#include "cli/progress.h"
#include "replay/retry.h"

namespace crmsink {
namespace {

std::string About(const HeldTable& table, std::string_view what) {
  return std::string(what).append(" ").append(table.about);
}

std::string Name(const HeldTable& table, std::string_view subcommand) {
  return std::string(table.name).append(" ").append(subcommand);
}

int ShowOne(const HeldTable& table, const Settings& settings, const std::string& which, bool raw, OutputFormat format,
            Terminal& terminal) {
  auto connection = QueryConnection::Open(settings.database);
  if (!connection) return Complain(terminal, settings, connection.error());
  const auto numbers = HeldNumbers(table, which, *connection);
  if (!numbers) return Complain(terminal, settings, numbers.error());
  const auto held = ReadHeldRow(table, numbers->front(), *connection);
  if (!held) return Complain(terminal, settings, held.error());
  if (raw) {
    terminal.out << held->payload;
    return Finish(terminal);
  }
  const auto writer = MakeRowWriter(format, terminal.out, 1000);
  writer->Columns({"name", "value"});
  for (std::size_t i = 0; i < held->names.size(); ++i) writer->Row({held->names[i], held->values[i]});
  const std::string event_id = WebhookIdOf(held->payload);
  writer->Row({"event_id", event_id.empty() ? QueryValue() : QueryValue(event_id)});
  const bool is_table = format == OutputFormat::kTable;
  if (!is_table) writer->Row({"payload", Blob{held->payload}});
  writer->End();
  if (is_table) terminal.out << "\npayload, " << held->payload.size() << " bytes:\n" << PayloadText(held->payload);
  if (numbers->size() > 1) {
    terminal.err << "crmsink: " << numbers->size() - 1 << " more have this event id; the next is number "
                 << (*numbers)[1] << '\n';
  }
  return Finish(terminal);
}

Result<std::vector<std::int64_t>> AllNumbers(const HeldTable& table, const Settings& settings,
                                             const std::vector<std::string>& which) {
  std::vector<std::int64_t> all;
  if (which.empty()) return all;
  auto connection = QueryConnection::Open(settings.database);
  if (!connection) return tl::unexpected(connection.error());
  for (const std::string& one : which) {
    const auto numbers = HeldNumbers(table, one, *connection);
    if (!numbers) return tl::unexpected(numbers.error());
    all.insert(all.end(), numbers->begin(), numbers->end());
  }
  return all;
}

void PrintSummary(const HeldTable& table, const RetryReport& report, const std::map<std::string, std::size_t>& reasons,
                  std::ostream& err) {
  err << report.tried << " tried: " << report.stored << " are in the log and the tables now, " << report.duplicate
      << " were there already, ";
  if (table.where == Holding::kUnverified) err << report.quarantined << " are authentic but no event: quarantined, ";
  err << report.stayed << " stay\n";
  constexpr std::size_t kMostReasons = 10;
  std::size_t told = 0;
  for (const auto& [reason, number] : reasons) {
    if (told++ == kMostReasons) break;
    std::string text;
    AppendPrintable(reason, text);
    err << "  " << number << " because: " << text << '\n';
  }
  if (reasons.size() > kMostReasons) err << "  and " << reasons.size() - kMostReasons << " other reasons\n";
  err.flush();
}

int RetryAll(const HeldTable& table, const Settings& settings, RetryOptions options, OutputFormat format,
             Terminal& terminal) {
  const auto writer = MakeRowWriter(format, terminal.out);
  bool begun = false;
  const auto begin = [&] {
    if (!std::exchange(begun, true)) writer->Columns({"id", "received_at", "path", "reason"});
  };
  std::map<std::string, std::size_t> reasons;
  options.on_stay = [&](const HeldDelivery& held, std::string_view reason) {
    begin();
    const Delivery& delivery = held.delivery;
    writer->Row({held.id, FormatSqlTime(delivery.received_at), delivery.path, std::string(reason)});
    ++reasons[std::string(reason)];
  };
  options.on_progress = ProgressTo(terminal);
  const Result<RetryReport> report = Retry(settings.database, options);
  if (!report) {
    terminal.out.flush();
    return Complain(terminal, settings, report.error());
  }
  begin();
  writer->End();
  const int written = Finish(terminal);
  PrintSummary(table, *report, reasons, terminal.err);
  return written == kDone && report->stayed > 0 ? kFinding : written;
}

}  // namespace

int ListHeld(const HeldTable& table, const Arguments& arguments, Terminal& terminal) {
  CommandLine line(Name(table, "list"), About(table, "Lists them, the last to arrive first."),
                   "0 done, 1 failed, 2 wrong use.");
  std::int64_t limit = 50;
  line.AddNumber("--limit", limit, "At most so many; 0: all of them. Default: 50");
  FormatOption format(line);
  line.AddSettings({"database", "schema"});
  Settings settings;
  if (const std::optional<int> over = line.Read(arguments, terminal, settings)) return *over;
  auto connection = QueryConnection::Open(settings.database);
  if (!connection) return Complain(terminal, settings, connection.error());
  const auto writer = MakeRowWriter(format.Choice(terminal), terminal.out);
  const auto done = connection->Run(
      "SELECT id, received_at, path, signature_scheme, length(payload) AS bytes, reason FROM " +
          std::string(table.name) + " ORDER BY id DESC" + (limit > 0 ? " LIMIT " + std::to_string(limit) : ""),
      {},
      {.on_columns = [&](const std::vector<std::string>& names) { writer->Columns(names); },
       .on_row =
           [&](const std::vector<QueryValue>& row) {
             writer->Row(row);
             return terminal.out.good();
           }});
  if (!done) return Complain(terminal, settings, done.error());
  writer->End();
  return Finish(terminal);
}

int ShowHeld(const HeldTable& table, const Arguments& arguments, Terminal& terminal) {
  CommandLine line(Name(table, "show"), About(table, "Prints one of them: why it is there, what arrived, its payload."),
                   "0 done, 1 failed (there is no such delivery), 2 wrong use.");
  std::string which;
  line.AddArgument("DELIVERY", which, "Its number, or the event id (webhookId) in its body");
  bool raw = false;
  line.AddFlag("--raw", raw, "Only the payload, byte for byte as it came");
  FormatOption format(line, OutputFormat::kTable);
  line.AddSettings({"database", "schema"});
  Settings settings;
  if (const std::optional<int> over = line.Read(arguments, terminal, settings)) return *over;
  return ShowOne(table, settings, which, raw, format.Choice(terminal), terminal);
}

int RetryHeld(const HeldTable& table, const Arguments& arguments, Terminal& terminal) {
  const bool unverified = table.where == Holding::kUnverified;
  CommandLine line(
      Name(table, "retry"),
      About(table, unverified ? "Checks them with the keys that are configured now, whatever "
                                "signature-mode says, and puts what fits one through ingest with the time "
                                "at which it came. `crmsink serve` does so whenever it starts."
                              : "Puts them through ingest again, with the time at which they came: of use "
                                "after an upgrade.") +
          " What becomes an event leaves in the transaction that stores it. A server may run meanwhile. It "
          "prints a row for each that stays, and a summary to standard error.",
      "0 none stays, 1 failed, 2 wrong use, 3 some stay.");
  std::vector<std::string> which;
  line.AddArguments("DELIVERY", which, "Numbers, or event ids (webhookId), of those to try; without any: all");
  FormatOption format(line);
  line.AddSettings({"database", "schema"});
  if (unverified) line.AddSettings({"signature-key", "signature-legacy-rsa", "builtin-keys"});
  Settings settings;
  if (const std::optional<int> over = line.Read(arguments, terminal, settings)) return *over;
  RetryOptions options{.where = table.where};
  std::optional<Verifier> verifier;
  if (unverified) {
    Result<std::vector<std::string>> keys = ReadKeyFiles(settings);
    if (!keys) return Complain(terminal, kWrongUse, keys.error().message);
    auto created = Verifier::Create({.legacy_rsa = settings.signature_legacy_rsa,
                                     .builtin_keys = settings.builtin_keys,
                                     .extra_pem = *std::move(keys)});
    if (!created) return Complain(terminal, kWrongUse, created.error().message);
    verifier = *std::move(created);
    options.verifier = &*verifier;
  }
  auto numbers = AllNumbers(table, settings, which);
  if (!numbers) return Complain(terminal, settings, numbers.error());
  options.ids = *std::move(numbers);
  return RetryAll(table, settings, std::move(options), format.Choice(terminal), terminal);
}

}  // namespace crmsink
