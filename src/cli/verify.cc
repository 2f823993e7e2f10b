#include "replay/verify.h"

#include <ostream>
#include <utility>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/format_option.h"
#include "cli/key_files.h"
#include "cli/progress.h"

namespace crmsink {
namespace {

void PrintSummary(const VerifyReport& report, bool is_sample, std::ostream& err) {
  err << report.events << " events, " << report.entities << " entities: ";
  if (report.differences == 0) {
    err << (is_sample ? "no difference in this sample" : "the tables say what the log says");
  } else {
    err << report.differences << (report.differences == 1 ? " difference" : " differences");
  }
  err << "; signatures: " << report.signatures_good << " good, " << report.signatures_unchecked
      << " that cannot be checked" << std::endl;
}

int Compare(const Settings& settings, const Verifier& verifier, std::uint64_t sample, OutputFormat format,
            Terminal& terminal) {
  const std::unique_ptr<RowWriter> writer = MakeRowWriter(format, terminal.out);
  bool begun = false;
  const auto begin = [&] {
    if (!std::exchange(begun, true)) writer->Columns({"table", "id", "what", "in_database", "from_log"});
  };
  const VerifyOptions options{.verifier = &verifier,
                              .sample = sample,
                              .on_difference =
                                  [&](const Difference& found) {
                                    begin();
                                    writer->Row({found.table, found.id, found.what, found.in_database, found.from_log});
                                  },
                              .on_progress = ProgressTo(terminal)};
  const Result<VerifyReport> report = Verify(settings.database, options);
  if (!report) {
    terminal.out.flush();
    return Complain(terminal, settings, report.error());
  }
  begin();
  writer->End();
  const int written = Finish(terminal);
  PrintSummary(*report, sample > 0, terminal.err);
  return written == kDone && report->differences > 0 ? kFinding : written;
}

}  // namespace

int RunVerify(const Arguments& arguments, Terminal& terminal) {
  CommandLine line("verify",
                   "Folds every entity from the log and compares it with its rows, looks for rows that no event stands "
                   "behind, and checks the signatures of the log again. A server may go on writing. It prints a row "
                   "per difference, and a summary to standard error. A signature whose key is not known any more "
                   "cannot be checked, which is no difference.",
                   "0 no difference, 1 failed, 2 wrong use, 3 a difference. `crmsink replay` mends the tables.");
  FormatOption format(line);
  std::int64_t sample = 0;
  line.AddNumber(
      "--sample", sample,
      "Only so many events, spread evenly over the log, and the entities that they tell of: an answer in "
      "seconds on a large log. Rows that no event stands behind are not looked for then. 0: all. Default: 0");
  line.AddSettings({"database", "schema", "signature-key", "builtin-keys"});
  Settings settings;
  if (const std::optional<int> over = line.Read(arguments, terminal, settings)) return *over;
  Result<std::vector<std::string>> keys = ReadKeyFiles(settings);
  if (!keys) return Complain(terminal, kWrongUse, keys.error().message);
  const Result<Verifier> verifier =
      Verifier::Create({.builtin_keys = settings.builtin_keys, .extra_pem = std::move(*keys)});
  if (!verifier) return Complain(terminal, kWrongUse, verifier.error().message);
  return Compare(settings, *verifier, static_cast<std::uint64_t>(sample), format.Choice(terminal), terminal);
}

}  // namespace crmsink
