#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "require.h"

#include "http/request_parser.h"

// The edge's grammar. An input is one byte N, N % 16 sizes of pieces, a byte each, and the stream of bytes. However the
// stream is cut, the same requests come out of it, and the same refusal.

namespace crmsink::http {
namespace {

constexpr RequestParser::Limits kLimits{
    .body_bytes = 600, .head_bytes = 500, .fields = 8, .target_bytes = 40, .chunk_line_bytes = 20};

struct Outcome {
  std::vector<std::string> requests;
  RequestParser::State state = RequestParser::State::kNeedMore;
  int refusal = 0;
  bool started = false;
  bool awaits_continue = false;
  std::string path;

  bool operator==(const Outcome&) const = default;
};

std::string Shown(const Request& request) {
  std::string text = request.method + ' ' + request.path + (request.http_1_0 ? " 1.0" : " 1.1") +
                     (request.keep_alive ? " keep" : " close") + '\n';
  for (const std::string& value : request.ghl_signatures) text += "ghl " + value + '\n';
  for (const std::string& value : request.wh_signatures) text += "wh " + value + '\n';
  return text + request.body;
}

void CheckBounds(const RequestParser& parser) {
  const Request& request = parser.request();
  std::size_t values = 0;
  for (const auto* signatures : {&request.ghl_signatures, &request.wh_signatures}) {
    for (const std::string& value : *signatures) values += value.size() + 1;
  }
  Require(parser.body_memory() <= kLimits.body_bytes || parser.body_memory() < sizeof(std::string),
          "a body takes no more memory than its limit");
  Require(request.method.size() <= 15 && request.path.size() <= kLimits.target_bytes, "method and path are bounded");
  Require(values <= kLimits.head_bytes, "the values of a head are bounded by the head");
}

void CheckRefusal(int status) {
  for (const int known : {400, 411, 413, 414, 415, 431}) {
    if (status == known) return;
  }
  Require(false, "a refusal has a status of its own");
}

// Feeds one piece, and takes every request that it completes. False: refused.
bool FeedPiece(RequestParser& parser, std::string_view piece, Outcome& outcome) {
  while (true) {
    const std::size_t taken = parser.Feed(piece);
    Require(taken <= piece.size(), "no more is taken than was given");
    CheckBounds(parser);
    switch (parser.state()) {
      case RequestParser::State::kNeedMore:
        Require(taken == piece.size(), "a parser that needs more has taken everything");
        return true;
      case RequestParser::State::kRefused:
        CheckRefusal(parser.refusal());
        return false;
      case RequestParser::State::kComplete:
        Require(parser.refusal() == 0, "what is complete is not refused");
        Require(taken > 0 || piece.empty(), "a complete request has taken a byte");
        outcome.requests.push_back(Shown(parser.Take()));
        Require(parser.state() == RequestParser::State::kNeedMore && !parser.started(), "Take() begins anew");
        piece.remove_prefix(taken);
        if (piece.empty()) return true;
    }
  }
}

// `sizes` are used in turn; 0 is all that is left.
Outcome Parse(std::string_view stream, const std::vector<std::size_t>& sizes) {
  Outcome outcome;
  RequestParser parser(kLimits);
  for (std::size_t turn = 0; !stream.empty(); ++turn) {
    const std::size_t size = sizes[turn % sizes.size()];
    const std::string_view piece = stream.substr(0, size == 0 ? stream.size() : size);
    stream.remove_prefix(piece.size());
    if (!FeedPiece(parser, piece, outcome)) break;
  }
  outcome.state = parser.state();
  outcome.refusal = parser.refusal();
  outcome.started = parser.started();
  outcome.awaits_continue = parser.awaits_continue();
  if (outcome.state == RequestParser::State::kNeedMore) outcome.path = parser.request().path;
  return outcome;
}

}  // namespace
}  // namespace crmsink::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace crmsink::http;
  std::string_view stream(reinterpret_cast<const char*>(data), size);
  std::vector<std::size_t> sizes;
  if (!stream.empty()) {
    const std::size_t count = std::min<std::size_t>(data[0] % 16, size - 1);
    for (std::size_t i = 1; i <= count; ++i) sizes.push_back(data[i]);
    stream.remove_prefix(1 + count);
  }
  if (sizes.empty()) sizes.push_back(2);
  const Outcome whole = Parse(stream, {0});
  crmsink::Require(Parse(stream, {1}) == whole, "byte by byte is the same as whole");
  crmsink::Require(Parse(stream, sizes) == whole, "in pieces is the same as whole");
  return 0;
}
