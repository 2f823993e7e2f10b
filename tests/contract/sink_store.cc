#include "sink_store.h"

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

std::string DumpOf(const std::string& url, bool with_log = false) {
  std::string out;
  Must(crmsink::Dump(url, with_log, [&](std::string_view line) { out.append(line) += '\n'; }));
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

std::string DifferencesIn(const std::string& url) {
  std::string lines;
  const auto note = [&lines](const Difference& difference) {
    lines += difference.table + " " + difference.id + " " + difference.what + ": " + difference.in_database +
             " != " + difference.from_log + "\n";
  };
  Must(crmsink::Verify(url, {.verifier = nullptr, .on_difference = note, .on_progress = {}}));
  return lines;
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

SinkStore::SinkStore(Backend backend) : database_(TestDatabase::Make(backend)) { Open(); }

SinkStore::~SinkStore() = default;

void SinkStore::Open() {
  Sink::Options options;
  options.database = database_->url();
  options.signature_required = false;
  options.clock = [this] { return now_.load(); };
  options.synchronous = "OFF";  // nobody pulls the plug here
  sink_ = Must(Sink::Open(std::move(options)));
}

void SinkStore::Restart() {
  sink_.reset();
  database_->Empty();
  Open();
}

std::vector<Ack> SinkStore::Accept(const std::vector<Post>& posts) {
  std::vector<Ack> acks;
  for (const Post& post : posts) {
    now_ = post.received_at;
    acks.push_back(sink_->Accept({.path = post.path, .body = post.body, .ghl_signatures = {}, .wh_signatures = {}}));
  }
  return acks;
}

void SinkStore::SubmitAtOnce(const std::vector<Post>& posts) {
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

std::string SinkStore::Dump() { return DumpOf(database_->url()); }

std::string SinkStore::DumpWithLog() { return DumpOf(database_->url(), true); }

std::string SinkStore::DumpLog() {
  static constexpr std::string_view kTexts[] = {"agency_id", "app_id",      "app_version_id", "entity", "entity_id",
                                                "event_id",  "location_id", "trace_id",       "type"};
  std::string columns;
  for (const std::string_view column : kTexts) columns += std::string(column) + ",";
  std::vector<std::tuple<std::string, std::string, std::string, std::string>> lines;
  const std::string sql = "SELECT " + columns + "occurred_at,sent_at,payload FROM events";
  Query(database_->url(), sql, [&](const std::vector<QueryValue>& values) {
    naive::Json row = naive::Json::Object({});
    std::size_t i = 0;
    for (const std::string_view column : kTexts) row.object[std::string(column)] = Text(values.at(i++));
    row.object["occurred_at"] = Time(values.at(i++));
    row.object["sent_at"] = Time(values.at(i++));
    row.object["payload_sha256"] = naive::Json::String(naive::HexSha256(std::get<std::string>(values.at(i))));
    lines.emplace_back(row.Find("event_id")->text, row.Find("entity")->text, row.Find("entity_id")->text,
                       naive::Canonical(row) + "\n");
  });
  std::sort(lines.begin(), lines.end());
  std::string out;
  for (const auto& line : lines) out += std::get<3>(line);
  return out;
}

std::size_t SinkStore::QuarantineCount() {
  std::size_t count = 0;
  Query(database_->url(), "SELECT count(*) FROM quarantine", [&](const std::vector<QueryValue>& row) {
    count = static_cast<std::size_t>(std::get<std::int64_t>(row.at(0)));
  });
  return count;
}

void SinkStore::Replay() { Must(crmsink::Replay(database_->url(), {})); }

std::string SinkStore::DumpOfReplayInto(Backend backend) {
  std::unique_ptr<TestDatabase>& other = others_[backend];
  if (other == nullptr) {
    other = TestDatabase::Make(backend);
  } else {
    other->Empty();
  }
  Must(crmsink::ReplayInto(database_->url(), other->url(), {}));
  return DumpOf(other->url()) + DifferencesIn(other->url());
}

std::string SinkStore::Differences() { return DifferencesIn(database_->url()); }

}  // namespace crmsink::contract
