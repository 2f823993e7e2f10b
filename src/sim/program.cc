#include "sim/program.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>

#include <CLI/CLI.hpp>

#include "base/json.h"
#include "base/time.h"
#include "signature/signer.h"
#include "sim/post.h"
#include "sim/simulation.h"

namespace crmsink::sim {
namespace {

enum ExitStatus { kDone = 0, kFailed = 1, kUsage = 2 };

struct Arguments {
  SimulationOptions simulation;
  TrafficOptions traffic;
  PostOptions post;
  std::string start = "2026-06-01";
  std::string out, truth, key, key_out;
  bool keys_only = false;
};

constexpr const char* kDescription =
    "Makes the webhooks of a realistic CRM in motion: all 77 events of HighLevel, invented people and amounts.\n"
    "The same options give the same deliveries, byte for byte. Without --post they are written as NDJSON, a line\n"
    "each: {\"path\", \"body\" (the exact text), \"arrives_at\", \"signature\" (with --key or --key-out)}.";

constexpr const char* kExamples =
    "Examples:\n"
    "  crmsim --contacts 50 --out deliveries.ndjson\n"
    "  crmsim --keys-only --key try.key --key-out try.pem\n"
    "  crmsink serve --signature-key try.pem\n"
    "  crmsim --key try.key --post http://127.0.0.1:8080 --shuffle --duplicate 0.1 --truth truth.ndjson\n"
    "  crmsink dump | diff truth.ndjson -                                      the tables are what is true\n\n"
    "Exit status: 0 done; 1 a delivery was not answered 2xx, or a file cannot be written; 2 wrong arguments.\n"
    "The period has to lie in the past of the receiver's clock: a time in its future counts as that of arrival.";

void AddSimulationOptions(CLI::App& app, Arguments& to) {
  app.add_option("--seed", to.simulation.seed, "What chance begins with")->capture_default_str();
  app.add_option("--locations", to.simulation.locations, "Sub-accounts of the agency")
      ->capture_default_str()
      ->check(CLI::Range(1, 1'000));
  auto* contacts = app.add_option("--contacts", to.simulation.contacts, "Contacts that come during the period")
                       ->capture_default_str()
                       ->check(CLI::Range(0, 10'000'000));
  app.add_option("--events", to.simulation.events, "So many events, with as many contacts as that takes")
      ->excludes(contacts)
      ->check(CLI::Range(std::size_t{1}, std::size_t{100'000'000}));
  app.add_option("--start", to.start, "First day of the period, YYYY-MM-DD")->type_name("DATE")->capture_default_str();
  app.add_option("--days", to.simulation.days, "Length of the period")
      ->capture_default_str()
      ->check(CLI::Range(10, 3'660));
}

void AddTrafficOptions(CLI::App& app, Arguments& to) {
  app.add_flag("--shuffle", to.traffic.shuffle, "Deliver in any order, not as things happened");
  app.add_option("--duplicate", to.traffic.duplicate, "Share that is delivered twice, 0 to 1")
      ->check(CLI::Range(0., 1.));
  app.add_option("--hold-back", to.traffic.hold_back, "Share that comes hours or days late, 0 to 1")
      ->check(CLI::Range(0., 1.));
}

void AddOutputOptions(CLI::App& app, Arguments& to) {
  auto* out = app.add_option("--out", to.out, "File for the deliveries; standard output without it")->type_name("FILE");
  auto* post =
      app.add_option("--post", to.post.url, "Post them to this server, each signed")->type_name("URL")->excludes(out);
  app.add_option("--rate", to.post.rate, "Deliveries per second; without it as fast as they are answered")
      ->needs(post)
      ->check(CLI::NonNegativeNumber);
  app.add_option("--connections", to.post.connections, "Connections at once")
      ->capture_default_str()
      ->needs(post)
      ->check(CLI::Range(1, 1'000));
  app.add_option("--key", to.key,
                 "File of the private key that signs (PEM, Ed25519); made where it is not there.\n"
                 "Without it a new key signs, which is forgotten")
      ->type_name("FILE");
  app.add_flag("--keys-only", to.keys_only, "Write the keys and do nothing else");
  app.add_option("--key-out", to.key_out, "File for the public key, for `crmsink serve --signature-key`")
      ->type_name("FILE");
  app.add_option("--truth", to.truth, "File for what is true in the end, in the form of `crmsink dump`")
      ->type_name("FILE");
}

std::optional<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

Result<void> WriteFile(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text << std::flush;
  if (!file) return Fail(ErrorCode::kUnavailable, "cannot write " + path);
  return {};
}

// Only its owner may read it.
Result<void> WriteSecret(const std::string& path, const std::string& text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return Fail(ErrorCode::kUnavailable, "cannot write " + path);
  const bool written = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  if (::close(file) != 0 || !written) return Fail(ErrorCode::kUnavailable, "cannot write " + path);
  return {};
}

Result<Signer> KeyOf(const Arguments& arguments) {
  Result<Signer> signer = Signer::Make();
  if (!arguments.key.empty()) {
    if (const auto pem = ReadFile(arguments.key)) {
      signer = Signer::Parse(*pem);
      if (!signer) return Fail(ErrorCode::kInvalid, arguments.key + " " + signer.error().message);
    } else if (auto written = WriteSecret(arguments.key, signer->PrivatePem()); !written) {
      return tl::unexpected(written.error());
    }
  }
  if (arguments.key_out.empty()) return signer;
  if (auto written = WriteFile(arguments.key_out, signer->PublicPem()); !written) {
    return tl::unexpected(written.error());
  }
  return signer;
}

void WriteDeliveries(const std::vector<Sent>& sent, const Signer* signer, std::ostream& out) {
  std::string line;
  for (const Sent& delivery : sent) {
    line = "{\"path\":";
    json::AppendQuoted(delivery.path, line);
    line += ",\"body\":";
    json::AppendQuoted(delivery.body, line);
    line += ",\"arrives_at\":\"" + FormatRfc3339(delivery.arrives_at) + "\"";
    if (signer != nullptr) line += ",\"signature\":\"" + signer->Sign(delivery.body) + "\"";
    out << line << "}\n";
  }
  out.flush();
}

Result<void> WriteTruth(const Truth& truth, const std::string& path) {
  std::ofstream file(path, std::ios::binary);
  truth.Write([&](std::string_view line) { file << line << '\n'; });
  file.flush();
  if (!file) return Fail(ErrorCode::kUnavailable, "cannot write " + path);
  return {};
}

std::string Rate(std::size_t count, double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.0f", seconds > 0 ? static_cast<double>(count) / seconds : 0.0);
  return text;
}

void Summarize(const PostReport& report, std::ostream& err) {
  char took[32];
  std::snprintf(took, sizeof took, "%.1f", report.took.count());
  err << report.Done() << " deliveries in " << took << " s, " << Rate(report.Done(), report.took.count())
      << " per second, " << report.retries << " sent again\n";
  for (const auto& [status, count] : report.answers) {
    err << "  " << (status == 0 ? "no answer" : std::to_string(status)) << "  " << count << "\n";
  }
}

int PostAll(const std::vector<Sent>& sent, const Signer& signer, const PostOptions& options, std::ostream& err) {
  const auto report = Post(sent, signer, options, [&](const PostReport& so_far) {
    err << so_far.Done() << " of " << sent.size() << ", " << Rate(so_far.Done(), so_far.took.count()) << " per second"
        << std::endl;
  });
  if (!report) {
    err << "crmsim: " << report.error().message << "\n";
    return kUsage;
  }
  Summarize(*report, err);
  return report->Kept() == sent.size() ? kDone : kFailed;
}

Result<int> Execute(Arguments& arguments, std::ostream& out, std::ostream& err) {
  const auto signer = KeyOf(arguments);
  if (!signer) return tl::unexpected(signer.error());
  if (arguments.keys_only) return kDone;
  arguments.simulation.truth = !arguments.truth.empty();
  Simulation simulation = Simulate(arguments.simulation);
  if (!arguments.truth.empty()) {
    if (auto written = WriteTruth(simulation.truth, arguments.truth); !written) return tl::unexpected(written.error());
  }
  const std::vector<Sent> sent = OnTheWay(std::move(simulation.sent), arguments.traffic);
  if (!arguments.post.url.empty()) return PostAll(sent, *signer, arguments.post, err);
  const Signer* shown = arguments.key.empty() && arguments.key_out.empty() ? nullptr : &*signer;
  if (arguments.out.empty()) {
    WriteDeliveries(sent, shown, out);
    if (!out) return Fail(ErrorCode::kUnavailable, "cannot write to standard output");
    return kDone;
  }
  std::ofstream file(arguments.out, std::ios::binary);
  WriteDeliveries(sent, shown, file);
  if (!file) return Fail(ErrorCode::kUnavailable, "cannot write " + arguments.out);
  return kDone;
}

}  // namespace

int Run(std::vector<std::string> arguments, std::ostream& out, std::ostream& err) {
  Arguments parsed;
  CLI::App app(kDescription, "crmsim");
  app.footer(kExamples);
  AddSimulationOptions(app, parsed);
  AddTrafficOptions(app, parsed);
  AddOutputOptions(app, parsed);
  std::ranges::reverse(arguments);
  try {
    app.parse(arguments);
  } catch (const CLI::ParseError& problem) {
    return app.exit(problem, out, err) == 0 ? kDone : kUsage;
  }
  const auto start = ParseDay(parsed.start);
  if (!start || parsed.start.size() != 10) {
    err << "crmsim: --start wants a day like 2026-06-01\n";
    return kUsage;
  }
  SimulationOptions& simulation = parsed.simulation;
  simulation.start = *start * kDay;
  parsed.traffic.seed = simulation.seed;
  if (simulation.start + simulation.days * kDay > SystemNow()) {
    err << "crmsim: the period ends in the future, whose times the receiver does not believe\n";
  }
  const auto status = Execute(parsed, out, err);
  if (status) return *status;
  err << "crmsim: " << status.error().message << "\n";
  return kFailed;
}

}  // namespace crmsink::sim
