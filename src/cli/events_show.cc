#include <algorithm>
#include <charconv>
#include <cstdint>
#include <ostream>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/event_effect.h"
#include "cli/format_option.h"
#include "cli/payload_text.h"
#include "cli/table_output.h"
#include "storage/database.h"

namespace crmsink {
namespace {

constexpr std::string_view kHeaders =
    "seq, event_id, source, received_at, path, signature_scheme, signature_key, signature, type, entity, entity_id, "
    "location_id, agency_id, app_id, app_version_id, trace_id, occurred_at, sent_at";
constexpr std::size_t kArrived = 8;  // so many of them are what arrived, the others what was read from it
constexpr std::size_t kWidest = 100;

struct Options {
  std::string which;
  bool raw = false;
};

struct ShownEvent {
  std::vector<std::string> names;
  std::vector<QueryValue> values;
  std::string payload;

  [[nodiscard]] const QueryValue& At(std::string_view name) const {
    return values[static_cast<std::size_t>(std::ranges::find(names, name) - names.begin())];
  }
};

// Those of a seq, else of an event id; one event id may have an event per entity.
Result<std::vector<std::int64_t>> SeqsOf(const std::string& database, const std::string& which,
                                         QueryConnection& connection) {
  std::int64_t seq = 0;
  const auto [end, error] = std::from_chars(which.data(), which.data() + which.size(), seq);
  if (error == std::errc() && end == which.data() + which.size()) {
    bool found = false;
    const QueryValue parameters[] = {seq};
    auto done = connection.Run("SELECT 1 FROM events WHERE seq = $1", parameters,
                               {.on_columns = {}, .on_row = [&](const std::vector<QueryValue>&) {
                                  found = true;
                                  return true;
                                }});
    if (!done) return tl::unexpected(done.error());
    if (found) return std::vector{seq};
  }
  const auto store = OpenStore(database, {});
  if (!store) return tl::unexpected(store.error());
  const auto reading = (*store)->Begin(Store::Mode::kRead);
  if (!reading) return tl::unexpected(reading.error());
  auto seqs = (*reading)->SeqsOf(which);
  if (seqs && seqs->empty()) {
    return Fail(ErrorCode::kInvalid, "no event has the number or the id " + which +
                                         " (crmsink events list; what is no event may be in crmsink quarantine list)");
  }
  return seqs;
}

Result<ShownEvent> ReadEventRow(std::int64_t seq, QueryConnection& connection) {
  ShownEvent event;
  const QueryValue parameters[] = {seq};
  auto done =
      connection.Run(std::string("SELECT ").append(kHeaders) + ", payload FROM events WHERE seq = $1", parameters,
                     {.on_columns = [&](const std::vector<std::string>& names) { event.names = names; },
                      .on_row =
                          [&](const std::vector<QueryValue>& row) {
                            event.values = row;
                            return true;
                          }});
  if (!done) return tl::unexpected(done.error());
  event.payload = TextOf(event.values.back());
  event.names.pop_back();
  event.values.pop_back();
  return event;
}

class Show {
 public:
  Show(QueryConnection& connection, OutputFormat format, Terminal& terminal)
      : connection_(connection), format_(format), out_(terminal.out), writer_(MakeRowWriter(format, out_, kWidest)) {
    writer_->Columns({"part", "name", "value", "now"});
  }

  Result<void> Print(const ShownEvent& event) {
    const bool table = format_ == OutputFormat::kTable;
    const QueryValue nothing = table ? QueryValue("") : QueryValue();  // a person needs no NULL where nothing can stand
    for (std::size_t i = 0; i < event.names.size(); ++i) {
      writer_->Row({i < kArrived ? "arrived" : "read", event.names[i], event.values[i], nothing});
    }
    if (!table) writer_->Row({"arrived", "payload", event.payload, {}});
    std::string remark;
    if (auto done = PrintEffects(event, remark); !done) return done;
    if (!table) return {};
    writer_->End();
    if (!remark.empty()) out_ << remark << '\n';
    out_ << "\npayload, " << event.payload.size() << " bytes:\n" << PayloadText(event.payload);
    return {};
  }

