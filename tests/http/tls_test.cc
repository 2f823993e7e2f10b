#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "http_fixture.h"
#include "support/temp_folder.h"
#include "tls_client.h"
#include "tls_pair.h"

namespace crmsink::http {
namespace {

using std::chrono::milliseconds;

class TlsTest : public HttpTest {
 protected:
  TlsTest() : pair_(TlsPair::Make(folder_.File("cert.pem"), folder_.File("key.pem"))) {}

  Server::Options TlsOptions() {
    Server::Options options = DefaultOptions();
    options.tls_certificate = pair_.certificate;
    options.tls_key = pair_.key;
    options.on_tls_reload = [this](const Result<Millis>& expires_at) {
      const std::lock_guard lock(mutex_);
      reloads_.push_back(expires_at ? "good" : expires_at.error().message);
    };
    return options;
  }
  std::string Complaint(const std::string& certificate, const std::string& key) {
    Server::Options options = TlsOptions();
    options.tls_certificate = certificate;
    options.tls_key = key;
    FakeBackend::Record record;
    const auto server = Server::Start(options, std::make_unique<FakeBackend>(record));
    if (server) return "no complaint";
    EXPECT_EQ(server.error().code, ErrorCode::kInvalid);
    return server.error().message;
  }
  std::vector<std::string> Reloads() {
    const std::lock_guard lock(mutex_);
    return reloads_;
  }
  // A new pair in place of the old one, as certbot does it: by renaming.
  void Replace(const std::string& name) {
    const TlsPair made = TlsPair::Make(folder_.File("cert.new"), folder_.File("key.new"), 90 * 86'400L, name);
    std::filesystem::rename(made.certificate, pair_.certificate);
    std::filesystem::rename(made.key, pair_.key);
  }

  TempFolder folder_;
  const TlsPair pair_;
  std::mutex mutex_;
  std::vector<std::string> reloads_;
};

TEST_F(TlsTest, ServesDeliveriesByEachVersionItAllows) {
  Serve(TlsOptions());
  EXPECT_TRUE(server_->url().starts_with("https://127.0.0.1:")) << server_->url();
  EXPECT_TRUE(server_->admin_url().starts_with("http://127.0.0.1:"));
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsClient client(server_->url(), version, version);
    ASSERT_TRUE(client.shaken());
    for (int i = 0; i < 20; ++i) {
      client.Send(Post("good", "body " + std::to_string(i)));
      ASSERT_EQ(client.Receive().status, 200);
    }
  }
  EXPECT_EQ(record_.CountTaken(), 40U);
  EXPECT_EQ(record_.Taken(39).body, "body 19");
  EXPECT_EQ(AskAt(server_->admin_url(), Get("/healthz")).status, 200) << "the admin listener stays as it is";
}

TEST_F(TlsTest, TakesLargeBodiesPipelinesAndSinglesBytes) {
  Serve(TlsOptions());
  TlsClient client(server_->url());
  const std::string body(std::size_t{5} << 20, 'x');
  client.Send(Post("good", body) + Get("/healthz") + Post("duplicate"));
  EXPECT_EQ(client.Receive().status, 200);
  EXPECT_EQ(client.Receive().body, R"({"status":"ok"})");
  EXPECT_EQ(client.Receive().body, R"({"status":"duplicate","event_id":"event \"1\""})");
  EXPECT_EQ(record_.Taken(0).body, body);
  for (const char c : Post()) client.Send(std::string_view(&c, 1));
  EXPECT_EQ(client.Receive().status, 200);
}

TEST_F(TlsTest, EndsAConversationWithAGoodbye) {
  Serve(TlsOptions());
  TlsClient client(server_->url());
  client.Send(Post("good", "{}", "Connection: close\r\n"));
  EXPECT_EQ(client.Receive().status, 200);
  EXPECT_TRUE(client.AwaitGoodbye());
  TlsClient refused(server_->url());
  refused.Send("nonsense\r\n\r\n");
  EXPECT_EQ(refused.Receive().status, 400);
  EXPECT_TRUE(refused.AwaitGoodbye());
}

// H55
TEST_F(TlsTest, RefusesOldVersions) {
  Serve(TlsOptions());
  for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
    TlsClient client(server_->url(), version, version);
    EXPECT_FALSE(client.shaken());
    EXPECT_EQ(ERR_GET_REASON(ERR_peek_error()), SSL_R_TLSV1_ALERT_PROTOCOL_VERSION) << "the server says why";
  }
  for (int i = 0; i < 500 && server_->edge_figures().tls_handshakes_failed < 2; ++i) {
    std::this_thread::sleep_for(milliseconds(10));
  }
  EXPECT_EQ(server_->edge_figures().tls_handshakes_failed, 2U);
  EXPECT_TRUE(TlsClient(server_->url()).shaken());
}

