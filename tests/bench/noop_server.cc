// noop_server: the program's own edge with a route that answers at once, POST /noop, as the measure of what receiving
// costs by itself. Prints `listening URL`; ends on SIGTERM.
#include <csignal>
#include <cstdio>

#include "http/server.h"
#include "support/temp_folder.h"

int main() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  const crmsink::TempFolder folder;
  const auto sink = crmsink::Sink::Open({.database = "sqlite:" + folder.File("noop.db"), .signature_required = false});
  if (!sink) return 1;
  crmsink::http::Server::Options options;
  options.listen = "127.0.0.1:0";
  options.admin_listen = "";
  options.noop = true;
  const auto server = crmsink::http::Server::Start(options, **sink);
  if (!server) return 1;
  std::printf("listening %s\n", (*server)->url().c_str());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  (*server)->Stop();
}
