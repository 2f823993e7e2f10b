#include "support/test_database.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>

#include "support/postgres_database.h"
#include "support/temp_folder.h"

namespace crmsink {
namespace {

class SqliteDatabase final : public TestDatabase {
 public:
  SqliteDatabase() { url_ = "sqlite:" + file_; }

  std::string Select(const std::string& sql) override {
    SQLite::Database db(file_, SQLite::OPEN_READONLY, kPatience);
    SQLite::Statement statement(db, sql);
    std::string text;
    while (statement.executeStep()) {
      if (!text.empty()) text += ' ';
      for (int i = 0; i < statement.getColumnCount(); ++i) {
        if (i > 0) text += ',';
        text += statement.getColumn(i).isNull() ? "NULL" : statement.getColumn(i).getString();
      }
    }
    return text;
  }

  void Execute(const std::string& sql) override {
    SQLite::Database(file_, SQLite::OPEN_READWRITE, kPatience).exec(sql);
  }

  void Empty() override {
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(file_ + suffix);
  }

 private:
  static constexpr int kPatience = 5000;

  TempFolder folder_;
  const std::string file_ = folder_.File("crmsink.db");
};

}  // namespace

std::unique_ptr<TestDatabase> TestDatabase::Make(DatabaseUrl::Backend backend) {
  if (backend == DatabaseUrl::Backend::kSqlite) return std::make_unique<SqliteDatabase>();
  return std::make_unique<PostgresDatabase>();
}

}  // namespace crmsink
