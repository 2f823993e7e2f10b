#include "storage/sqlite/checkpointer.h"

#include <sqlite3.h>

#include <chrono>
#include <cstdint>

namespace crmsink::sqlite {
namespace {

// Under load each round of the thread leaves a tenth of the one before.
constexpr int kMostRounds = 5;

// Until the next try where another program's checkpoint is under way.
constexpr auto kForgetAgain = std::chrono::milliseconds(1);

// Of the WAL index, see https://sqlite.org/walformat.html: how many frames have been copied, and the lock for it.
constexpr int kIndexPage = 32'768, kCopiedOffset = 96, kCheckpointLock = 1;

sqlite3_file* FileOf(sqlite3* db) {
  sqlite3_file* file = nullptr;
  sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
  return file;
}

// SQLite syncs the database only where nothing was left to copy, but counts the frames as copied at once. After a sync
// that failed that is not true, and those who open the file next have to copy them again. False: another checkpoint is
// under way, and would set the count again.
bool ForgetWhatWasCopied(sqlite3* db) {
  sqlite3_file* const file = FileOf(db);
  const sqlite3_io_methods& methods = *file->pMethods;
  if (methods.xShmLock(file, kCheckpointLock, 1, SQLITE_SHM_LOCK | SQLITE_SHM_EXCLUSIVE) != SQLITE_OK) return false;
  volatile void* index = nullptr;
  if (methods.xShmMap(file, 0, kIndexPage, 0, &index) == SQLITE_OK && index != nullptr) {
    auto* const copied = reinterpret_cast<volatile std::uint32_t*>(static_cast<volatile char*>(index) + kCopiedOffset);
    __atomic_store_n(copied, 0U, __ATOMIC_SEQ_CST);
  }
  methods.xShmLock(file, kCheckpointLock, 1, SQLITE_SHM_UNLOCK | SQLITE_SHM_EXCLUSIVE);
  return true;
}

int Sync(sqlite3* db) {
  sqlite3_file* const file = FileOf(db);
  return file->pMethods->xSync(file, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY);
}

enum class Outcome {
  kDone,   // as far as readers allow
  kLater,  // somebody else is at it, or the writer was just telling of a commit
  kFailed,
};

struct Progress {
  int frames = 0, copied = 0;  // of the WAL
};

Outcome Copy(sqlite3* db, bool and_sync, Progress& progress) {
  int result = sqlite3_wal_checkpoint_v2(db, nullptr, SQLITE_CHECKPOINT_PASSIVE, &progress.frames, &progress.copied);
  if (result == SQLITE_BUSY || result == SQLITE_INTERRUPT) return Outcome::kLater;
  if (result == SQLITE_OK && and_sync) result = Sync(db);
  return result == SQLITE_OK ? Outcome::kDone : Outcome::kFailed;
}

}  // namespace

Checkpointer::Checkpointer(Connection& writer, const std::string& vfs, const Limits& limits)
    : limits_(limits),
      writer_(writer),
      copier_(writer.db().getFilename(), {.flags = SQLite::OPEN_READWRITE, .vfs = vfs}) {
  copier_.db().exec("PRAGMA synchronous = FULL");
  copier_.db().exec("SELECT count(*) FROM sqlite_master");  // finds the WAL
  thread_ = std::thread([this] { Work(); });
  const auto on_commit = [](void* self, sqlite3*, const char*, int frames) {
    static_cast<Checkpointer*>(self)->OnCommit(frames);
    return SQLITE_OK;
  };
  sqlite3_wal_hook(writer.db().getHandle(), on_commit, this);
}

Checkpointer::~Checkpointer() {
  sqlite3_wal_hook(writer_.db().getHandle(), nullptr, nullptr);
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  sqlite3_interrupt(copier_.db().getHandle());
  thread_.join();
  if (has_failed()) writer_.LeaveWal();
}

// On the writer's thread, when the commit is safe.
void Checkpointer::OnCommit(int frames) {
  frames_ = frames;
  if (turn_ == Turn::kWriter) return Finish();
  if (frames < limits_.begin) next_ = limits_.begin;  // it has begun anew
  if (turn_ == Turn::kNobody && frames >= next_) WakeThread(Turn::kThread);
}

void Checkpointer::WakeThread(Turn turn) {
  {
    const std::lock_guard lock(mutex_);
    turn_ = turn;
  }
  changed_.notify_one();
}

void Checkpointer::Finish() {
  Progress progress;
  const Outcome outcome = Copy(writer_.db().getHandle(), false, progress);
  if (outcome == Outcome::kFailed) return WakeThread(TurnAfterFailure(writer_));
  // What a reader still needs is tried again when there is more.
  const bool is_whole = outcome == Outcome::kDone && progress.copied == progress.frames;
  next_ = is_whole ? limits_.begin : frames_ + limits_.hand_over;
  turn_ = Turn::kNobody;
}

void Checkpointer::Work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return stopping_ || turn_ == Turn::kThread || turn_ == Turn::kForgetting; });
    if (stopping_) return;
    if (turn_ == Turn::kForgetting) {
      turn_ = TurnAfterFailure(copier_);
      if (turn_ == Turn::kForgetting) changed_.wait_for(lock, kForgetAgain);
      continue;
    }
    lock.unlock();
    turn_ = CopyMost();
    lock.lock();
  }
}

Checkpointer::Turn Checkpointer::TurnAfterFailure(Connection& connection) {
  return ForgetWhatWasCopied(connection.db().getHandle()) ? Turn::kFailed : Turn::kForgetting;
}

// Whose turn it is next.
Checkpointer::Turn Checkpointer::CopyMost() {
  Progress progress;
  for (int round = 0; round < kMostRounds && !stopping_; ++round) {
    const Outcome outcome = Copy(copier_.db().getHandle(), true, progress);
    if (outcome == Outcome::kFailed) return TurnAfterFailure(copier_);
    if (outcome == Outcome::kLater) return Turn::kNobody;  // the next commit asks again
    if (frames_ - progress.copied <= limits_.hand_over) break;
  }
  return Turn::kWriter;
}

}  // namespace crmsink::sqlite
