#include "fault/short_run.h"

#include <sqlite3.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "support/temp_folder.h"

namespace crmsink::fault {

ShortRun::ShortRun(LossyVfs& vfs, std::string file, const Options& options)
    : vfs_(vfs), file_(std::move(file)), options_(options) {
  MakeGroups(options.seed);
}

void ShortRun::MakeGroups(std::uint64_t seed) {
  constexpr std::size_t kSizes[] = {1, 5, 2, 1, 6, 3, 7, 1, 4, 2, 5, 3};
  Load load(seed, "run", 6);
  std::vector<MadeEvent> made;
  for (const std::size_t size : kSizes) {
    auto& group = groups_.emplace_back();
    for (std::size_t i = 0; i < size; ++i) {
      MadeEvent event = load.Next();
      if (made.size() % 8 == 7) event = made[made.size() / 2];  // it comes again
      if (made.size() % 11 == 10) event = {"/webhooks", "not JSON " + std::to_string(made.size()), "", "", ""};
      made.push_back(event);
      group.push_back({std::move(event), options_.tries});
    }
  }
}

bool ShortRun::Go() {
  Sink::Options options;
  options.database = "sqlite:" + file_;
  options.signature_required = false;
  options.synchronous = options_.synchronous;
  options.vfs = vfs_.name();
  options.checkpoint_frames = options_.checkpoint_frames;
  options.on_failure = [this](const Error&) { ++failures_; };
  auto sink = Sink::Open(options);
  if (!sink) {
    error_ = sink.error().message;
    return false;
  }
  sink_ = *std::move(sink);
  HandIn(0);
  end_.get_future().wait();
  sink_->Close();
  sink_.reset();
  return true;
}

void ShortRun::HandIn(std::size_t group) {
  if (group == groups_.size()) return end_.set_value();
  const std::vector<Item> items = std::move(groups_[group]);  // its outcomes may put a new group in its place
  open_ = items.size();
  for (const Item& item : items) {
    sink_->Submit({item.event.path, item.event.body, {}, {}},
                  [this, group, item](const Ack& ack) { Note(group, item, ack); });
  }
}

void ShortRun::Note(std::size_t group, const Item& item, const Ack& ack) {
  if (vfs_.is_cut()) {
    ++refused_;  // without power nobody is told anything
  } else if (ack.status == AckStatus::kStored || ack.status == AckStatus::kDuplicate) {
    promised_.events[ack.event_id] = item.event;
  } else if (ack.status == AckStatus::kQuarantined) {
    ++promised_.quarantined[item.event.body];
  } else if (item.tries_left > 1) {
    again_.push_back({item.event, item.tries_left - 1});
  } else {
    ++refused_;
  }
  if (--open_ > 0) return;
  if (!again_.empty()) {
    groups_[group] = std::exchange(again_, {});
    return HandIn(group);
  }
  if (options_.checkpoints) Checkpoint(group);
  HandIn(group + 1);
}

OpeningCalls CountOpeningCalls() {
  TempFolder folder;
  LossyVfs vfs("opening");
  Sink::Options options;
  options.database = "sqlite:" + folder.File("crmsink.db");
  options.vfs = vfs.name();
  const auto sink = Sink::Open(options);
  if (!sink) throw std::runtime_error(sink.error().message);
  return {vfs.writes(), vfs.syncs(), vfs.truncations(), vfs.opens()};
}

std::size_t NextCall(std::size_t n, std::size_t opening, std::size_t step) {
  return n < opening ? std::min(opening, n + 1 + opening / 12) : n + step;
}

// From a connection of its own, as an operator's tool would. It may fail like anything else.
void ShortRun::Checkpoint(std::size_t group) {
  const int modes[] = {SQLITE_CHECKPOINT_PASSIVE, SQLITE_CHECKPOINT_RESTART, SQLITE_CHECKPOINT_TRUNCATE};
  if (group % 3 != 2) return;
  sqlite3* db = nullptr;
  if (sqlite3_open_v2(file_.c_str(), &db, SQLITE_OPEN_READWRITE, vfs_.name().c_str()) == SQLITE_OK) {
    sqlite3_exec(db, "SELECT count(*) FROM sqlite_schema", nullptr, nullptr, nullptr);  // opens the WAL
    sqlite3_wal_checkpoint_v2(db, nullptr, modes[group / 3 % 3], nullptr, nullptr);
  }
  sqlite3_close(db);
}

}  // namespace crmsink::fault
