#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace crmsink {

// A PostgreSQL server of the test's own, in a temporary folder: superuser postgres, no passwords, locale C.UTF-8, on a
// Unix socket in that folder and a free port of 127.0.0.1. It ends with the object, and with the thread that started it
// where that dies first. Throws where something fails, with the end of the server's log.
// Thread-safety: none.
class PostgresCluster {
 public:
  struct Options {
    bool fsync = false;                        // true: what is committed survives a power loss
    std::vector<std::string> settings = {};    // "max_connections=20"; they win over ALTER SYSTEM
    std::vector<std::string> admissions = {};  // lines of pg_hba.conf, before those that let everyone in
    bool outlives_us = false;                  // goes on when this process ends: for Leave()
  };
  enum class Stop { kFast, kImmediate };

  // Makes one and starts it.
  PostgresCluster() : PostgresCluster(Options{}) {}
  explicit PostgresCluster(Options options);
  ~PostgresCluster();
  PostgresCluster(const PostgresCluster&) = delete;
  PostgresCluster& operator=(const PostgresCluster&) = delete;

  // Starts it, on the same port, and returns when it takes connections.
  void Start();
  // Returns when it has ended; a stop after which it crash-recovers is kImmediate. No failure where it is down.
  void End(Stop how = Stop::kFast);
  // SIGKILL to all of its processes at once.
  void Kill();
  // SIGSTOP and SIGCONT to all of its processes: it takes connections (the kernel does) and says nothing.
  void Freeze();
  void Thaw();

  // Of the postmaster; -1 while it is down.
  pid_t process() const { return process_; }
  // By the socket, and by TCP.
  std::string Url(const std::string& database = "postgres") const;
  std::string TcpUrl(const std::string& database = "postgres", const std::string& user = "postgres") const;
  int port() const { return port_; }
  const std::filesystem::path& folder() const { return folder_; }
  std::filesystem::path data() const { return folder_ / "data"; }
  std::string log() const { return (folder_ / "server.log").string(); }

  // Statements to the database postgres.
  void Execute(const std::string& sql);
  std::string Select(const std::string& sql);
  // ALTER SYSTEM and reload; the value as SHOW gives it.
  void Set(const std::string& name, const std::string& value);

  // A standby that streams from this one, started and caught up. Synchronous: from now on a commit here returns only
  // after it is on stable storage there, too.
  std::unique_ptr<PostgresCluster> MakeStandby(bool synchronous);
  // Makes a primary of a standby; returns when it takes writes.
  void Promote();

  // Lets it run when the object ends; for Options::outlives_us. Adopt(folder) is the object again, of another process:
  // nullptr where nothing runs there, and the folder is gone then.
  void Leave() { left_ = true; }
  static std::unique_ptr<PostgresCluster> Adopt(const std::filesystem::path& folder);

 private:
  struct Running {
    std::filesystem::path folder;
    int port;
    pid_t process;
  };
  explicit PostgresCluster(const Running& running);
  PostgresCluster(const PostgresCluster& primary, const std::string& name);

  void MakeFolder();
  bool TryStart();
  void AwaitEnd(const std::vector<pid_t>& tree);

  Options options_;
  std::filesystem::path folder_;
  int port_ = 0;
  pid_t process_ = -1;
  bool left_ = false;
};

}  // namespace crmsink
