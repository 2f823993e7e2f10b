// Odd requests around good bodies, from the socket to the tables. The edge by itself is tested in tests/http.
#include <thread>

#include "hostile/hostile_fixture.h"

namespace crmsink::hostile {
namespace {

class OddRequestTest : public HostileTest {
 protected:
  void ExpectTaken(const std::string& fields, int status = 200) {
    Deliver(Request(body_, "/webhooks", fields), body_, status == 200 ? Kept::kLog : Kept::kNowhere, status);
    EXPECT_EQ(Cell("SELECT count(*) FROM contacts"), status == 200 ? "1" : "0");
    ExpectServes();
  }

  // A delivery whose answer nobody waits for.
  void AwaitPlace(const std::string& body, Kept kept) {
    for (int i = 0; i < 200 && Cell("SELECT count(*) FROM events WHERE payload = '" + body + "'") == "0"; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    ExpectPlace(body, kept);
  }

  const std::string body_ = Contact(R"(,"firstName":"Ann")");
};

TEST_F(OddRequestTest, H11ChunkedBody) {
  Serve();
  const auto chunk = [](const std::string& bytes) {
    char size[16];
    std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
    return size + bytes + "\r\n";
  };
  http::RawClient client = Connect();
  client.Send("POST /webhooks HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nX-GHL-Signature: " +
              signer_.Sign(body_) + "\r\n\r\n");
  client.Send(chunk(body_.substr(0, 10)));
  client.Send(chunk(body_.substr(10, 1)) + chunk(body_.substr(11)).substr(0, 20));
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
  client.Send(chunk(body_.substr(11)).substr(20) + "0\r\n\r\n");
  EXPECT_EQ(client.Receive().status, 200);
  ExpectPlace(body_, Kept::kLog);
  EXPECT_EQ(Cell("SELECT first_name FROM contacts"), "Ann");
  ExpectServes();
}

TEST_F(OddRequestTest, H23RangeOnAPost) {
  Serve();
  ExpectTaken("Range: bytes=0-1" + Repeat(",2-3", 2000) + "\r\n");
}

TEST_F(OddRequestTest, H28TwoPostsInOneSegment) {
  Serve();
  const std::string second = Contact(R"(,"lastName":"Lee")", "w2", "ContactUpdate", "2025-10-01T11:00:00Z");
  http::RawClient client = Connect();
  client.Send(Request(body_) + Request(second));
  EXPECT_EQ(client.Receive().status, 200);
  EXPECT_EQ(client.Receive().status, 200);
  ExpectPlace(body_, Kept::kLog);
  ExpectPlace(second, Kept::kLog);
  EXPECT_EQ(Cell("SELECT first_name || last_name FROM contacts"), "AnnLee");
  ExpectServes();
}

TEST_F(OddRequestTest, H31ClientThatResetsBeforeTheAnswer) {
  Serve();
  http::RawClient client = Connect();
  client.Send(Request(body_));
  std::this_thread::sleep_for(std::chrono::milliseconds(100));  // the reset takes with it what was not read
  client.Reset();
  AwaitPlace(body_, Kept::kLog);
  EXPECT_EQ(Cell("SELECT first_name FROM contacts"), "Ann");
  ExpectServes();
}

TEST_F(OddRequestTest, H32ClientsThatLeaveWhileTheyWait) {
  Serve();
  std::vector<std::string> bodies;
  for (int i = 0; i < 50; ++i) {
    bodies.push_back(Contact(",\"firstName\":\"" + std::to_string(i) + "\"", "w" + std::to_string(i)));
    http::RawClient client = Connect();
    client.Send(Request(bodies.back()));
    client.Close();
  }
  for (const std::string& body : bodies) AwaitPlace(body, Kept::kLog);
  ExpectServes();
}

TEST_F(OddRequestTest, H38PathThatIsNotOurs) {
  Serve();
  for (const std::string path : {"/nope", "/", "/webhook", "/webhooks/a/b", "/webhooksx", "/api/ContactCreate"}) {
    Deliver(Request(body_, path), body_, Kept::kNowhere, 404);
  }
  ExpectServes();  // its commit brings the counts along
  EXPECT_EQ(Cell("SELECT requests FROM refusals WHERE kind = '404' AND detail = '/nope'"), "1");
  EXPECT_EQ(Cell("SELECT count(*) FROM refusals WHERE kind = '404'"), "6");
}

TEST_F(OddRequestTest, H40ExpectContinue) {
  Serve();
  http::RawClient client = Connect();
  const std::string request = Request(body_, "/webhooks", "Expect: 100-continue\r\n");
  const std::size_t head = request.size() - body_.size();
  client.Send(request.substr(0, head));
  EXPECT_EQ(client.Receive().status, 100);
  client.Send(request.substr(head));
  EXPECT_EQ(client.Receive().status, 200);
  ExpectPlace(body_, Kept::kLog);
  ExpectServes();
}

TEST_F(OddRequestTest, H41ExpectSomethingElse) {
  Serve();
  ExpectTaken("Expect: 200-ok\r\n");
}

TEST_F(OddRequestTest, H44EncodedLineBreakInAField) {
  Serve();
  ExpectTaken("X-Forwarded-For: a%0D%0AX-GHL-Signature: b\r\n");
}

TEST_F(OddRequestTest, H44RawZeroInAField) {
  Serve();
  ExpectTaken(std::string("X-Forwarded-For: a\0b\r\n", 23), 400);
}

TEST_F(OddRequestTest, H46ForwardedForThatSaysLoopback) {
  Serve();
  ExpectTaken("X-Forwarded-For: 127.0.0.1\r\nForwarded: for=127.0.0.1\r\nX-Real-IP: 127.0.0.1\r\n");
}

TEST_F(OddRequestTest, H47LabelThatIsNotJson) {
  Serve();
  ExpectTaken("Content-Type: text/plain\r\n");
}

TEST_F(OddRequestTest, H49LabelOfAForm) {
  Serve();
  const std::string large = Contact(",\"note\":\"" + std::string(100'000, 'n') + "\"");
  Deliver(Request(large, "/webhooks", "Content-Type: application/x-www-form-urlencoded\r\n"), large, Kept::kLog, 200);
  EXPECT_EQ(Cell("SELECT length(extra) FROM contacts"), "100011");
  ExpectServes();
}

TEST_F(OddRequestTest, SixteenMebibytesAndOneByteMore) {
  Serve();
  const std::size_t limit = std::size_t{16} << 20;
  const std::string around = Contact(",\"note\":\"\"");
  const std::string largest = Contact(",\"note\":\"" + std::string(limit - around.size(), 'n') + "\"");
  ASSERT_EQ(largest.size(), limit);
  Deliver(Request(largest), largest, Kept::kLog, 200);
  EXPECT_EQ(Cell("SELECT length(extra) FROM contacts"), std::to_string(limit - around.size() + 11));
  const std::string more = Contact(",\"note\":\"" + std::string(limit - around.size() + 1, 'm') + "\"");
  EXPECT_EQ(Ask(Request(more)).status, 413);
  ExpectPlace(more, Kept::kNowhere);
  ExpectServes();
}

TEST_F(OddRequestTest, TheSameDeliveryOnManyConnectionsAtOnceIsStoredOnce) {
  Serve();
  std::vector<http::RawClient> clients;
  for (int i = 0; i < 30; ++i) clients.push_back(Connect());
  for (http::RawClient& client : clients) client.Send(Request(body_));
  int stored = 0;
  for (http::RawClient& client : clients) {
    const http::RawAnswer answer = client.Receive();
    EXPECT_EQ(answer.status, 200);
    stored += answer.body.starts_with(R"({"status":"stored")");
  }
  EXPECT_EQ(stored, 1);
  ExpectPlace(body_, Kept::kDuplicate);
  ExpectServes();
}

}  // namespace
}  // namespace crmsink::hostile
