#include "postgres_soak.h"

#include <stdexcept>
#include <thread>

#include "evidence.h"
#include "support/postgres_client.h"

namespace crmsink::soak {

std::string PostgresSoak::Url() const {
  const auto host = [](const PostgresCluster& cluster) { return "127.0.0.1:" + std::to_string(cluster.port()); };
  return "postgresql://postgres@" + host(*primary_) + "," + host(*standby_) +
         "/postgres?target_session_attrs=read-write";
}

void PostgresSoak::Chapter(std::uint64_t, steady_clock::time_point end) {
  const TempFolder folder;
  primary_ = std::make_unique<PostgresCluster>(PostgresCluster::Options{.fsync = true});
  standby_ = primary_->MakeStandby(true);
  const auto arguments = [&] {
    auto all = Arguments(Url(), folder);
    all.insert(all.end(), {"--spool-file", folder.File("spool.db")});
    return all;
  };
  Server server(program_, arguments(), folder.File("log"));
  while (steady_clock::now() < end) {
    server.arguments() = arguments();
    StartServer(server);
    bool goes_on = true;
    for (int i = 0; i < 3 && goes_on; ++i) {
      Sleep(200, 1'500);
      goes_on = Trouble(server);
    }
    EndServer(server);
  }
  sender_.Stop();
  StartServer(server);
  AwaitDrained(server);
  if (server.Stop() != 0) Complain("the last SIGTERM did not end it with 0");
  const auto verifier = Verifier::Create({.extra_pem = {sender_.Pem()}});
  if (!verifier) throw std::runtime_error(verifier.error().message);
  Conclude(server, *account_, BrokenInPostgres(primary_->Url(), *account_, *verifier));
}

bool PostgresSoak::Trouble(Server& server) {
  switch (random_() % 8) {
    case 0:
      Note("immediate stop");
      primary_->End(PostgresCluster::Stop::kImmediate);
      Sleep(0, 1'500);
      primary_->Start();
      return true;
    case 1:
      Note("hang");
      primary_->Freeze();
      Sleep(200, 4'000);
      primary_->Thaw();
      return true;
    case 2:
    case 3:
      Note("connections ended");
      primary_->Execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND "
          "backend_type = 'client backend'");
      return true;
    case 4:
      FailOver(server);
      return false;
    default:
      return true;
  }
}

void PostgresSoak::FailOver(Server& server) {
  Note("failover");
  primary_->End(PostgresCluster::Stop::kImmediate);
  Sleep(0, 500);
  standby_->Promote();
  primary_ = std::move(standby_);
  if (!AwaitAcceptance(server.url())) Complain("no 2xx within ten seconds of a failover");
  standby_ = primary_->MakeStandby(true);
}

void PostgresSoak::AwaitDrained(const Server& server) {
  const auto deadline = steady_clock::now() + std::chrono::minutes(5);
  while (server.Metric("crmsink_spool_deliveries") != 0 || server.Metric("crmsink_database_away") != 0) {
    if (steady_clock::now() > deadline) return Complain("the spool is not drained after five minutes");
    std::this_thread::sleep_for(milliseconds(100));
  }
}

}  // namespace crmsink::soak
