#include "fault/evidence.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <set>
#include <unordered_map>

#include "replay/verify.h"

namespace crmsink::fault {
namespace {

struct Logged {
  int rows = 0;
  std::string payload;
};

std::unordered_map<std::string, Logged> ReadLog(SQLite::Database& db) {
  std::unordered_map<std::string, Logged> log;
  SQLite::Statement select(db, "SELECT event_id, CAST(payload AS BLOB) FROM events");
  while (select.executeStep()) {
    Logged& logged = log[select.getColumn(0).getString()];
    ++logged.rows;
    logged.payload = select.getColumn(1).getString();
  }
  return log;
}

std::set<std::string> ReadIds(SQLite::Database& db, const std::string& table) {
  std::set<std::string> ids;
  SQLite::Statement select(db, "SELECT id FROM " + table);
  while (select.executeStep()) ids.insert(select.getColumn(0).getString());
  return ids;
}

void LookForEvents(SQLite::Database& db, const Promised& promised, std::vector<std::string>& broken) {
  const auto log = ReadLog(db);
  std::map<std::string, std::set<std::string>> tables;
  for (const auto& [event_id, event] : promised.events) {
    const auto found = log.find(event_id);
    if (found == log.end()) {
      broken.push_back("event " + event_id + " is lost");
      continue;
    }
    if (found->second.rows != 1) broken.push_back("event " + event_id + " is in the log more than once");
    if (found->second.payload != event.body) broken.push_back("event " + event_id + " has other bytes in the log");
    const auto ids = tables.find(event.table);
    const auto& known = ids != tables.end() ? ids->second : tables[event.table] = ReadIds(db, event.table);
    if (!known.contains(event.entity_id)) broken.push_back(event.entity_id + " is not in " + event.table);
  }
}

void LookForQuarantined(SQLite::Database& db, const Promised& promised, std::vector<std::string>& broken) {
  for (const auto& [body, count] : promised.quarantined) {
    SQLite::Statement select(db, "SELECT count(*) FROM quarantine WHERE payload = ? AND length(reason) > 0");
    select.bind(1, body.data(), static_cast<int>(body.size()));
    select.executeStep();
    if (select.getColumn(0).getInt() != 1) broken.push_back("quarantined and not found once: " + body);
  }
}

}  // namespace

std::vector<std::string> Broken(const std::string& file, const Promised& promised, const Verifier* verifier) {
  std::vector<std::string> broken;
  try {
    SQLite::Database db(file, SQLite::OPEN_READWRITE);  // a read-only one cannot recover a WAL
    LookForEvents(db, promised, broken);
    LookForQuarantined(db, promised, broken);
    const std::string whole = db.execAndGet("PRAGMA integrity_check").getString();
    if (whole != "ok") broken.push_back("the file is damaged: " + whole);
    db.exec("PRAGMA synchronous = OFF");  // this copy is thrown away: no wait for its syncs
  } catch (const SQLite::Exception& e) {
    broken.push_back(std::string("the file cannot be read: ") + e.what());
  }
  VerifyOptions options;
  options.verifier = verifier;
  options.on_difference = [&broken](const Difference& difference) {
    broken.push_back(difference.table + " " + difference.id + " " + difference.what + ": " + difference.in_database +
                     ", by the log " + difference.from_log);
  };
  const auto report = Verify("sqlite:" + file, options);
  if (!report) {
    broken.push_back("verify: " + report.error().message);
  } else if (verifier != nullptr && report->signatures_good != report->events) {
    broken.push_back("signatures that are not good: " + std::to_string(report->events - report->signatures_good));
  }
  return broken;
}

}  // namespace crmsink::fault
