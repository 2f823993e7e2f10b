#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "account.h"
#include "sender.h"
#include "server.h"
#include "support/temp_folder.h"

namespace crmsink::soak {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// What came out, of one chapter (a database from its beginning to its check) or of all.
struct Figures {
  std::size_t acknowledged = 0, wrong = 0;
  std::map<std::string, std::size_t> faults;  // "kill -9" to how often
  milliseconds slowest_restart{0}, slowest_answer{0};
  std::int64_t peak_memory = 0;  // KiB

  void Add(const Figures& chapter);
  std::string Shown() const;
};

// Load and faults together, then the check of everything that was promised. One round is a start, a fault, and an end
// of the server. Throws where something cannot even be tried.
// Thread-safety: none.
class Soak {
 public:
  struct Options {
    std::uint64_t seed = 1;
    std::size_t connections = 16;
    std::string program;  // crmsink
  };

  explicit Soak(const Options& options);
  virtual ~Soak() = default;
  Soak(const Soak&) = delete;
  Soak& operator=(const Soak&) = delete;

  // In chapters, until the time is over. False: a promise was broken; it is said on standard output.
  bool Run(milliseconds duration);

 protected:
  // One database, from its beginning to its check; about so long.
  virtual void Chapter(std::uint64_t number, steady_clock::time_point end) = 0;

  // Starts the server, and waits for its first 2xx.
  void StartServer(Server& server);
  // The end of a round: kill -9, or now and then SIGTERM, which must end it with 0.
  void EndServer(Server& server);
  // Whether the server answers an event with 2xx within ten seconds.
  bool AwaitAcceptance(const std::string& url);
  void Sleep(int least_millis, int most_millis);
  bool OneIn(std::uint64_t n) { return random_() % n == 0; }
  void Note(const std::string& fault) { ++figures_.faults[fault]; }
  // Something that must never be; it counts as a broken promise.
  void Complain(const std::string& what);
  // Writes to the server's arguments what every chapter has.
  std::vector<std::string> Arguments(const std::string& database, const TempFolder& folder) const;
  // What the account and the logs tell once the server has ended, beside what is `broken` in its database.
  void Conclude(const Server& server, const Account& account, const std::vector<std::string>& broken);

  const std::uint64_t seed_;
  const std::string program_;
  std::mt19937_64 random_;
  Sender sender_;
  Account* account_ = nullptr;  // of the chapter

 private:
  Figures figures_;  // of the chapter
  std::uint64_t firsts_ = 0;
};

}  // namespace crmsink::soak
