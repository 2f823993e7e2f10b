#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace crmsink::http {

// One whole request, reduced to what the program reads.
struct Request {
  std::string method;                       // as sent: a token of at most 15 bytes
  std::string path;                         // the target's path: starts with '/', or is "*"; without query, not decoded
  std::string body;                         // chunks joined, otherwise untouched
  std::vector<std::string> ghl_signatures;  // every value of X-GHL-Signature, white space trimmed
  std::vector<std::string> wh_signatures;   // every value of X-WH-Signature, likewise
  std::string forwarded_for;                // every value of X-Forwarded-For, joined by commas
  bool http_1_0 = false;
  bool keep_alive = true;  // what the client asked for, by version and Connection
};

// Reads requests off a byte stream and lets through only what has one meaning. The grammar (RFC 9112, narrowed) stands
// at the top of request_parser.cc.
//
// Pure and incremental: it does no I/O, and it does not matter how the bytes are cut into pieces. Memory is bounded by
// the limits. Not thread-safe: one parser for each connection.
class RequestParser {
 public:
  struct Limits {
    std::size_t body_bytes = std::size_t{16} << 20;  // beyond: 413, from the header where it says the length
    std::size_t head_bytes = std::size_t{16} << 10;  // request line, fields and trailer: 431
    std::size_t fields = 100;                        // 431
    std::size_t target_bytes = 1024;                 // 414
    std::size_t chunk_line_bytes = 256;              // a chunk's size and extension: 400
  };

  enum class State {
    kNeedMore,  // feed it more
    kComplete,  // Take() the request, then feed the rest
    kRefused,   // answer refusal(), close the connection
  };

  explicit RequestParser(const Limits& limits) : limits_(limits) {}

  // Reads from `bytes` until they end, the request is complete or it is refused; returns how many were taken. After a
  // complete request the rest belongs to the next one; after a refusal the number means nothing.
  std::size_t Feed(std::string_view bytes);

  State state() const;

  // The status to refuse with: 400, 411, 413, 414, 415 or 431. REQUIRES: state() is kRefused.
  int refusal() const { return refusal_; }

  // True once a byte of the next request has come; an empty line before it does not count.
  bool started() const { return step_ > Step::kMethod || !request_.method.empty(); }

  // True while the client waits for "100 Continue" before it sends the body.
  bool awaits_continue() const { return expects_continue_ && step_ >= Step::kBody && state() == State::kNeedMore; }

  // What the body takes in memory now.
  std::size_t body_memory() const { return request_.body.capacity(); }
  // What all of the request takes, but for a hundred bytes or so.
  std::size_t memory() const;

  // The request so far; its path is there once the request line has been read.
  const Request& request() const { return request_; }

  // Hands the request over and makes the parser ready for the next one. REQUIRES: state() is kComplete.
  Request Take();

 private:
  // In the order in which they are passed. What stands before kBody is the head; a trailer goes through it again.
  enum class Step : std::uint8_t {
    kStart,
    kEmptyLineEnd,
    kMethod,
    kTarget,
    kVersion,
    kRequestLineEnd,
    kFieldStart,
    kFieldName,
    kFieldValue,
    kFieldEnd,
    kHeadEnd,
    kBody,
    kChunkSize,
    kChunkBlank,
    kChunkExtension,
    kChunkLineEnd,
    kChunkData,
    kChunkDataCr,
    kChunkDataLf,
    kComplete,
    kRefused,
  };
  enum class Field : std::uint8_t {
    kOther,
    kConnection,
    kContentEncoding,
    kContentLength,
    kExpect,
    kForwardedFor,
    kGhlSignature,
    kHost,
    kTransferEncoding,
    kWhSignature,
  };
  // Each reads a piece from the front of `bytes`, at least one byte, and moves step_.
  void ReadHead(std::string_view& bytes);
  void ReadHeadPiece(std::string_view& bytes);
  void ReadStart(std::string_view& bytes);
  void ReadMethod(std::string_view& bytes);
  void ReadTarget(std::string_view& bytes);
  void ReadVersion(std::string_view& bytes);
  void ReadFieldStart(std::string_view& bytes);
  void ReadFieldName(std::string_view& bytes);
  void ReadFieldValue(std::string_view& bytes);
  void ReadLineEnd(std::string_view& bytes);
  void ReadBody(std::string_view& bytes);
  void ReadChunkLine(std::string_view& bytes);
  void ReadChunkLineEnd(std::string_view& bytes);

  Field Classify() const;
  void FinishTarget();
  void FinishField();
  void FinishContentLength(std::string_view value);
  void FinishConnection(std::string_view value);
  void FinishHead();
  void AppendBody(std::string_view bytes);
  void Refuse(int status);

  Limits limits_;
  Step step_ = Step::kStart;
  Request request_;

  std::size_t head_bytes_ = 0;
  std::size_t fields_ = 0;
  std::size_t chunk_line_bytes_ = 0;
  std::size_t remaining_ = 0;       // bytes of the body or of the chunk still to come
  std::size_t content_length_ = 0;  // saturated just above the limit
  int refusal_ = 0;

  std::string version_;
  std::array<char, 20> name_{};  // the field's name in lower case, as far as it can matter
  std::size_t name_size_ = 0;
  Field field_ = Field::kOther;
  std::string value_;

  bool has_content_length_ = false;
  bool has_transfer_encoding_ = false;
  bool has_host_ = false;
  bool has_content_encoding_ = false;
  bool expects_continue_ = false;
  bool says_close_ = false;
  bool says_keep_alive_ = false;
  bool in_trailer_ = false;
};

}  // namespace crmsink::http
