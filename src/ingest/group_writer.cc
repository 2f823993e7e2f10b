#include "ingest/group_writer.h"

#include <algorithm>
#include <exception>
#include <utility>

namespace crmsink {
namespace {

// Our own mistakes, and no memory, cost a commit and not the program.
template <class Work>
auto Guard(const char* doing, Work&& work) -> decltype(work()) {
  try {
    return work();
  } catch (const std::exception& e) {
    return tl::unexpected(Error{ErrorCode::kInternal, std::string(doing) + ": " + e.what()});
  }
}

}  // namespace

GroupWriter::GroupWriter(Options options, std::unique_ptr<Store> store)
    : options_(std::move(options)), store_(std::move(store)) {}

GroupWriter::Written GroupWriter::Write(std::span<Submission* const> group, std::span<const RefusalCount> refusals) {
  Written written{.acks = std::vector<std::optional<Ack>>(group.size())};
  WritePart(group, written.acks, refusals, written);
  return written;
}

void GroupWriter::WritePart(std::span<Submission* const> part, std::span<std::optional<Ack>> acks,
                            std::span<const RefusalCount> refusals, Written& written) {
  auto outcome = Commit(part, refusals);
  if (outcome) {
    std::ranges::move(outcome->acks, acks.begin());
    written.has_refusals = !refusals.empty();
    return;
  }
  const bool is_data = outcome.error().code == ErrorCode::kData;
  if (is_data && part.size() > 1) {
    const std::size_t half = part.size() / 2;
    WritePart(part.first(half), acks.first(half), {}, written);
    if (!written.failure) WritePart(part.subspan(half), acks.subspan(half), {}, written);
  } else if (is_data && part.size() == 1 && part[0]->event) {
    part[0]->event.reset();
    part[0]->change.reset();
    part[0]->reason = "the database refused it: " + outcome.error().message;
    WritePart(part, acks, {}, written);
  } else {
    ++failures_;
    if (options_.keeps_failed && outcome.error().code == ErrorCode::kCorrupt) damage_ = outcome.error();
    CloseFailed();
    written.failure = std::move(outcome.error());
  }
}

Result<GroupOutcome> GroupWriter::Commit(std::span<Submission* const> group, std::span<const RefusalCount> refusals) {
  return Guard("committing a group", [&]() -> Result<GroupOutcome> {
    if (auto done = EnsureOpen(); !done) return tl::unexpected(done.error());
    const auto begin = std::chrono::steady_clock::now();
    auto outcome = CommitGroup(*store_, group, options_.writer, refusals);
    if (!outcome) return outcome;
    ++commits_;
    folds_ += outcome->folds;
    Observe(group, *outcome, std::chrono::steady_clock::now() - begin);
    if (options_.on_commit && !group.empty()) options_.on_commit();
    return outcome;
  });
}

void GroupWriter::Observe(std::span<Submission* const> group, const GroupOutcome& outcome,
                          std::chrono::steady_clock::duration took) const {
  if (options_.metrics == nullptr || group.empty()) return;
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
  options_.metrics->commit_micros.Observe(static_cast<std::uint64_t>(micros));
  options_.metrics->group_deliveries.Observe(group.size());
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (outcome.acks[i].status != AckStatus::kStored || !group[i]->event->location_id) continue;
    options_.metrics->last_events.Note(*group[i]->event->location_id, group[i]->delivery.received_at);
  }
}

Result<void> GroupWriter::Probe() {
  auto done = Guard("looking for the database", [&]() -> Result<void> {
    if (auto opened = EnsureOpen(); !opened) return opened;
    auto transaction = store_->Begin(Store::Mode::kWrite);
    if (!transaction) return tl::unexpected(transaction.error());
    return (*transaction)->Commit();
  });
  if (!done) CloseFailed();
  return done;
}

Result<void> GroupWriter::EnsureOpen() {
  if (damage_) return tl::unexpected(*damage_);
  if (store_ != nullptr) return {};
  auto opened = options_.open();
  if (!opened) return tl::unexpected(opened.error());
  store_ = *std::move(opened);
  failed_.reset();
  return {};
}

void GroupWriter::CloseFailed() {
  if (store_ != nullptr) failed_ = std::move(store_);
  if (!options_.keeps_failed) failed_.reset();
}

void GroupWriter::Close() {
  store_.reset();
  failed_.reset();
}

}  // namespace crmsink