// H55
TEST_F(TlsTest, RefusesRenegotiation) {
  Serve(TlsOptions());
  TlsClient client(server_->url(), TLS1_2_VERSION, TLS1_2_VERSION);
  ASSERT_TRUE(client.shaken());
  client.Send(Post());
  EXPECT_EQ(client.Receive().status, 200);
  ASSERT_EQ(SSL_renegotiate(client.get()), 1);
  EXPECT_NE(SSL_do_handshake(client.get()), 1);
  EXPECT_EQ(ERR_GET_REASON(ERR_peek_error()), SSL_R_NO_RENEGOTIATION);
  TlsClient next(server_->url());
  next.Send(Post());
  EXPECT_EQ(next.Receive().status, 200);
}

TEST_F(TlsTest, ResumesSessions) {
  Serve(TlsOptions());
  TlsClient first(server_->url(), TLS1_2_VERSION, TLS1_2_VERSION);
  ASSERT_TRUE(first.shaken());
  TlsClient second(server_->url(), TLS1_2_VERSION, TLS1_2_VERSION, SSL_get_session(first.get()));
  ASSERT_TRUE(second.shaken());
  EXPECT_EQ(SSL_session_reused(second.get()), 1);
  second.Send(Post());
  EXPECT_EQ(second.Receive().status, 200);
}

TEST_F(TlsTest, GivesAHandshakeOnlySoMuchTime) {
  Server::Options options = TlsOptions();
  options.limits.handshake_deadline = milliseconds(200);
  Serve(options);
  RawClient half(server_->url());
  half.Send(std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11));
  EXPECT_TRUE(half.AwaitEnd());
  for (int i = 0; i < 500 && server_->edge_figures().tls_handshakes_failed < 1; ++i) {
    std::this_thread::sleep_for(milliseconds(10));
  }
  EXPECT_EQ(server_->edge_figures().tls_handshakes_failed, 1U);
  EXPECT_TRUE(TlsClient(server_->url()).shaken());
}

TEST_F(TlsTest, SurvivesPlainHttpAndNoise) {
  Serve(TlsOptions());
  RawClient plain(server_->url());
  plain.Send(Post());
  EXPECT_NE(plain.Receive().status, 200);
  for (int i = 0; i < 50; ++i) {
    RawClient noise(server_->url());
    noise.Send(std::string(3, '\x16') + std::string(static_cast<std::size_t>(i * 7), static_cast<char>(i)));
    i % 2 == 0 ? noise.Reset() : noise.Close();
  }
  TlsClient client(server_->url());
  client.Send(Post());
  EXPECT_EQ(client.Receive().status, 200);
  EXPECT_EQ(record_.CountTaken(), 1U);
}

TEST_F(TlsTest, ReadsTheFilesAgainWhenTheyChange) {
  Serve(TlsOptions());
  TlsClient old(server_->url());
  EXPECT_EQ(old.ServerName(), "crm.example.com");
  Replace("new.example.com");
  std::string name;
  for (int i = 0; i < 200 && name != "new.example.com"; ++i) {
    std::this_thread::sleep_for(milliseconds(50));
    name = TlsClient(server_->url()).ServerName();
  }
  EXPECT_EQ(name, "new.example.com");
  EXPECT_EQ(Reloads(), std::vector<std::string>{"good"});
  old.Send(Post());
  EXPECT_EQ(old.Receive().status, 200) << "connections that are open go on";
  EXPECT_EQ(server_->edge_figures().tls_reloads, 1U);
}

