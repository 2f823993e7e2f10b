#include "sqlite_store.h"

#include <algorithm>
#include <cstddef>
#include <latch>
#include <stdexcept>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>

#include "naive_digest.h"
#include "naive_json.h"
#include "replay/dump.h"
#include "replay/replay.h"
#include "replay/replay_into.h"
#include "replay/verify.h"
#include "storage/query.h"

namespace crmsink::contract {
namespace {

template <class T>
T Must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

std::string DumpOf(const std::string& url) {
  std::string out;
  Must(crmsink::Dump(url, false, [&](std::string_view line) { out.append(line) += '\n'; }));
  return out;
}

void Query(const std::string& url, std::string_view sql,
           const std::function<void(const std::vector<QueryValue>&)>& on_row) {
  QueryConnection connection = Must(QueryConnection::Open(url));
  Must(connection.Run(sql, {}, {.on_columns = {}, .on_row = [&](const std::vector<QueryValue>& row) {
                                  on_row(row);
                                  return true;
                                }}));
}

naive::Json Text(const QueryValue& value) {
  if (std::holds_alternative<std::monostate>(value)) return {};
  return naive::Json::String(std::get<std::string>(value));
}

// YYYY-MM-DD HH:MM:SS.sss as RFC 3339.
naive::Json Time(const QueryValue& value) {
  naive::Json time = Text(value);
  if (time.IsString()) time.text = time.text.substr(0, 10) + "T" + time.text.substr(11) + "Z";
  return time;
}

}  // namespace

SqliteStore::SqliteStore() : url_("sqlite:" + folder_.File("crmsink.db")) {
  Sink::Options options;
  options.database = url_;
  options.signature_required = false;
  options.clock = [this] { return now_.load(); };
  options.synchronous = "OFF";  // nobody pulls the plug here
  sink_ = Must(Sink::Open(std::move(options)));
}

SqliteStore::~SqliteStore() = default;

std::vector<Ack> SqliteStore::Accept(const std::vector<Post>& posts) {
  std::vector<Ack> acks;
  for (const Post& post : posts) {
    now_ = post.received_at;
    acks.push_back(sink_->Accept({.path = post.path, .body = post.body, .ghl_signatures = {}, .wh_signatures = {}}));
  }
  return acks;
}

void SqliteStore::SubmitAtOnce(const std::vector<Post>& posts) {
  std::latch waiting(static_cast<std::ptrdiff_t>(posts.size()));
  std::atomic<bool> busy = false;
  for (const Post& post : posts) {
    now_ = post.received_at;
    sink_->Submit({.path = post.path, .body = post.body, .ghl_signatures = {}, .wh_signatures = {}},
                  [&](const Ack& ack) {
                    if (ack.status == AckStatus::kBusy) busy = true;
                    waiting.count_down();
                  });
  }
  waiting.wait();
  if (busy) throw std::runtime_error("the queue is too short for this test");
}

std::string SqliteStore::Dump() { return DumpOf(url_); }

std::string SqliteStore::DumpLog() {
  static constexpr std::string_view kTexts[] = {"agency_id", "app_id",      "app_version_id", "entity", "entity_id",
                                                "event_id",  "location_id", "trace_id",       "type"};
  std::string columns;
  for (const std::string_view column : kTexts) columns += std::string(column) + ",";
  std::vector<std::tuple<std::string, std::string, std::string, std::string>> lines;
  const std::string sql = "SELECT " + columns + "occurred_at,sent_at,CAST(payload AS BLOB) FROM events";
  Query(url_, sql, [&](const std::vector<QueryValue>& values) {
    naive::Json row = naive::Json::Object({});
    std::size_t i = 0;
    for (const std::string_view column : kTexts) row.object[std::string(column)] = Text(values.at(i++));
    row.object["occurred_at"] = Time(values.at(i++));
    row.object["sent_at"] = Time(values.at(i++));
    row.object["payload_sha256"] = naive::Json::String(naive::HexSha256(std::get<Blob>(values.at(i)).bytes));
    lines.emplace_back(row.Find("event_id")->text, row.Find("entity")->text, row.Find("entity_id")->text,
                       naive::Canonical(row) + "\n");
  });
  std::sort(lines.begin(), lines.end());
  std::string out;
  for (const auto& line : lines) out += std::get<3>(line);
  return out;
}

std::size_t SqliteStore::QuarantineCount() {
  std::size_t count = 0;
  Query(url_, "SELECT count(*) FROM quarantine", [&](const std::vector<QueryValue>& row) {
    count = static_cast<std::size_t>(std::get<std::int64_t>(row.at(0)));
  });
  return count;
}

void SqliteStore::Replay() { Must(crmsink::Replay(url_, {})); }

std::string SqliteStore::DumpOfReplayInto() {
  const std::string other = "sqlite:" + folder_.File("replayed.db");
  Must(crmsink::ReplayInto(url_, other, {}));
  return DumpOf(other);
}

std::string SqliteStore::Differences() {
  std::string lines;
  Must(crmsink::Verify(url_, {.verifier = nullptr,
                              .on_difference =
                                  [&](const Difference& difference) {
                                    lines += difference.table + " " + difference.id + " " + difference.what + ": " +
                                             difference.in_database + " != " + difference.from_log + "\n";
                                  },
                              .on_progress = {}}));
  return lines;
}

std::unique_ptr<StoreUnderTest> MakeSqliteStore() { return std::make_unique<SqliteStore>(); }

}  // namespace crmsink::contract
