#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/histogram.h"
#include "base/result.h"
#include "event/delivery.h"

namespace crmsink {

// The whole product behind one door: authenticity, projection, group commit and the tables. HTTP and the command line
// are built on it, and another program can be.
//
// Thread-safety: all methods may be called from any thread.
class Sink {
 public:
  // Moments between two things that must be durable, for tests that end the process there.
  enum class Step {
    kSpoolCommitted,     // what was spooled is durable, and not answered
    kDatabaseCommitted,  // a group is in the database, and neither answered nor out of the spool
    kSpoolDeleting,      // what was drained is about to leave the spool
  };

  struct Options {
    // sqlite:FILE, sqlite://FILE or postgresql://USER@HOST/DATABASE.
    std::string database = "sqlite:crmsink.db";
    // False: everything is let in. Only for tests and closed networks.
    bool signature_required = true;
    // Accept RSA-SHA256 in X-WH-Signature where X-GHL-Signature is missing.
    bool legacy_rsa = false;
    // Public keys beside HighLevel's own, PEM texts (Ed25519 or RSA), any number.
    std::vector<std::string> extra_keys = {};
    // False leaves HighLevel's published keys out; for tests.
    bool builtin_keys = true;
    // What may wait for a commit: deliveries, and bytes of their bodies. Beyond either the answer is kBusy.
    std::size_t queue_deliveries = 4096;
    std::size_t queue_bytes = std::size_t{64} << 20;
    // Names this instance in event_counts, so that two never share a row.
    std::string writer = "main";
    // How many groups may be on their way to PostgreSQL at once, each from a thread and a connection of its own. SQLite
    // has one.
    std::size_t writers = 2;
    // While PostgreSQL is away, keep deliveries in this file until it is back (kSpooled); else, or where it holds
    // `spool_bytes`, the answer is kBusy. A database that is away when the sink opens is no failure then. What an
    // earlier process left in the file is drained. With SQLite there is no spool.
    bool spool_enabled = false;
    std::string spool_file = "crmsink-spool.db";
    std::uint64_t spool_bytes = std::uint64_t{1} << 30;
    // SQLite's: pages of the WAL at which it is copied into the database.
    int checkpoint_frames = 64'000;
    // Milliseconds since 1970; empty: the system's clock.
    std::function<Millis()> clock = {};
    // Called, from the writer's thread, for the first event of each type that this process stores.
    std::function<void(std::string_view type, std::string_view path)> on_first_event = {};
    // Called, from the writer's thread, when deliveries begin to be answered kBusy because neither the database nor a
    // spool keeps them (again after one did), for the operator.
    std::function<void(const Error& error)> on_failure = {};
    // Called, from any thread of the sink, when the database is found to be away and deliveries are spooled from now
    // on; when it is back, with what is still to be drained; and when the spool has become empty, with what was drained
    // since it last was. A delivery that the database does not take, though it takes others, stays and is tried again.
    std::function<void(const Error& error)> on_away = {};
    std::function<void(std::uint64_t deliveries)> on_back = {};
    std::function<void(std::uint64_t deliveries)> on_drained = {};
    std::function<void(const Error& error)> on_stuck = {};
    // Called for each migration that Open applies.
    std::function<void(std::string_view name)> on_migration = {};
    // Called by Open and ReloadKeys, or once the database is back, with the number of deliveries that were held as
    // unverified, fit a key now, and are held no more.
    std::function<void(std::uint64_t deliveries)> on_release = {};
    // SQLite's `synchronous`; anything below FULL can lose acknowledged events and is for tests only.
    std::string synchronous = "FULL";
    // Name of the SQLite VFS; empty: the default one.
    std::string vfs = "";
    // For tests; called with an event's id and type before it is projected, from the thread that submits it. It may
    // throw, as a mistake of this program would.
    std::function<void(std::string_view event_id, std::string_view type)> on_event = {};
    // For tests; called from the threads that write.
    std::function<void(Step step)> on_step = {};
  };

