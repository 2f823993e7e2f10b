// step_receiver STEP N ...: `crmsink serve`, as far as its arguments here go, that ends with SIGKILL when it comes to a
// step ("spool-committed", "database-committed", "spool-deleting") for the n-th time.
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <iostream>
#include <map>
#include <string>

#include "http/server.h"
#include "sink.h"

namespace {

using crmsink::Sink;

Sink::Step StepOf(const std::string& name) {
  static const std::map<std::string, Sink::Step> kSteps = {{"spool-committed", Sink::Step::kSpoolCommitted},
                                                           {"database-committed", Sink::Step::kDatabaseCommitted},
                                                           {"spool-deleting", Sink::Step::kSpoolDeleting}};
  return kSteps.at(name);
}

}  // namespace

// The arguments are those of the receiver of the tests: pairs behind the name of a command, STEP and N among them.
int main(int count, char** arguments) {
  std::map<std::string, std::string> given;
  for (int i = 2; i + 1 < count; i += 2) given[arguments[i]] = arguments[i + 1];
  std::atomic<int> left = std::atoi(given.at("--n").c_str());
  Sink::Options options{.database = given.at("--database"),
                        .signature_required = false,
                        .writer = given.at("--writer"),
                        .spool_enabled = true,
                        .spool_file = given.at("--spool-file")};
  options.on_step = [&left, awaited = StepOf(given.at("--step"))](Sink::Step step) {
    if (step == awaited && --left == 0) ::kill(::getpid(), SIGKILL);
  };
  const auto sink = Sink::Open(std::move(options));
  if (!sink) {
    std::cerr << sink.error().message << std::endl;
    return 1;
  }
  crmsink::http::Server::Options listening;
  listening.listen = given.at("--listen");
  listening.admin_listen = given.at("--admin-listen");
  const auto server = crmsink::http::Server::Start(listening, **sink);
  if (!server) return 1;
  std::cout << "listening " << (*server)->url() << " admin " << (*server)->admin_url() << std::endl;
  ::pause();
  return 0;
}