TEST_F(TlsTest, ABrokenPairLeavesTheOldOne) {
  Serve(TlsOptions());
  const Millis expires_at = *server_->tls_expires_at();
  TlsPair::Make(pair_.certificate, folder_.File("other.pem"), 5 * 86'400L, "new.example.com");
  EXPECT_FALSE(server_->ReloadTls());
  ASSERT_EQ(Reloads().size(), 1U);
  EXPECT_NE(Reloads()[0].find("is not the key of the certificate in " + pair_.certificate), std::string::npos);
  EXPECT_EQ(TlsClient(server_->url()).ServerName(), "crm.example.com");
  EXPECT_EQ(server_->tls_expires_at(), expires_at);
  EXPECT_EQ(server_->edge_figures().tls_reload_failures, 1U);
  std::filesystem::rename(folder_.File("other.pem"), pair_.key);
  EXPECT_TRUE(server_->ReloadTls());
  EXPECT_EQ(TlsClient(server_->url()).ServerName(), "new.example.com");
  EXPECT_NEAR(static_cast<double>(*server_->tls_expires_at() - SystemNow()), 5.0 * 86'400'000, 60'000.0);
}

TEST_F(TlsTest, SaysWhatIsWrongWithAPair) {
  const auto contains = [](const std::string& text, const std::string& part) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
  };
  const std::string none = folder_.File("none.pem");
  contains(Complaint(none, pair_.key), "tls-certificate: " + none + " cannot be read: No such file or directory");
  contains(Complaint(pair_.certificate, none), "tls-key: " + none + " cannot be read: No such file or directory");
  contains(Complaint(pair_.key, pair_.key), "has no certificate in PEM");
  contains(Complaint(pair_.certificate, pair_.certificate), "has no private key in PEM");
  contains(Complaint(pair_.certificate, ""), "tls-key is missing");
  contains(Complaint("", pair_.key), "tls-certificate is missing");
  const TlsPair other = TlsPair::Make(folder_.File("cert2.pem"), folder_.File("key2.pem"));
  contains(Complaint(pair_.certificate, other.key), "is not the key of the certificate in " + pair_.certificate);
  if (::geteuid() != 0) {
    ::chmod(other.key.c_str(), 0);
    contains(Complaint(other.certificate, other.key), "Permission denied; let the user that crmsink runs as read it");
  }
}

TEST_F(TlsTest, AKeyWithAPassphraseAsksNobody) {
  const TlsPair other = TlsPair::Make(folder_.File("cert2.pem"), folder_.File("key2.pem"));
  FILE* const in = std::fopen(other.key.c_str(), "r");
  EVP_PKEY* const key = PEM_read_PrivateKey(in, nullptr, nullptr, nullptr);
  std::fclose(in);
  FILE* const out = std::fopen(other.key.c_str(), "w");
  PEM_write_PrivateKey(out, key, EVP_aes_128_cbc(), reinterpret_cast<const unsigned char*>("secret"), 6, nullptr,
                       nullptr);
  std::fclose(out);
  EVP_PKEY_free(key);
  EXPECT_NE(Complaint(other.certificate, other.key).find("has a passphrase"), std::string::npos);
}

TEST_F(TlsTest, StopFinishesWhatWasTaken) {
  record_.hold = true;
  Serve(TlsOptions());
  TlsClient client(server_->url()), idle(server_->url());
  client.Send(Post());
  EXPECT_TRUE(record_.AwaitTaken(1));
  std::thread release([this] {
    std::this_thread::sleep_for(milliseconds(200));
    record_.Hold(false);
  });
  server_->Stop();
  EXPECT_EQ(client.Receive().status, 200);
  EXPECT_TRUE(client.AwaitGoodbye());
  EXPECT_TRUE(idle.AwaitGoodbye());
  release.join();
}

}  // namespace
}  // namespace crmsink::http
