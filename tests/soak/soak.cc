#include "soak.h"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <thread>

namespace crmsink::soak {

void Figures::Add(const Figures& chapter) {
  acknowledged += chapter.acknowledged;
  wrong += chapter.wrong;
  for (const auto& [fault, count] : chapter.faults) faults[fault] += count;
  slowest_restart = std::max(slowest_restart, chapter.slowest_restart);
  slowest_answer = std::max(slowest_answer, chapter.slowest_answer);
  peak_memory = std::max(peak_memory, chapter.peak_memory);
}

std::string Figures::Shown() const {
  std::string text = std::to_string(acknowledged) + " events acknowledged, " + std::to_string(wrong) + " wrong;";
  for (const auto& [fault, count] : faults) text += ' ' + fault + ' ' + std::to_string(count) + ',';
  return text + " slowest restart " + std::to_string(slowest_restart.count()) + " ms, slowest answer " +
         std::to_string(slowest_answer.count()) + " ms, peak memory " + std::to_string(peak_memory / 1024) + " MiB";
}

Soak::Soak(const Options& options)
    : seed_(options.seed),
      program_(options.program),
      random_(options.seed),
      sender_({.seed = options.seed, .connections = options.connections}) {}

bool Soak::Run(milliseconds duration) {
  constexpr milliseconds kChapter{300'000};
  const auto end = steady_clock::now() + duration;
  Figures all;
  for (std::uint64_t number = 0; steady_clock::now() < end; ++number) {
    figures_ = {};
    Account account;
    account_ = &account;
    sender_.Start(number, account);
    try {
      Chapter(number, std::min(end, steady_clock::now() + kChapter));
    } catch (...) {
      sender_.Stop();  // it fills the account
      throw;
    }
    figures_.acknowledged = account.acknowledged();
    figures_.slowest_answer = account.slowest();
    std::cout << "chapter " << number << ": " << figures_.Shown() << "\n  answers: " << account.Shown() << std::endl;
    all.Add(figures_);
  }
  std::cout << "seed " << seed_ << ": " << all.Shown() << "\n"
            << (all.wrong == 0 ? "every promise was kept" : "PROMISES WERE BROKEN") << std::endl;
  return all.wrong == 0;
}

void Soak::StartServer(Server& server) {
  const auto start = steady_clock::now();
  server.Start();
  if (!AwaitAcceptance(server.url())) Complain("no 2xx within ten seconds of a start");
  const auto took = std::chrono::duration_cast<milliseconds>(steady_clock::now() - start);
  figures_.slowest_restart = std::max(figures_.slowest_restart, took);
  sender_.MoveTo(server.url());
}

void Soak::EndServer(Server& server) {
  sender_.MoveTo("");
  if (!OneIn(12)) {
    Note("kill -9");
    return server.Kill();
  }
  Note("SIGTERM");
  if (const int code = server.Stop(); code != 0) Complain("SIGTERM ended it with " + std::to_string(code));
}

bool Soak::AwaitAcceptance(const std::string& url) {
  fault::Load load(seed_, "first-" + std::to_string(firsts_++), 20);
  const auto deadline = steady_clock::now() + std::chrono::seconds(10);
  while (sender_.SendOne(url, load.Next(), *account_) != 200) {
    if (steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(milliseconds(20));
  }
  return true;
}

void Soak::Sleep(int least_millis, int most_millis) {
  std::this_thread::sleep_for(milliseconds(std::uniform_int_distribution<int>(least_millis, most_millis)(random_)));
}

void Soak::Complain(const std::string& what) {
  ++figures_.wrong;
  std::cout << "WRONG: " << what << std::endl;
}

std::vector<std::string> Soak::Arguments(const std::string& database, const TempFolder& folder) const {
  const std::string key = folder.File("key.pem");
  std::ofstream(key) << sender_.Pem();
  return {"--database", database, "--signature-mode", "required", "--signature-key", key};
}

void Soak::Conclude(const Server& server, const Account& account, const std::vector<std::string>& broken) {
  figures_.peak_memory = server.peak_memory();
  for (const std::string& what : broken) Complain(what);
  for (const std::string& answer : account.bad()) Complain("an answer that nothing allows: " + answer);
  const std::string log = server.log();
  if (log.find("@example.com") != std::string::npos) Complain("somebody's address is in the log");
  if (log.find("Sanitizer") != std::string::npos) Complain("a sanitizer found something:\n" + log);
}

}  // namespace crmsink::soak