  // What this process has seen, for metrics and logs.
  struct Counters {
    std::uint64_t stored = 0, duplicate = 0, quarantined = 0, unsigned_ = 0, held = 0, busy = 0;
    std::uint64_t commits = 0, folds = 0, commit_failures = 0;
    std::uint64_t queue_deliveries = 0, queue_bytes = 0;  // waiting now
    std::uint64_t spooled = 0, drained = 0;
    std::uint64_t spool_deliveries = 0, spool_bytes = 0;  // in the spool now
    std::optional<Millis> spool_oldest_received_at = {};
    bool away = false;  // the database; only where there is a spool

    // Deliveries of an event of the catalogue, or "other", with that outcome.
    struct OfType {
      std::string_view type;
      AckStatus outcome = AckStatus::kBusy;
      std::uint64_t deliveries = 0;
    };
    std::vector<OfType> by_type = {};
    // Why deliveries were not authentic: no signature, nothing that could be one, of no known key, RSA where it does
    // not count.
    std::uint64_t signature_missing = 0, signature_malformed = 0, signature_unknown_key = 0, signature_legacy_off = 0;
    Histogram::Snapshot commit_micros = {}, group_deliveries = {};  // of groups that were committed
    std::uint64_t queue_limit = 0, spool_limit_bytes = 0;
  };

  // What is looked up in the database and on its disks, as far as it could be.
  struct Figures {
    struct Space {
      std::uint64_t free_bytes = 0, size_bytes = 0;
    };
    bool is_complete = false;  // nothing failed
    Millis taken_at = 0;
    // Rows that are kept aside; counted up to kMostCounted.
    std::optional<std::uint64_t> quarantine_rows = {}, unverified_rows = {};
    std::optional<std::uint64_t> schema_version = {};  // of the latest migration
    // Files on the disk; of PostgreSQL the tables of the schema, and no WAL.
    std::optional<std::uint64_t> database_bytes = {}, wal_bytes = {}, spool_file_bytes = {};
    std::optional<Space> database_disk = {}, spool_disk = {};

    static constexpr std::uint64_t kMostCounted = 100'000;
  };

  // Opens (and creates, and migrates) the database, takes what was held until its key is known into the log, and starts
  // the writers. Only one Sink may have a SQLite database open, or a spool; kUnavailable where another one has.
  [[nodiscard]] static Result<std::unique_ptr<Sink>> Open(Options options);

  // Closes as Close() does.
  ~Sink();
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;

  // Verifies, reads and projects the delivery on the calling thread, then queues it for the next group commit.
  // `done` is called exactly once: from the writer's thread after the commit is durable, or from the calling thread,
  // before Submit returns, where the outcome needs no commit. It must not block. Never throws.
  void Submit(Arrival arrival, std::function<void(Ack)> done);

  // The same, waiting for the outcome.
  [[nodiscard]] Ack Accept(Arrival arrival);

  // Takes these keys in place of Options::extra_keys, for what comes from now on, and takes what was held until its key
  // is known into the log; waits for that, unless there is a spool and the database is away: then that follows when it
  // is back. kInvalid: a key cannot be used, and nothing has changed.
  [[nodiscard]] Result<void> ReloadKeys(std::vector<std::string> extra_keys);

  // Counts a request that was refused before it could be a delivery, for `status`: kind is for example "404", detail
  // the path (cut to 200 bytes). At most 1,000 details are kept per day. Written with the next commit.
  void CountRefusal(std::string_view kind, std::string_view detail);

  // True while a commit can be expected to succeed, or the spool to have room.
  [[nodiscard]] bool Ready() const;

  [[nodiscard]] Counters counters() const;

  // The figures that were taken last, and starts to take new ones if those are older than some seconds; it does not
  // wait for them. Null: there are none yet.
  [[nodiscard]] std::shared_ptr<const Figures> figures();

  // When the latest event of each location came, the latest first: the 1,000 that were heard of last, by this process
  // or, once figures() were taken, by any in the last 31 days.
  [[nodiscard]] std::vector<std::pair<std::string, Millis>> last_events() const;

  // Stops taking deliveries (kBusy from now on), commits or spools what was taken, and closes the database; what is in
  // the spool stays there for the next one. Idempotent.
  void Close();

 private:
  struct Impl;
  explicit Sink(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace crmsink
