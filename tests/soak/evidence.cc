#include "evidence.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <functional>
#include <stdexcept>

#include "replay/verify.h"
#include "support/postgres_client.h"

namespace crmsink::soak {
namespace {

constexpr std::size_t kMostFaults = 100;

// The rows of a statement, two texts each: of the one backend or the other.
using Rows = std::function<void(const std::string& sql, const std::function<void(std::string, std::string)>& row)>;

class Audit {
 public:
  // `quarantined`: what selects the text of a quarantined body.
  Audit(const Account& account, std::string quarantined, Rows rows)
      : account_(account), quarantined_(std::move(quarantined)), rows_(std::move(rows)) {}

  std::vector<std::string> Run() {
    Log();
    Tables();
    Quarantine();
    return std::move(broken_);
  }

 private:
  void Say(std::string what) {
    if (broken_.size() < kMostFaults) broken_.push_back(std::move(what));
  }

  void Log() {
    std::unordered_set<std::string> seen;
    std::size_t kept = 0;
    rows_("SELECT event_id, payload FROM events", [&](std::string id, const std::string& payload) {
      const auto promise = account_.events().find(id);
      if (promise != account_.events().end()) {
        ++kept;
        if (promise->second.digest != DigestOf(payload)) Say("event " + id + " has other bytes in the log");
      } else if (account_.forged().contains(id)) {
        Say("event " + id + " of an unknown sender is in the log");
      }
      if (!seen.insert(std::move(id)).second) Say("an event is in the log more than once");
    });
    if (kept == account_.events().size()) return;
    for (const auto& [id, promise] : account_.events()) {
      if (!seen.contains(id)) Say("event " + id + " is lost");
    }
  }

  void Tables() {
    std::map<std::string, std::unordered_set<std::string>> tables;
    for (const auto& [id, promise] : account_.events()) tables[promise.table].insert(promise.entity_id);
    for (auto& [table, ids] : tables) {
      rows_("SELECT id, '' FROM " + table, [&ids](const std::string& id, const std::string&) { ids.erase(id); });
      for (const std::string& id : ids) Say(id + " is not in " + table);
    }
  }

  void Quarantine() {
    std::map<Digest, int> there;
    rows_("SELECT " + quarantined_ + ", reason FROM quarantine",
          [&](const std::string& payload, const std::string& reason) {
            ++there[DigestOf(payload)];
            if (reason.empty()) Say("quarantined without a reason: " + payload);
          });
    for (const auto& [digest, body] : account_.quarantined()) {
      if (there[digest] != 1) Say("not once in the quarantine: " + body);
    }
  }

  const Account& account_;
  const std::string quarantined_;
  const Rows rows_;
  std::vector<std::string> broken_;
};

void AskTheProduct(const std::string& url, const Verifier& verifier, std::vector<std::string>& broken) {
  VerifyOptions options;
  options.verifier = &verifier;
  options.on_difference = [&broken](const Difference& difference) {
    if (broken.size() < kMostFaults) {
      broken.push_back(difference.table + " " + difference.id + " " + difference.what + ": " + difference.in_database +
                       ", by the log " + difference.from_log);
    }
  };
  const auto report = Verify(url, options);
  if (!report) {
    broken.push_back("verify: " + report.error().message);
  } else if (report->signatures_good != report->events) {
    broken.push_back("signatures that are not good: " + std::to_string(report->events - report->signatures_good));
  }
}

}  // namespace

std::vector<std::string> BrokenInSqlite(const std::string& file, const Account& account, const Verifier& verifier) {
  std::vector<std::string> broken;
  try {
    SQLite::Database db(file, SQLite::OPEN_READWRITE);  // a read-only one cannot recover a WAL
    broken = Audit(account, "payload", [&db](const std::string& sql, const auto& row) {
               SQLite::Statement select(db, sql);
               while (select.executeStep()) row(select.getColumn(0).getString(), select.getColumn(1).getString());
             }).Run();
    const std::string whole = db.execAndGet("PRAGMA integrity_check").getString();
    if (whole != "ok") broken.push_back("the file is damaged: " + whole);
  } catch (const SQLite::Exception& e) {
    broken.push_back(std::string("the file cannot be read: ") + e.what());
  }
  AskTheProduct("sqlite:" + file, verifier, broken);
  return broken;
}

std::vector<std::string> BrokenInPostgres(const std::string& url, const Account& account, const Verifier& verifier) {
  std::vector<std::string> broken;
  try {
    PostgresClient client(url);
    broken = Audit(account, "convert_from(payload, 'UTF8')", [&client](const std::string& sql, const auto& row) {
               client.Execute("BEGIN; DECLARE rows NO SCROLL CURSOR FOR " + sql);
               while (true) {
                 auto some = client.Rows("FETCH 5000 FROM rows");
                 if (some.empty()) break;
                 for (auto& one : some) row(std::move(one[0]), one[1]);
               }
               client.Execute("COMMIT");
             }).Run();
  } catch (const std::runtime_error& e) {
    broken.push_back(std::string("the database cannot be read: ") + e.what());
  }
  AskTheProduct(url, verifier, broken);
  return broken;
}

}  // namespace crmsink::soak
