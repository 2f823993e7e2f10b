#include "http/request_parser.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace crmsink::http {
namespace {

constexpr RequestParser::Limits kLimits = {
    .body_bytes = 1000, .head_bytes = 600, .fields = 10, .target_bytes = 100, .chunk_line_bytes = 32};

std::string Show(const Request& request) {
  std::string shown = request.method + " " + request.path + (request.http_1_0 ? " 1.0" : " 1.1") +
                      (request.keep_alive ? " keep" : " close") + " [" + request.body + "]";
  for (const std::string& value : request.ghl_signatures) shown += " ghl=" + value;
  for (const std::string& value : request.wh_signatures) shown += " wh=" + value;
  return shown;
}

// Feeds the bytes in pieces of at most `piece` bytes, and tells what came of them: a line for each request, then the
// refusal or what is still open.
std::string Read(std::string_view bytes, std::size_t piece, const RequestParser::Limits& limits = kLimits) {
  RequestParser parser(limits);
  std::string story;
  while (!bytes.empty()) {
    const std::size_t taken = parser.Feed(bytes.substr(0, piece));
    bytes.remove_prefix(taken);
    EXPECT_LE(parser.body_memory(), 2 * limits.body_bytes + 4096);
    if (parser.state() == RequestParser::State::kRefused) return story + std::to_string(parser.refusal());
    if (parser.state() == RequestParser::State::kComplete) {
      story += Show(parser.Take()) + "\n";
    } else if (taken == 0) {
      return story + "STUCK";
    }
  }
  if (parser.awaits_continue()) story += "continue?";
  return story + (parser.started() ? "more" : "");
}

std::string Post(const std::string& fields, const std::string& rest = "") {
  return "POST /webhooks HTTP/1.1\r\nHost: crm.example.com\r\n" + fields + "\r\n" + rest;
}

struct Case {
  std::string bytes;
  std::string story;
};

const std::string kPlain = "POST /webhooks 1.1 keep [ab]\n";
const std::string kChunked = "Transfer-Encoding: chunked\r\n";

std::vector<Case> WellFormed() {
  return {
      {Post("Content-Length: 2\r\n", "ab"), kPlain},
      {Post("content-LENGTH:2\r\n", "ab"), kPlain},
      {Post("Content-Length: \t002 \r\n", "ab"), kPlain},
      {"\r\n" + Post("Content-Length: 2\r\n", "ab") + "\r\n" + Post("Content-Length: 2\r\n", "ab"), kPlain + kPlain},
      {"\r\n", ""},
      {Post("Content-Length: 0\r\n"), "POST /webhooks 1.1 keep []\n"},
      {Post("Content-Length: 1000\r\n", std::string(1000, 'x')),
       "POST /webhooks 1.1 keep [" + std::string(1000, 'x') + "]\n"},
      {"GET / HTTP/1.1\r\n\r\n", "GET / 1.1 keep []\n"},
      {"GET / HTTP/1.0\r\n\r\n", "GET / 1.0 close []\n"},
      {"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", "GET / 1.0 keep []\n"},
      {"GET / HTTP/1.1\r\nConnection: keep-alive, Close\r\n\r\n", "GET / 1.1 close []\n"},
      {"OPTIONS * HTTP/1.1\r\n\r\n", "OPTIONS * 1.1 keep []\n"},
      {"BREW /pot?milk=a/b HTTP/1.1\r\n\r\n", "BREW /pot 1.1 keep []\n"},
      {"GET http://a.example:80/b?c HTTP/1.1\r\n\r\n", "GET /b 1.1 keep []\n"},
      {"GET HTTPS://a.example?c HTTP/1.1\r\n\r\n", "GET / 1.1 keep []\n"},
      {"GET /a?u=http://b HTTP/1.1\r\n\r\n", "GET /a 1.1 keep []\n"},
      {"GET / HTTP/1.1\r\nHost:\r\n\r\n", "GET / 1.1 keep []\n"},
      {"GET / HTTP/1.1\r\nX: \x80\xff\t~ \r\n\r\n", "GET / 1.1 keep []\n"},
      {"GET / HTTP/1.1\r\nX-GHL-Signature:  a b\t \r\nx-ghl-signature:\r\nX-WH-SIGNATURE:c\r\n\r\n",
       "GET / 1.1 keep [] ghl=a b ghl= wh=c\n"},
      {"GET / HTTP/1.1\r\nX-GHL-Signature-And-Longer: a\r\nX-GHL-Signatur: b\r\n\r\n", "GET / 1.1 keep []\n"},
      {"GET /" + std::string(99, 'p') + " HTTP/1.1\r\n\r\n", "GET /" + std::string(99, 'p') + " 1.1 keep []\n"},
      {Post(kChunked, "1\r\na\r\n01\r\nb\r\n0\r\n\r\n"), kPlain},
      {Post("transfer-encoding:CHUNKED\r\n", "2 ;x=\"y\"\r\nab\r\n000;z\r\n\r\n"), kPlain},
      {Post(kChunked, "2  \r\nab\r\n0\r\nX-GHL-Signature: late\r\nContent-Length: 9\r\n\r\n"), kPlain},
      {Post(kChunked, "0\r\n\r\n"), "POST /webhooks 1.1 keep []\n"},
      {Post(kChunked, "A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n"),
       "POST /webhooks 1.1 keep [01234567890123456789]\n"},
      {Post("Content-Encoding: Identity\r\nContent-Length: 2\r\n", "ab"), kPlain},
      {Post("Expect: 100-continue\r\nContent-Length: 2\r\n"), "continue?more"},
      {Post("Expect: 100-Continue\r\n" + kChunked), "continue?more"},
      {Post("Expect: 100-continue\r\nContent-Length: 2\r\n", "a"), "more"},
      {Post("Expect: 200-ok\r\nContent-Length: 2\r\n"), "more"},
      {"POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n", "more"},
      {"P", "more"},
  };
}

std::vector<Case> Refused() {
  std::vector<Case> cases = {
      {Post("Content-Length: abc\r\n", "{}"), "400"},
      {Post("Content-Length:\r\n"), "400"},
      {Post("Content-Length: +2\r\n", "ab"), "400"},
      {Post("Content-Length: -2\r\n", "ab"), "400"},
      {Post("Content-Length: 0x2\r\n", "ab"), "400"},
      {Post("Content-Length: 2 2\r\n", "ab"), "400"},
      {Post("Content-Length: 2, 2\r\n", "ab"), "400"},
      {Post("Content-Length: 2\r\nContent-Length: 2\r\n", "ab"), "400"},
      {Post("Content-Length: 2\r\nContent-Length: 40\r\n", "ab"), "400"},
      {Post("Content-Length: 2\r\n" + kChunked, "ab"), "400"},
      {Post(kChunked + "Content-Length: 2\r\n", "ab"), "400"},
      {Post(kChunked + kChunked, "0\r\n\r\n"), "400"},
      {Post("Transfer-Encoding: gzip, chunked\r\n"), "400"},
      {Post("Transfer-Encoding: chunked, chunked\r\n"), "400"},
      {Post("Transfer-Encoding: identity\r\n"), "400"},
      {Post("Transfer-Encoding:\r\n"), "400"},
      {Post("Transfer-Encoding: \x0b"
            "chunked\r\n"),
       "400"},
      {"POST / HTTP/1.0\r\n" + kChunked + "\r\n0\r\n\r\n", "400"},
      {Post(""), "411"},
      {"PUT / HTTP/1.1\r\n\r\n", "411"},
      {"PATCH / HTTP/1.0\r\n\r\n", "411"},
      {Post("Content-Length: 1001\r\n"), "413"},
      {Post("Content-Length: 99999999999999999999999999999999999\r\n"), "413"},
      {Post(kChunked, "3E9\r\n"), "413"},
      {Post(kChunked, "3e8\r\n" + std::string(1000, 'x') + "\r\n1\r\n"), "413"},
      {Post(kChunked, "10000000000000002\r\nab"), "413"},
      {"GET /" + std::string(100, 'p') + " HTTP/1.1\r\n\r\n", "414"},
      {Post("Content-Encoding: gzip\r\nContent-Length: 2\r\n"), "415"},
      {Post("Content-Encoding:\r\nContent-Length: 2\r\n"), "415"},
      {Post("Content-Encoding: identity, zstd\r\nContent-Length: 2\r\n"), "415"},
      {Post("X: " + std::string(700, 'x')), "431"},
      {Post(std::string(700, 'x')), "431"},
      {"GET / HTTP/1.1\r\nA:\r\nA:\r\nA:\r\nA:\r\nA:\r\nA:\r\nA:\r\nA:\r\nA:\r\nA:\r\nA:\r\n\r\n", "431"},
      {Post(kChunked, "0\r\nX: " + std::string(700, 'x')), "431"},
      {Post(kChunked, "g\r\n"), "400"},
      {Post(kChunked, "\r\n"), "400"},
      {Post(kChunked, ";x\r\n"), "400"},
      {Post(kChunked, " 2\r\nab"), "400"},
      {Post(kChunked, "0x2\r\nab"), "400"},
      {Post(kChunked, "-1\r\n"), "400"},
      {Post(kChunked, "2\nab"), "400"},
      {Post(kChunked, "2\r\nabc\r\n"), "400"},
      {Post(kChunked, "2\r\nab\n0\r\n\r\n"), "400"},
      {Post(kChunked, "2\r\nab\r0\r\n\r\n"), "400"},
      {Post(kChunked, "2 2\r\nab"), "400"},
      {Post(kChunked, "2;a\nb\r\nab"), "400"},
      {Post(kChunked, "2;" + std::string(40, 'x')), "400"},
      {Post(kChunked, "000000000000000000000000000000000000"), "400"},
      {Post(kChunked, "0\r\n folded\r\n\r\n"), "400"},
      {Post("Host: second\r\nContent-Length: 2\r\n"), "400"},
      {"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "400"},
      {"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", "400"},
      {Post("X-GHL-Signature : v\r\n"), "400"},
      {Post("X: a\r\n b\r\n"), "400"},
      {Post("X: a\r\n\tb\r\n"), "400"},
      {Post(": a\r\n"), "400"},
      {Post("X\r\n"), "400"},
      {Post("X(: a\r\n"), "400"},
      {Post("X: a\nY: b\r\n"), "400"},
      {Post("X: a\rb\r\n"), "400"},
      {Post(std::string("X: a\0b\r\n", 8)), "400"},
      {Post("X: a\x7f\r\n"), "400"},
      {"GET / HTTP/1.1\n\n", "400"},
      {"GET / HTTP/1.1\r\n\n", "400"},
      {"\n", "400"},
      {"\r\n\r\nGET / HTTP/1.1\r\n\r\n", "400"},
      {"GET  / HTTP/1.1\r\n\r\n", "400"},
      {"GET /  HTTP/1.1\r\n\r\n", "400"},
      {"GET / HTTP/1.1 \r\n\r\n", "400"},
      {" GET / HTTP/1.1\r\n\r\n", "400"},
      {"GET\t/ HTTP/1.1\r\n\r\n", "400"},
      {"GET /\t HTTP/1.1\r\n\r\n", "400"},
      {"GET /\xc3\xa4 HTTP/1.1\r\n\r\n", "400"},
      {"GET /\r\n", "400"},
      {"GET webhooks HTTP/1.1\r\n\r\n", "400"},
      {"GET ftp://a/b HTTP/1.1\r\n\r\n", "400"},
      {"CONNECT a.example:443 HTTP/1.1\r\n\r\n", "400"},
      {"GET / HTTP/2.0\r\n\r\n", "400"},
      {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "400"},
      {"GET / HTTP/1.2\r\n\r\n", "400"},
      {"GET / http/1.1\r\n\r\n", "400"},
      {"ABCDEFGHIJKLMNOP / HTTP/1.1\r\n\r\n", "400"},
      {std::string("\x16\x03\x01\x02\x00\x01", 6), "400"},
  };
  return cases;
}

std::vector<Case> AllCases() {
  std::vector<Case> cases = WellFormed();
  for (const Case& refused : Refused()) {
    cases.push_back(refused);
    cases.push_back({Post("Content-Length: 2\r\n", "ab") + refused.bytes, kPlain + refused.story});
  }
  return cases;
}

TEST(RequestParserTest, ReadsWhatHasOneMeaning) {
  for (const Case& c : WellFormed()) EXPECT_EQ(Read(c.bytes, c.bytes.size()), c.story) << c.bytes;
}

TEST(RequestParserTest, RefusesTheRest) {
  for (const Case& c : Refused()) EXPECT_EQ(Read(c.bytes, c.bytes.size()), c.story) << c.bytes;
}

TEST(RequestParserTest, DoesNotCareHowTheBytesAreCut) {
  for (const Case& c : AllCases()) {
    for (const std::size_t piece : {1, 2, 3, 7, 64})
      EXPECT_EQ(Read(c.bytes, piece), c.story) << piece << ": " << c.bytes;
  }
}

TEST(RequestParserTest, LeavesTheNextRequestUntouched) {
  const std::string first = Post("Content-Length: 2\r\n", "ab");
  RequestParser parser(kLimits);
  EXPECT_EQ(parser.Feed(first + first), first.size());
  EXPECT_EQ(parser.Feed(first), 0U);
  EXPECT_EQ(Show(parser.Take()) + "\n", kPlain);
  EXPECT_FALSE(parser.started());
}

TEST(RequestParserTest, TakesAHeadOfExactlyTheLimit) {
  const std::string without = Post("Content-Length: 2\r\nX: \r\n");
  const std::string fill(kLimits.head_bytes - without.size(), 'x');
  EXPECT_EQ(Read(Post("Content-Length: 2\r\nX: " + fill + "\r\n", "ab"), 9999), kPlain);
  EXPECT_EQ(Read(Post("Content-Length: 2\r\nX: " + fill + "x\r\n", "ab"), 9999), "431");
}

TEST(RequestParserTest, AnAnnouncedBodyCostsNoMemoryBeforeItComes) {
  RequestParser parser(RequestParser::Limits{});
  parser.Feed(Post("Content-Length: 16000000\r\n", "ab"));
  EXPECT_EQ(parser.state(), RequestParser::State::kNeedMore);
  EXPECT_LE(parser.body_memory(), 4096U);
}

TEST(RequestParserTest, TellsWhatItHolds) {
  RequestParser parser(RequestParser::Limits{});
  const std::string signature(5000, 'A');
  parser.Feed(
      Post("X-GHL-Signature: " + signature + "\r\nX-Forwarded-For: " + signature + "\r\nX-Other: " + signature));
  EXPECT_GE(parser.memory(), 2 * signature.size());
  parser.Feed("\r\nContent-Length: 9000\r\n\r\n" + std::string(8000, 'x'));
  EXPECT_GE(parser.memory(), signature.size() + 8000);
  EXPECT_LE(parser.memory(), 40'000U);
}

// Requests that were good once, with bytes changed, taken out, doubled and put in. None may upset the parser, and every
// one means the same however it is cut.
TEST(RequestParserTest, SurvivesMutatedRequests) {
  std::mt19937 random(20240611);
  const auto below = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random); };
  const std::vector<Case> cases = AllCases();
  const std::string_view likely = "\r\n\r\n:; \t\0,0123456789abcdefchunkedPOST/";
  int refused = 0, complete = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = cases[below(cases.size())].bytes + cases[below(cases.size())].bytes;
    for (std::size_t change = below(4); change > 0; --change) {
      const std::size_t at = below(bytes.size());
      const std::size_t length = below(8) + 1;
      const char c = below(2) == 0 ? likely[below(likely.size())] : static_cast<char>(below(256));
      switch (below(4)) {
        case 0:
          bytes[at] = c;
          break;
        case 1:
          bytes.insert(at, 1, c);
          break;
        case 2:
          bytes.erase(at, bytes.size() > 20 ? length : 0);
          break;
        default:
          bytes.insert(at, bytes.substr(below(bytes.size()), length));
      }
    }
    const std::string story = Read(bytes, bytes.size());
    ASSERT_EQ(Read(bytes, 1), story) << bytes;
    ASSERT_EQ(Read(bytes, below(bytes.size()) + 1), story) << bytes;
    ASSERT_EQ(story.find("STUCK"), std::string::npos);
    complete += story.find('\n') != std::string::npos ? 1 : 0;
    refused += story.ends_with("400") ? 1 : 0;
  }
  EXPECT_GT(complete, 1'000);
  EXPECT_GT(refused, 1'000);
}

}  // namespace
}  // namespace crmsink::http
