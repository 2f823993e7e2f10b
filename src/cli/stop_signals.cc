#include "cli/stop_signals.h"

#include <ctime>

#include <pthread.h>

namespace crmsink {
namespace {

std::string NameOf(int signal) { return signal == SIGTERM ? "SIGTERM" : signal == SIGINT ? "SIGINT" : "SIGHUP"; }

void LetInterruptThrough() {
  sigset_t interrupt;
  sigemptyset(&interrupt);
  sigaddset(&interrupt, SIGINT);
  pthread_sigmask(SIG_UNBLOCK, &interrupt, nullptr);
}

}  // namespace

StopSignals::StopSignals() {
  sigemptyset(&set_);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set_, signal);
  pthread_sigmask(SIG_BLOCK, &set_, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

std::string StopSignals::Wait() {
  int signal = 0;
  while (sigwait(&set_, &signal) != 0) {
  }
  if (signal != SIGHUP) LetInterruptThrough();
  return NameOf(signal);
}

std::optional<std::string> StopSignals::WaitFor(std::chrono::milliseconds time) {
  const timespec limit{.tv_sec = static_cast<std::time_t>(time.count() / 1000),
                       .tv_nsec = static_cast<long>(time.count() % 1000) * 1'000'000};
  const int signal = sigtimedwait(&set_, nullptr, &limit);
  if (signal < 0) return std::nullopt;
  if (signal != SIGHUP) LetInterruptThrough();
  return NameOf(signal);
}

}  // namespace crmsink
