#include <functional>
#include <set>
#include <string>
#include <vector>

#include "http_fixture.h"

// Bad requests over real sockets, byte for byte. After each of them an honest one is served.

namespace crmsink::http {
namespace {

constexpr std::size_t kBodyLimit = std::size_t{16} << 20;

const std::string kHost = "Host: crm.example.com\r\n";
const std::string kChunked = "Transfer-Encoding: chunked\r\n";
const std::string kSigned = "X-GHL-Signature: good\r\n";

std::string Head(const std::string& fields) { return "POST /webhooks HTTP/1.1\r\n" + kHost + fields + "\r\n"; }

std::string Repeat(const std::string& text, std::size_t times) {
  std::string all;
  all.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

struct Hostile {
  std::string name;
  std::vector<std::string> pieces;  // sent one after the other, each a segment of its own at least
  std::set<int> statuses;           // 0: the connection ended
  std::size_t taken = 0;            // deliveries that reach the backend
  std::size_t answers = 1;
};

class HostileRequestTest : public HttpTest, public ::testing::WithParamInterface<Hostile> {};

TEST_P(HostileRequestTest, IsAnsweredAsItDeserves) {
  Serve();
  const Hostile& hostile = GetParam();
  RawClient client = Connect();
  for (const std::string& piece : hostile.pieces) {
    if (!client.Send(piece)) break;
  }
  for (std::size_t i = 0; i < hostile.answers; ++i) {
    const RawAnswer answer = client.Receive();
    EXPECT_TRUE(hostile.statuses.contains(answer.status)) << answer.status;
    const bool refused = answer.status >= 400 && !std::set<int>{401, 404, 405}.contains(answer.status);
    if (refused) {
      EXPECT_EQ(answer.fields.at("connection"), "close");
      client.ShutdownSend();
      EXPECT_TRUE(client.AwaitEnd());
    }
  }
  EXPECT_FALSE(client.Receive(std::chrono::milliseconds(20)).status) << "an answer that nobody asked for";
  if (hostile.taken > 0) {
    EXPECT_TRUE(record_.AwaitTaken(hostile.taken));
  }
  EXPECT_EQ(record_.CountTaken(), hostile.taken);
  ExpectServes();
}

std::vector<Hostile> Framing() {
  const std::string second = "POST /webhooks HTTP/1.1\r\n" + kHost + kSigned + "Content-Length: 2\r\n\r\n{}";
  const std::string mib = "100000\r\n" + std::string(1 << 20, 'x') + "\r\n";
  return {
      {"H01BodyOverTheLimit",
       {Head("Content-Length: " + std::to_string(kBodyLimit + 1) + "\r\n"), std::string(kBodyLimit + 1, 'x')},
       {413}},
      {"H02AbsurdContentLength", {Head("Content-Length: 1099511627776\r\n") + "0123456789"}, {413}},
      {"H04ContentLengthNotANumber", {Head("Content-Length: abc\r\n") + "{}"}, {400}},
      {"H05TwoContentLengths", {Head("Content-Length: 2\r\nContent-Length: 40\r\n") + "{}", second}, {400}},
      {"H07GetWithABody",
       {"GET /nothing HTTP/1.1\r\n" + kHost + "Content-Length: " + std::to_string(second.size()) + "\r\n\r\n" + second},
       {404}},
      {"H08ChunkedWithoutEnd", std::vector<std::string>(1, Head(kChunked) + Repeat(mib, 17)), {413}},
      {"H10LongChunkLine", {Head(kChunked) + "5;" + std::string(1 << 20, 'e')}, {400}},
      {"H11SmallChunkedBody",
       {Head(kSigned + kChunked), "3\r\n{\"a\r\n", "2\r\n\":\r\n", "2\r\n1}\r\n", "0\r\n\r\n"},
       {200},
       1},
      {"H13NoLength", {Head("") + "{}"}, {411}},
      {"H14GzipBomb", {Head("Content-Encoding: gzip\r\nContent-Length: 900000\r\n"), std::string(900000, 'z')}, {415}},
      {"H16BrokenGzip", {Head("Content-Encoding: gzip\r\nContent-Length: 7\r\n") + "notgzip"}, {415}},
      {"H17UnknownContentEncoding", {Head("Content-Encoding: zstd\r\nContent-Length: 2\r\n") + "{}"}, {415}},
      {"H28PipelinedPosts", {second + second}, {200}, 2, 2},
      {"H40ExpectContinue", {Head(kSigned + "Expect: 100-continue\r\nContent-Length: 2\r\n") + "{}"}, {200}, 1},
      {"H41OtherExpectation", {Head(kSigned + "Expect: 200-ok\r\nContent-Length: 2\r\n") + "{}"}, {200}, 1},
      {"SmuggledByChunks", {Head(kSigned + kChunked + "Content-Length: 5\r\n") + "0\r\n\r\n" + second}, {400}},
      {"ChunkedInHttp10", {"POST /webhooks HTTP/1.0\r\n" + kChunked + "\r\n0\r\n\r\n"}, {400}},
  };
}

std::vector<Hostile> Heads() {
  const std::string fields = kSigned + "Content-Length: 2\r\n";
  const std::string part = "--b\r\nContent-Disposition: ";
  std::string ranges = "bytes=0-1";
  while (ranges.size() < 8000) ranges += ",2-3";
  return {
      {"H19LongHeaderLine", {"POST /webhooks HTTP/1.1\r\nX: " + std::string(50'000'000, 'x')}, {431}},
      {"H20ManyHeaders", {"POST /webhooks HTTP/1.1\r\n" + Repeat("X: y\r\n", 200'000)}, {431}},
      {"H22LongPath", {"POST /hooks/" + std::string(8100, 'p') + " HTTP/1.1\r\nContent-Length: 0\r\n\r\n"}, {414}},
      {"H23RangeOnPost", {Head(fields + "Range: " + ranges + "\r\n") + "{}"}, {200}, 1},
      {"H34Http2Preface", {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"}, {400}},
      {"H35TlsHello", {std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11)}, {400}},
      {"H43SpaceBeforeColon", {Head("X-GHL-Signature : good\r\nContent-Length: 2\r\n") + "{}"}, {400}},
      {"H43FoldedHeader", {Head("X-GHL-Signature: good\r\n more\r\nContent-Length: 2\r\n") + "{}"}, {400}},
      {"H44EncodedLineBreak", {Head(fields + "X-Forwarded-For: a%0D%0AEvil: 1\r\n") + "{}"}, {200}, 1},
      {"H44RawNul", {Head(fields + "X-Forwarded-For: a" + std::string(1, '\0') + "b\r\n") + "{}"}, {400}},
      {"H44RawLineFeed", {Head(fields + "X-Forwarded-For: a\nb\r\n") + "{}"}, {400}},
      {"H44RawCarriageReturn", {Head(fields + "X-Forwarded-For: a\rb\r\n") + "{}"}, {400}},
      {"H46ForwardedForSpoof", {Head(fields + "X-Forwarded-For: 127.0.0.1\r\n") + "{}"}, {200}, 1},
      {"H47NotJsonByLabel", {Head(fields + "Content-Type: text/plain\r\n") + "{}"}, {200}, 1},
      {"H49UrlencodedByLabel",
       {Head(kSigned + "Content-Length: 100000\r\nContent-Type: application/x-www-form-urlencoded\r\n"),
        std::string(100'000, 'u')},
       {200},
       1},
      {"H50MultipartWithLongPartHeader",
       {Head("Content-Length: 900000\r\nContent-Type: multipart/form-data; boundary=b\r\n"),
        part + std::string(900'000 - part.size(), 'm')},
       {401}},
      {"HeaderThatTurnsCompressionOn", {Head(fields + "Accept-Encoding: gzip, br\r\n") + "{}"}, {200}, 1},
  };
}

std::vector<Hostile> Targets() {
  std::vector<Hostile> all = {
      {"H38WrongPath", {"POST /nope HTTP/1.1\r\n" + kHost + kSigned + "Content-Length: 2\r\n\r\n{}"}, {404}},
  };
  for (const char* method : {"PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "GET", "PROPFIND"}) {
    all.push_back({std::string("H37Method") + method,
                   {std::string(method) + " /webhooks HTTP/1.1\r\n" + kHost + kSigned + "Content-Length: 2\r\n\r\n{}"},
                   {405}});
  }
  for (const char* path : {"metrics", "admin", "readyz"}) {
    all.push_back({std::string("H56AdminFromOutside_") + path,
                   {std::string("GET /") + path + " HTTP/1.1\r\n" + kHost + "\r\n"},
                   {404}});
  }
  return all;
}

const auto kNameOf = [](const ::testing::TestParamInfo<Hostile>& info) { return info.param.name; };
INSTANTIATE_TEST_SUITE_P(Framing, HostileRequestTest, ::testing::ValuesIn(Framing()), kNameOf);
INSTANTIATE_TEST_SUITE_P(Heads, HostileRequestTest, ::testing::ValuesIn(Heads()), kNameOf);
INSTANTIATE_TEST_SUITE_P(Targets, HostileRequestTest, ::testing::ValuesIn(Targets()), kNameOf);

using HostileClientTest = HttpTest;

// H29
TEST_F(HostileClientTest, ATruncatedBodyIsNeverAnEvent) {
  Serve();
  RawClient client = Connect();
  client.Send(Head(kSigned + "Content-Length: 100\r\n") + "0123456789");
  client.ShutdownSend();
  EXPECT_EQ(client.Receive().status, 400);
  EXPECT_TRUE(client.AwaitEnd());
  EXPECT_EQ(record_.CountTaken(), 0U);
  ExpectServes();
}

// H31
TEST_F(HostileClientTest, ADeliveryIsKeptThoughItsClientResets) {
  Serve();
  RawClient client = Connect();
  client.Send(Post());
  EXPECT_TRUE(record_.AwaitTaken(1));
  client.Reset();
  ExpectServes();
  EXPECT_EQ(record_.CountTaken(), 2U);
}

// H32
TEST_F(HostileClientTest, ADeliveryIsKeptThoughItsClientLeftWhileItWaited) {
  record_.hold = true;
  Serve();
  for (int i = 0; i < 20; ++i) {
    RawClient client = Connect();
    client.Send(Post());
    client.Close();
  }
  EXPECT_TRUE(record_.AwaitTaken(20));
  record_.Hold(false);
  ExpectServes();
  EXPECT_EQ(record_.CountTaken(), 21U);
}

// H40 with the pause that it is about.
TEST_F(HostileClientTest, ContinueIsSentOnceBeforeTheBody) {
  Serve();
  RawClient client = Connect();
  client.Send(Head(kSigned + "Expect: 100-continue\r\nContent-Length: 2\r\n"));
  EXPECT_EQ(client.Receive().status, 100);
  client.Send("{");
  EXPECT_EQ(client.Receive(std::chrono::milliseconds(30)).status, 0);
  client.Send("}");
  EXPECT_EQ(client.Receive().status, 200);
}

// H37: an answer to HEAD has no body.
TEST_F(HostileClientTest, HeadOnTheHookPathIsAnsweredWithoutABody) {
  Serve();
  RawClient client = Connect();
  client.Send(Get("/webhooks", "HEAD") + Post());
  EXPECT_EQ(client.Receive(std::chrono::seconds(5), false).status, 405);
  EXPECT_EQ(client.Receive().status, 200);
}

}  // namespace
}  // namespace crmsink::http
