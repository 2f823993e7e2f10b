#include "support/test_database.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>

#include "support/postgres_database.h"
#include "support/temp_folder.h"

namespace crmsink {
namespace {

class SqliteDatabase final : public TestDatabase {
 public:
  SqliteDatabase() : TestDatabase(DatabaseUrl::Backend::kSqlite) { url_ = "sqlite:" + file_; }

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

void TestDatabase::MakeTrigger(const std::string& name, const std::string& event, const std::string& condition,
                               const std::string& what) {
  const std::string when = condition.empty() ? "" : " WHEN (" + condition + ")";
  if (!IsPostgres()) return Execute("CREATE TRIGGER " + name + " " + event + when + " BEGIN " + what + "; END");
  Execute("CREATE FUNCTION " + name + "() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN " + what +
          "; RETURN NEW; END$$;" + "CREATE TRIGGER " + name + " " + event + " FOR EACH ROW" + when +
          " EXECUTE FUNCTION " + name + "()");
}

void TestDatabase::Refuse(const std::string& event, const std::string& table, const std::string& condition,
                          const std::string& message) {
  MakeTrigger("refuse", "BEFORE " + event + " ON " + table, condition,
              IsPostgres() ? "RAISE EXCEPTION '" + message + "' USING ERRCODE = 'check_violation'"
                           : "SELECT RAISE(ABORT, '" + message + "')");
}

void TestDatabase::DropTrigger(const std::string& name, const std::string& table) {
  Execute("DROP TRIGGER " + name + (IsPostgres() ? " ON " + table + "; DROP FUNCTION " + name : ""));
}

std::string TestDatabase::Hexed(const std::string& bytes) const {
  return IsPostgres() ? "upper(encode(" + bytes + ", 'hex'))" : "hex(" + bytes + ")";
}

std::string TestDatabase::RandomBytes() const {
  return IsPostgres() ? "uuid_send(gen_random_uuid())" : "randomblob(16)";
}

std::string TestDatabase::BytesOf(const std::string& text) const {
  std::string quoted = "'";
  for (const char c : text) quoted.append(c == '\'' ? 2 : 1, c);
  quoted += "'";
  return IsPostgres() ? "convert_to(" + quoted + ", 'UTF8')" : "CAST(" + quoted + " AS BLOB)";
}

}  // namespace crmsink
