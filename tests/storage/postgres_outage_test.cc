// A server that is away, hangs or does not let us in: what is said, how soon, and what is not said.
#include <arpa/inet.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>

#include "storage/query.h"
#include "store_case.h"
#include "support/postgres_cluster.h"
#include "support/postgres_database.h"

namespace crmsink {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr char kSecret[] = "s3cr3t-pass";

// A port of 127.0.0.1 that takes connections and says nothing; closed, one that refuses them.
class SilentPort {
 public:
  SilentPort() : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(::bind(descriptor_, any, size) | ::listen(descriptor_, 10) | ::getsockname(descriptor_, any, &size), 0);
    port_ = ntohs(address.sin_port);
  }
  ~SilentPort() { ::close(descriptor_); }
  SilentPort(const SilentPort&) = delete;
  SilentPort& operator=(const SilentPort&) = delete;

  std::string Url() const {
    return "postgresql://u:" + std::string(kSecret) + "@127.0.0.1:" + std::to_string(port_) + "/d";
  }

 private:
  int descriptor_;
  int port_ = 0;
};

// Each door of the storage fails so, within the time, and says no password.
void ExpectFailure(const std::string& url, ErrorCode code, milliseconds within) {
  const auto check = [&](const auto& result, steady_clock::time_point start) {
    EXPECT_LT(steady_clock::now() - start, within);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, code) << result.error().message;
    EXPECT_EQ(result.error().message.find(kSecret), std::string::npos) << result.error().message;
  };
  check(OpenStore(url, {.create = true, .migrate = true}), steady_clock::now());
  check(MigrationsOf(url), steady_clock::now());
  check(QueryConnection::Open(url), steady_clock::now());
}

TEST(PostgresOutageTest, ARefusedConnectionIsUnavailableAtOnce) {
  std::string url;
  {
    const SilentPort port;
    url = port.Url();
  }
  ExpectFailure(url, ErrorCode::kUnavailable, seconds(2));
  ExpectFailure("postgresql://u:" + std::string(kSecret) + "@/d?host=/no/such/folder", ErrorCode::kUnavailable,
                seconds(2));
}

TEST(PostgresOutageTest, AServerThatSaysNothingIsUnavailableAfterAWhile) {
  const SilentPort port;
  ExpectFailure(port.Url(), ErrorCode::kUnavailable, seconds(8));
}

TEST(PostgresOutageTest, AUrlThatCannotBeReadIsInvalidAndShowsNoPassword) {
  for (const std::string& url :
       {"postgresql://u:" + std::string(kSecret) + "@h:port/d", "postgresql://u:" + std::string(kSecret) + "@[::1/d",
        "postgresql://u@h/d?nonsense=1&password=" + std::string(kSecret),
        "postgresql://u:" + std::string(kSecret) + "@h/d?sslmode=perhaps",
        "postgresql://u:" + std::string(kSecret) + "@%zz/d", "postgres:/u:" + std::string(kSecret) + "@h/d"}) {
    SCOPED_TRACE(url);
    ExpectFailure(url, ErrorCode::kInvalid, seconds(2));
  }
}

TEST(PostgresOutageTest, AWrongPasswordIsInvalidAndNotShown) {
  PostgresCluster cluster({.admissions = {"host all guarded 127.0.0.1/32 scram-sha-256"}});
  cluster.Execute("CREATE ROLE guarded LOGIN PASSWORD 'right'");
  const std::string rest = "@127.0.0.1:" + std::to_string(cluster.port()) + "/postgres";
  ExpectFailure("postgresql://guarded:" + std::string(kSecret) + rest, ErrorCode::kInvalid, seconds(5));
  ExpectFailure("postgresql://guarded" + rest, ErrorCode::kInvalid, seconds(5));
  ExpectFailure("postgresql://nobody:" + std::string(kSecret) + rest, ErrorCode::kInvalid, seconds(5));
  ExpectFailure("postgresql://guarded:right@127.0.0.1:" + std::to_string(cluster.port()) + "/nowhere",
                ErrorCode::kNotFound, seconds(5));
}

TEST(PostgresOutageTest, AServerThatTakesNoMoreConnectionsIsUnavailable) {
  PostgresCluster cluster({.settings = {"max_connections=4", "superuser_reserved_connections=0", "max_wal_senders=0"}});
  std::vector<std::unique_ptr<PostgresClient>> all;
  for (int i = 0; i < 4; ++i) all.push_back(std::make_unique<PostgresClient>(cluster.Url()));
  ExpectFailure(cluster.Url(), ErrorCode::kUnavailable, seconds(5));
}

class PostgresHangTest : public PostgresCase {
 protected:
  PostgresHangTest() {
    auto store = OpenStore(url_, {.patience = kPatience});
    EXPECT_TRUE(store) << store.error().message;
    store_ = *std::move(store);
    const auto transaction = store_->Begin(Store::Mode::kRead);
    EXPECT_TRUE((*transaction)->SeqsOf("x"));
    servers_ = Select(
        "SELECT string_agg(pid::text, '') FROM pg_stat_activity WHERE application_name = 'crmsink' AND "
        "datname = current_database()");
  }
  pid_t server() const { return std::stoi(servers_); }

  static constexpr milliseconds kPatience{700};
  static std::string Body(int n) {
    return R"({"type":"ContactUpdate","id":"c1","webhookId":"w)" + std::to_string(n) + "\"}";
  }
  std::string servers_;
};

TEST_F(PostgresHangTest, AServerProcessThatHangsIsUnavailable) {
  ::kill(server(), SIGSTOP);
  const auto start = steady_clock::now();
  EXPECT_EQ(Commit({Body(1)}).size(), 0u);
  EXPECT_LT(steady_clock::now() - start, kPatience * 4);
  ::kill(server(), SIGCONT);
  EXPECT_TRUE(failure.code == ErrorCode::kUnavailable || failure.code == ErrorCode::kUnknown) << failure.message;
  EXPECT_FALSE(store_->Begin(Store::Mode::kWrite)) << "a broken connection goes on";
  store_ = Open();
  EXPECT_EQ(Shown(Commit({Body(2)})), "stored w2");
}

TEST_F(PostgresHangTest, AServerProcessThatEndsIsUnavailable) {
  Select("SELECT pg_terminate_backend(" + servers_ + ", 5000)");
  EXPECT_EQ(Commit({Body(1)}).size(), 0u);
  EXPECT_TRUE(failure.code == ErrorCode::kUnavailable || failure.code == ErrorCode::kUnknown) << failure.message;
  store_ = Open();
  EXPECT_EQ(Shown(Commit({Body(1)})), "stored w1");
}

TEST_F(PostgresHangTest, ALockThatSomebodyKeepsIsUnavailable) {
  Commit({Body(1)});
  PostgresClient other(url_);
  other.Execute("BEGIN; SELECT * FROM contacts_all FOR UPDATE");
  const auto start = steady_clock::now();
  EXPECT_EQ(Commit({Body(2)}).size(), 0u);
  EXPECT_LT(steady_clock::now() - start, kPatience * 4);
  EXPECT_EQ(failure.code, ErrorCode::kUnavailable) << failure.message;
  other.Execute("ROLLBACK");
  store_ = Open();
  EXPECT_EQ(Shown(Commit({Body(2)})), "stored w2");
}

}  // namespace
}  // namespace crmsink
