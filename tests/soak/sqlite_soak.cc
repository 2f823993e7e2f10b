#include "sqlite_soak.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sys/mount.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>

#include "evidence.h"

namespace crmsink::soak {
namespace {

constexpr milliseconds kSmallChapter{60'000};

// A file system in memory over a folder, gone with the object.
class SmallDisk {
 public:
  explicit SmallDisk(const std::string& folder) : folder_(folder) {
    is_there_ = ::mount("none", folder.c_str(), "tmpfs", 0, "size=1g") == 0;
    if (!is_there_) std::cout << "no tmpfs can be mounted here: no full disk" << std::endl;
  }
  ~SmallDisk() {
    if (is_there_) ::umount2(folder_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  bool is_there() const { return is_there_; }

 private:
  const std::string folder_;
  bool is_there_ = false;
};

}  // namespace

void SqliteSoak::Chapter(std::uint64_t number, steady_clock::time_point end) {
  const TempFolder folder;
  std::unique_ptr<SmallDisk> disk;
  if (number % 3 == 2) {
    disk = std::make_unique<SmallDisk>(folder.path());
    end = std::min(end, steady_clock::now() + kSmallChapter);
  }
  const std::string file = folder.File("crmsink.db");
  const TempFolder beside;  // the logs have a disk of their own
  Server server(program_, Arguments("sqlite:" + file, beside), beside.File("log"));
  while (steady_clock::now() < end) {
    StartServer(server);
    Sleep(50, 1'200);
    Trouble(server, folder, disk != nullptr && disk->is_there());
    EndServer(server);
  }
  sender_.Stop();
  const auto verifier = Verifier::Create({.extra_pem = {sender_.Pem()}});
  if (!verifier) throw std::runtime_error(verifier.error().message);
  Conclude(server, *account_, BrokenInSqlite(file, *account_, *verifier));
}

void SqliteSoak::Trouble(Server& server, const TempFolder& folder, bool is_small) {
  if (is_small && OneIn(2)) return FillDisk(server, folder);
  if (OneIn(10)) {
    Note("SIGSTOP");
    server.Freeze();
    Sleep(200, 1'500);
    server.Thaw();
    Sleep(0, 300);
  } else if (OneIn(10)) {
    Note("locked database");
    SQLite::Database other(folder.File("crmsink.db"), SQLite::OPEN_READWRITE, 5'000);
    try {
      other.exec("BEGIN IMMEDIATE");
      Sleep(200, 3'000);
      other.exec("ROLLBACK");
    } catch (const SQLite::Exception& e) {
      std::cout << "not locked: " << e.what() << std::endl;
    }
    Sleep(0, 300);
  }
}

// Full to the last byte for a while. Then there is room, and deliveries are taken again by themselves.
void SqliteSoak::FillDisk(Server& server, const TempFolder& folder) {
  Note("full disk");
  const std::string filler = folder.File("filler");
  {
    std::ofstream file(filler, std::ios::binary);
    for (std::size_t block = std::size_t{1} << 20; block >= 512;) {
      file << std::string(block, 'f') << std::flush;
      if (file) continue;
      file.clear();
      block /= 2;
    }
  }
  Sleep(300, 1'500);
  std::filesystem::remove(filler);
  if (!AwaitAcceptance(server.url())) Complain("no 2xx within ten seconds of room on the disk");
  Sleep(0, 300);
}

}  // namespace crmsink::soak
