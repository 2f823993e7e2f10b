#include <algorithm>
#include <map>
#include <ostream>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/format_option.h"
#include "entities/catalog.h"

namespace crmsink {
namespace {

constexpr std::size_t kWidest = 300;  // a URL is of no use when it is cut

struct Base {
  std::string url;  // without a final slash and without /webhooks
  std::vector<std::string> warnings;
};

bool IsOfThisMachine(std::string_view host) {
  return host.starts_with("localhost") || host.starts_with("127.") || host.starts_with("[::1]") ||
         host.starts_with("10.") || host.starts_with("192.168.");
}

Result<Base> ParseBase(std::string text) {
  Base base;
  const bool plain = text.starts_with("http://");
  const std::size_t host_at = plain ? 7 : 8;
  if (!plain && !text.starts_with("https://")) {
    return Fail(ErrorCode::kInvalid, "--base: \"" + text + "\" must begin with https://, like https://crm.example.com");
  }
  if (text.find_first_of(" \t\r\n\"<>\\") != std::string::npos) {
    return Fail(ErrorCode::kInvalid, "--base: there is a character in it that no URL has");
  }
  if (const std::size_t query = text.find_first_of("?#"); query != std::string::npos) {
    base.warnings.push_back("the base has a query or a fragment, " + text.substr(query) +
                            ": it is left out, since each URL ends in the name of its event");
    text.resize(query);
  }
  while (text.ends_with('/')) text.pop_back();
  if (text.size() <= host_at) return Fail(ErrorCode::kInvalid, "--base: there is no host in it");
  if (text.ends_with("/webhooks")) text.resize(text.size() - std::string_view("/webhooks").size());
  const std::string host = text.substr(host_at, text.find('/', host_at) - host_at);
  if (plain) {
    base.warnings.push_back(
        "the base is http://: HighLevel asks for HTTPS, and what goes by http can be read and "
        "changed on the way");
  }
  if (IsOfThisMachine(host)) base.warnings.push_back("HighLevel cannot reach " + host + ": the base must be public");
  const std::size_t port = host.rfind(':');
  if (!plain && port != std::string::npos && host.find(']', port) == std::string::npos && host.substr(port) != ":443") {
    base.warnings.push_back("the base has a port of its own: HighLevel documents no other than 443");
  }
  base.url = std::move(text);
  return base;
}

struct Scope {
  std::string_view name;    // empty: none is known
  bool documented = false;  // false: no document names one; it is that of the API of the same things
};

Scope ScopeOf(const EventType& event) {
  if (event.scope.starts_with('~')) return {event.scope.substr(1), false};
  return {event.scope, !event.scope.empty()};
}

void PrintUrls(const Base& base, RowWriter& writer) {
  writer.Columns({"event", "url", "scope", "scope_is", "table"});
  for (const Entity* entity : Entities()) {
    for (const EventType& event : entity->events) {
      const Scope scope = ScopeOf(event);
      writer.Row({std::string(event.name), base.url + "/webhooks/" + std::string(event.name),
                  scope.name.empty() ? QueryValue() : QueryValue(std::string(scope.name)),
                  std::string(scope.name.empty() ? "not known"
                              : scope.documented ? "documented"
                                                 : "by analogy"),
                  std::string(entity->table)});
    }
  }
  writer.End();
}

void PrintScopes(RowWriter& writer) {
  std::map<std::string_view, std::string> events;
  for (const Entity* entity : Entities()) {
    for (const EventType& event : entity->events) {
      const Scope scope = ScopeOf(event);
      if (scope.name.empty()) continue;
      std::string& list = events[scope.name];
      list.append(list.empty() ? "" : " ").append(event.name);
    }
  }
  writer.Columns({"scope", "events"});
  for (const auto& [scope, list] : events) writer.Row({std::string(scope), list});
  writer.End();
}

}  // namespace

int RunUrls(const Arguments& arguments, Terminal& terminal) {
  CommandLine line(
      "urls",
      "Prints every event that HighLevel sends, the URL to paste beside it in the app (Advanced Settings, "
      "Webhooks) and the scope that the app needs for it. Every event gets a URL of its own, since several "
      "carry no type. A scope is documented by HighLevel, or by analogy that of the API of the same "
      "things, or not known. It reads no database.",
      "0 done, 1 failed, 2 wrong use.");
  std::string base_text;
  line.AddText("--base", base_text, "URL", "Where the server is reached from outside, like https://crm.example.com");
  bool scopes = false;
  line.AddFlag("--scopes", scopes, "Print the scopes instead, each with the events that need it");
  FormatOption format(line);
  if (const std::optional<int> over = line.Read(arguments, terminal)) return *over;
  const auto writer = MakeRowWriter(format.Choice(terminal), terminal.out, kWidest);
  if (scopes) {
    PrintScopes(*writer);
    return Finish(terminal);
  }
  if (base_text.empty()) {
    return Complain(terminal, kWrongUse, "--base URL is missing, like --base https://crm.example.com");
  }
  const Result<Base> base = ParseBase(base_text);
  if (!base) return Complain(terminal, kWrongUse, base.error().message);
  for (const std::string& warning : base->warnings) terminal.err << "crmsink: warning: " << warning << '\n';
  PrintUrls(*base, *writer);
  return Finish(terminal);
}

}  // namespace crmsink