  // After the last one; a table ends with its event.
  void End() {
    if (format_ != OutputFormat::kTable) writer_->End();
  }

 private:
  Result<void> PrintEffects(const ShownEvent& shown, std::string& remark) {
    Delivery delivery;
    delivery.path = TextOf(shown.At("path"));
    delivery.body = shown.payload;
    delivery.received_at = ParseTime(TextOf(shown.At("received_at"))).value_or(0);
    auto event = ReadEvent(delivery, TextOf(shown.At("event_id")));
    if (!event) {
      remark = "this version cannot read it: " + event.error();
      return {};
    }
    if (event->entity == nullptr) {
      remark = "unmapped: this version knows no table for it; `crmsink replay` of one that does will fill it";
      return {};
    }
    if (event->entity->name != TextOf(shown.At("entity"))) {
      remark = "this version reads it otherwise than when it came: `crmsink replay` brings the tables up to date";
    }
    const auto effects = EffectsOf(*event, delivery.received_at, connection_);
    if (!effects) return tl::unexpected(effects.error());
    for (const Effect& effect : *effects) {
      const auto value = [](const std::optional<std::string>& text) { return text ? QueryValue(*text) : QueryValue(); };
      writer_->Row({effect.sets ? "says" : "says nothing of", effect.table + "." + effect.place, value(effect.said),
                    value(effect.now)});
    }
    return {};
  }

  QueryConnection& connection_;
  const OutputFormat format_;
  std::ostream& out_;
  const std::unique_ptr<RowWriter> writer_;
};

Result<void> PrintAll(const Settings& settings, const Options& options, OutputFormat format, Terminal& terminal) {
  auto connection = QueryConnection::Open(settings.database);
  if (!connection) return tl::unexpected(connection.error());
  const auto seqs = SeqsOf(settings.database, options.which, *connection);
  if (!seqs) return tl::unexpected(seqs.error());
  if (options.raw && seqs->size() > 1) {
    return Fail(ErrorCode::kInvalid, std::to_string(seqs->size()) + " events have this id: name one by its number, " +
                                         std::to_string(seqs->front()) + " or one of the others (crmsink events show " +
                                         options.which + ")");
  }
  std::optional<Show> show;
  for (const std::int64_t seq : *seqs) {
    const auto event = ReadEventRow(seq, *connection);
    if (!event) return tl::unexpected(event.error());
    if (options.raw) {
      terminal.out << event->payload;
      return {};
    }
    if (!show || format == OutputFormat::kTable) show.emplace(*connection, format, terminal);
    if (auto done = show->Print(*event); !done) return done;
  }
  show->End();
  return {};
}

}  // namespace

int RunEventsShow(const Arguments& arguments, Terminal& terminal) {
  CommandLine line("events show",
                   "Prints one event of the log: what arrived, what was read from it, and for each column what it says "
                   "(value) beside what stands there now, which a later event may have written; then its payload.",
                   "0 done, 1 failed (there is no such event), 2 wrong use.");
  Options options;
  line.AddArgument("EVENT", options.which, "Its number in the log (seq) or its event id");
  line.AddFlag("--raw", options.raw, "Only the payload, byte for byte as it came");
  FormatOption format(line, OutputFormat::kTable);
  line.AddSettings({"database", "schema"});
  Settings settings;
  if (const std::optional<int> over = line.Read(arguments, terminal, settings)) return *over;
  if (const auto done = PrintAll(settings, options, format.Choice(terminal), terminal); !done) {
    terminal.out.flush();
    return Complain(terminal, settings, done.error());
  }
  return Finish(terminal);
}

}  // namespace crmsink
