// What the program writes to its log when it runs as it does for a user: nobody's data, and no line that a sender made.
#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "fault/server_process.h"
#include "hostile/hostile_fixture.h"

namespace crmsink::hostile {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class LogPrivacyTest : public ::testing::Test {
 protected:
  LogPrivacyTest() {
    std::ofstream(folder_.File("key.pem")) << signer_.Pem();
    server_ = std::make_unique<fault::ServerProcess>(
        std::vector<std::string>{"serve", "--database", "sqlite:" + folder_.File("crmsink.db"), "--listen",
                                 "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", "--signature-mode", "required",
                                 "--signature-key", folder_.File("key.pem")},
        folder_.File("log"));
    url_ = server_->AwaitUrl();
  }

  int Post(const std::string& body, const std::string& path = "/webhooks", std::string signature = "") {
    if (signature.empty()) signature = signer_.Sign(body);
    http::RawClient client(url_);
    client.Send("POST " + path + " HTTP/1.1\r\nHost: x\r\nX-GHL-Signature: " + signature +
                "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    return client.Receive().status;
  }

  // Everything that was written until the server has ended.
  std::string Log() {
    EXPECT_EQ(server_->Stop(), 0);
    std::ifstream file(folder_.File("log"));
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
  }

  TempFolder folder_;
  testing::Ed25519Signer signer_;
  std::unique_ptr<fault::ServerProcess> server_;
  std::string url_;
};

// D30
TEST_F(LogPrivacyTest, NobodysDataIsLogged) {
  ASSERT_NE(url_, "");
  const std::string members =
      R"(,"firstName":"Wilhelmina","email":"wilhelmina@example.org","phone":"+15550199","ssn":"078-05-1120",)"
      R"("tags":["pregnant"],"note":"met Wilhelmina on 078-05-1120")";
  EXPECT_EQ(Post(Contact(members)), 200);
  EXPECT_EQ(Post(Contact(members, "w1", "ContactUpdate")), 200);  // quarantined: the id again
  EXPECT_EQ(Post("{\"email\":\"wilhelmina@example.org\""), 200);  // quarantined: no JSON
  EXPECT_EQ(Post(R"({"email":"wilhelmina@example.org"})"), 200);  // quarantined: no event
  EXPECT_EQ(Post(Contact(members), "/webhooks", std::string(88, 'A')), 401);
  EXPECT_EQ(Post(Contact(members), "/webhooks", signer_.Sign("x")), 401);
  EXPECT_EQ(Post(Contact(members), "/nope"), 404);
  const std::string log = Log();
  EXPECT_THAT(log, HasSubstr("ContactCreate")) << "the first event of its type is told";
  for (const char* secret : {"ilhelmina", "example.org", "5550199", "078-05", "pregnant"}) {
    EXPECT_THAT(log, Not(HasSubstr(secret)));
  }
}

TEST_F(LogPrivacyTest, ASenderMakesNoLinesAndNoEscapes) {
  ASSERT_NE(url_, "");
  EXPECT_EQ(Post(R"({"type":"Odd\n2025-01-01 error forged\r\u001b[31mred\u0007\u2028","webhookId":"w1"})"), 200);
  EXPECT_EQ(Post(Contact("", "w2"), "/a\\n/webhooks/ContactCreate"), 200);
  const std::string log = Log();
  EXPECT_THAT(log, HasSubstr("forged")) << "the type is told";
  EXPECT_THAT(log, Not(HasSubstr("\n2025-01-01 error")));
  EXPECT_EQ(std::count_if(log.begin(), log.end(), [](unsigned char c) { return c < ' ' && c != '\n'; }), 0) << log;
  EXPECT_THAT(log, Not(HasSubstr("\xe2\x80\xa8")));
}

}  // namespace
}  // namespace crmsink::hostile
