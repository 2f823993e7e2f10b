#include "http/request_parser.h"

#include <algorithm>
#include <utility>

// What is let through:
//
//   request      = [ CRLF ] method SP target SP version CRLF *( field CRLF ) CRLF body
//   method       = 1*15 tchar
//   target       = ( "/" *vchar | "http://" ... "/" *vchar | "*" ), at most 1 KiB: else 414
//   version      = "HTTP/1.1" | "HTTP/1.0"
//   field        = 1*tchar ":" *( HTAB | SP..'~' | 0x80..0xFF ), at most 100 of them and a head of 16 KiB: else 431
//   body         = exactly Content-Length bytes
//                | *( size *( SP | HTAB ) [ ";" ... ] CRLF data CRLF ) "0" ... CRLF *( field CRLF ) CRLF
//   size         = 1*HEXDIG; a chunk's line has at most 256 bytes before its CRLF
//
// A line ends in CRLF and nothing else; CR, LF, NUL and other control characters stand nowhere else, no line is folded,
// no space stands before a colon. Beyond the grammar:
//   - Content-Length: at most one, digits only, not beside Transfer-Encoding: else 400; over the limit: 413.
//   - Transfer-Encoding: at most one, "chunked" alone, and not in HTTP/1.0: else 400.
//   - Neither of them on POST, PUT, PATCH: 411; on another method the body is empty.
//   - Content-Encoding: absent or "identity": else 415, since a signature covers the bytes that were sent.
//   - Host: at most one, without characters that a host cannot have: else 400. Nothing here depends on it, so a request
//     without one is let through.
//   - Expect other than "100-continue", every other field, and trailers are read over.
// Refusals come at the first byte that decides them, so that cutting the stream elsewhere changes nothing.

namespace crmsink::http {
namespace {

enum CharClass : std::uint8_t { kToken = 1, kTargetChar = 2, kValueChar = 4, kHostChar = 8 };

constexpr std::array<std::uint8_t, 256> MakeClasses() {
  std::array<std::uint8_t, 256> classes{};
  for (std::size_t c = 0; c < classes.size(); ++c) {
    const bool alnum = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    std::uint8_t bits = alnum ? kToken | kHostChar : 0;
    if (c > 0x20 && c < 0x7f) bits |= kTargetChar;
    if (c == '\t' || (c >= 0x20 && c < 0x7f) || c >= 0x80) bits |= kValueChar;
    classes[c] = bits;
  }
  for (const char c : std::string_view("!#$%&'*+-.^_`|~")) classes[static_cast<unsigned char>(c)] |= kToken;
  for (const char c : std::string_view("-._~%!$&'()*+;=:[]")) classes[static_cast<unsigned char>(c)] |= kHostChar;
  return classes;
}

constexpr std::array<std::uint8_t, 256> kClasses = MakeClasses();

bool Is(char c, CharClass kind) { return (kClasses[static_cast<unsigned char>(c)] & kind) != 0; }

// How many bytes at the front of `bytes` are of that class.
std::size_t Run(std::string_view bytes, CharClass kind) {
  std::size_t n = 0;
  while (n < bytes.size() && Is(bytes[n], kind)) ++n;
  return n;
}

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool EqualsIgnoringCase(std::string_view text, std::string_view lower) {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(), [](char a, char b) { return Lower(a) == b; });
}

std::string_view Trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = Lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

constexpr std::size_t kMaxMethod = 15;  // also what a std::string holds without allocating
constexpr std::size_t kBodyStep = 4096;

}  // namespace

RequestParser::State RequestParser::state() const {
  if (step_ == Step::kComplete) return State::kComplete;
  return step_ == Step::kRefused ? State::kRefused : State::kNeedMore;
}

void RequestParser::Refuse(int status) {
  refusal_ = status;
  step_ = Step::kRefused;
}

Request RequestParser::Take() {
  Request taken = std::move(request_);
  std::string version = std::move(version_), value = std::move(value_);  // keep what they have allocated
  version.clear();
  value.clear();
  *this = RequestParser(limits_);
  version_ = std::move(version);
  value_ = std::move(value);
  return taken;
}

std::size_t RequestParser::memory() const {
  std::size_t bytes =
      request_.body.capacity() + request_.path.capacity() + request_.forwarded_for.capacity() + value_.capacity();
  for (const auto* values : {&request_.ghl_signatures, &request_.wh_signatures}) {
    for (const std::string& value : *values) bytes += value.capacity();
  }
  return bytes;
}

std::size_t RequestParser::Feed(std::string_view bytes) {
  const std::size_t given = bytes.size();
  while (!bytes.empty() && step_ < Step::kComplete) {
    switch (step_) {
      case Step::kBody:
      case Step::kChunkData:
        ReadBody(bytes);
        break;
      case Step::kChunkSize:
      case Step::kChunkBlank:
      case Step::kChunkExtension:
        ReadChunkLine(bytes);
        break;
      case Step::kChunkLineEnd:
      case Step::kChunkDataCr:
      case Step::kChunkDataLf:
        ReadChunkLineEnd(bytes);
        break;
      default:
        ReadHead(bytes);
    }
  }
  return given - bytes.size();
}

// The head's limit, and a trailer's with it, is kept by never showing the steps below more than what is left of it.
void RequestParser::ReadHead(std::string_view& bytes) {
  const std::size_t room = limits_.head_bytes - head_bytes_;
  if (room == 0) return Refuse(431);
  const std::size_t shown = std::min(room, bytes.size());
  std::string_view piece = bytes.substr(0, shown);
  while (!piece.empty() && step_ < Step::kBody) ReadHeadPiece(piece);
  const std::size_t used = shown - piece.size();
  head_bytes_ += used;
  bytes.remove_prefix(used);
}

void RequestParser::ReadHeadPiece(std::string_view& bytes) {
  switch (step_) {
    case Step::kStart:
      return ReadStart(bytes);
    case Step::kMethod:
      return ReadMethod(bytes);
    case Step::kTarget:
      return ReadTarget(bytes);
    case Step::kVersion:
      return ReadVersion(bytes);
    case Step::kFieldStart:
      return ReadFieldStart(bytes);
    case Step::kFieldName:
      return ReadFieldName(bytes);
    case Step::kFieldValue:
      return ReadFieldValue(bytes);
    default:
      return ReadLineEnd(bytes);
  }
}

// One empty line is allowed, which some clients send after a body.
void RequestParser::ReadStart(std::string_view& bytes) {
  if (bytes.front() != '\r' || head_bytes_ > 0) {
    step_ = Step::kMethod;
    return;
  }
  bytes.remove_prefix(1);
  step_ = Step::kEmptyLineEnd;
}

void RequestParser::ReadMethod(std::string_view& bytes) {
  const std::size_t n = Run(bytes.substr(0, kMaxMethod + 1), kToken);
  if (request_.method.size() + n > kMaxMethod) return Refuse(400);
  request_.method.append(bytes, 0, n);
  bytes.remove_prefix(n);
  if (bytes.empty()) return;
  if (bytes.front() != ' ' || request_.method.empty()) return Refuse(400);
  bytes.remove_prefix(1);
  step_ = Step::kTarget;
}

void RequestParser::ReadTarget(std::string_view& bytes) {
  const std::size_t room = limits_.target_bytes - request_.path.size();
  const std::size_t n = Run(bytes.substr(0, room + 1), kTargetChar);
  request_.path.append(bytes, 0, std::min(n, room));
  if (n > room) return Refuse(414);
  bytes.remove_prefix(n);
  if (bytes.empty()) return;
  if (bytes.front() != ' ') return Refuse(400);
  bytes.remove_prefix(1);
  step_ = Step::kVersion;
  FinishTarget();
}

void RequestParser::FinishTarget() {
  std::string& path = request_.path;
  if (const auto scheme = path.find("://"); !path.starts_with('/') && scheme != std::string::npos) {
    if (!EqualsIgnoringCase(std::string_view(path).substr(0, scheme), "http") &&
        !EqualsIgnoringCase(std::string_view(path).substr(0, scheme), "https")) {
      return Refuse(400);
    }
    path.erase(0, std::min(path.find_first_of("/?", scheme + 3), path.size()));
    if (!path.starts_with('/')) path.insert(path.begin(), '/');
  }
  if (!path.starts_with('/') && path != "*") return Refuse(400);
  path.erase(std::min(path.find('?'), path.size()));
}

void RequestParser::ReadVersion(std::string_view& bytes) {
  const char c = bytes.front();
  bytes.remove_prefix(1);
  if (version_.size() == 8) {
    if (c != '\r') return Refuse(400);
    request_.http_1_0 = version_.back() == '0';
    step_ = Step::kRequestLineEnd;
    return;
  }
  version_.push_back(c);
  if (!std::string_view("HTTP/1.1").starts_with(version_) && version_ != "HTTP/1.0") Refuse(400);
}

void RequestParser::ReadFieldStart(std::string_view& bytes) {
  if (bytes.front() == '\r') {
    bytes.remove_prefix(1);
    step_ = Step::kHeadEnd;
    return;
  }
  if (!Is(bytes.front(), kToken)) return Refuse(400);
  if (++fields_ > limits_.fields) return Refuse(431);
  name_size_ = 0;
  step_ = Step::kFieldName;
}

void RequestParser::ReadFieldName(std::string_view& bytes) {
  const std::size_t n = Run(bytes, kToken);
  for (std::size_t i = 0; i < n && name_size_ < name_.size(); ++i) name_[name_size_++] = Lower(bytes[i]);
  bytes.remove_prefix(n);
  if (bytes.empty()) return;
  if (bytes.front() != ':') return Refuse(400);
  bytes.remove_prefix(1);
  field_ = in_trailer_ ? Field::kOther : Classify();
  value_.clear();
  step_ = Step::kFieldValue;
}

RequestParser::Field RequestParser::Classify() const {
  constexpr std::pair<std::string_view, Field> kFields[] = {
      {"connection", Field::kConnection},
      {"content-encoding", Field::kContentEncoding},
      {"content-length", Field::kContentLength},
      {"expect", Field::kExpect},
      {"host", Field::kHost},
      {"transfer-encoding", Field::kTransferEncoding},
      {"x-forwarded-for", Field::kForwardedFor},
      {"x-ghl-signature", Field::kGhlSignature},
      {"x-wh-signature", Field::kWhSignature},
  };
  const std::string_view name(name_.data(), name_size_);
  for (const auto& [known, field] : kFields) {
    if (name == known) return field;
  }
  return Field::kOther;
}

void RequestParser::ReadFieldValue(std::string_view& bytes) {
  const std::size_t n = Run(bytes, kValueChar);
  if (field_ != Field::kOther) value_.append(bytes, 0, n);
  bytes.remove_prefix(n);
  if (bytes.empty()) return;
  if (bytes.front() != '\r') return Refuse(400);
  bytes.remove_prefix(1);
  step_ = Step::kFieldEnd;
}

void RequestParser::ReadLineEnd(std::string_view& bytes) {
  if (bytes.front() != '\n') return Refuse(400);
  bytes.remove_prefix(1);
  const Step ended = step_;
  step_ = Step::kFieldStart;
  if (ended == Step::kEmptyLineEnd) step_ = Step::kMethod;
  if (ended == Step::kFieldEnd) FinishField();
  if (ended == Step::kHeadEnd) FinishHead();
}

void RequestParser::FinishField() {
  const std::string_view value = Trim(value_);
  switch (field_) {
    case Field::kOther:
      break;
    case Field::kConnection:
      FinishConnection(value);
      break;
    case Field::kContentEncoding:
      if (!EqualsIgnoringCase(value, "identity")) has_content_encoding_ = true;
      break;
    case Field::kContentLength:
      FinishContentLength(value);
      break;
    case Field::kExpect:
      if (EqualsIgnoringCase(value, "100-continue")) expects_continue_ = true;
      break;
    case Field::kForwardedFor:
      request_.forwarded_for.append(request_.forwarded_for.empty() ? "" : ",").append(value);
      break;
    case Field::kGhlSignature:
      request_.ghl_signatures.emplace_back(value);
      break;
    case Field::kHost:
      if (std::exchange(has_host_, true) || Run(value, kHostChar) != value.size()) Refuse(400);
      break;
    case Field::kTransferEncoding:
      if (std::exchange(has_transfer_encoding_, true) || !EqualsIgnoringCase(value, "chunked")) Refuse(400);
      break;
    case Field::kWhSignature:
      request_.wh_signatures.emplace_back(value);
      break;
  }
}

void RequestParser::FinishContentLength(std::string_view value) {
  if (std::exchange(has_content_length_, true) || value.empty()) return Refuse(400);
  std::size_t length = 0;
  for (const char c : value) {
    if (c < '0' || c > '9') return Refuse(400);
    length = std::min(length * 10 + static_cast<std::size_t>(c - '0'), limits_.body_bytes + 1);
  }
  content_length_ = length;
}

void RequestParser::FinishConnection(std::string_view value) {
  while (!value.empty()) {
    const std::size_t end = std::min(value.find(','), value.size());
    const std::string_view option = Trim(value.substr(0, end));
    if (EqualsIgnoringCase(option, "close")) says_close_ = true;
    if (EqualsIgnoringCase(option, "keep-alive")) says_keep_alive_ = true;
    value.remove_prefix(std::min(end + 1, value.size()));
  }
}

void RequestParser::FinishHead() {
  if (in_trailer_) {
    step_ = Step::kComplete;
    return;
  }
  if (has_transfer_encoding_ && (has_content_length_ || request_.http_1_0)) return Refuse(400);
  if (has_content_encoding_) return Refuse(415);
  const bool wants_body = request_.method == "POST" || request_.method == "PUT" || request_.method == "PATCH";
  if (wants_body && !has_content_length_ && !has_transfer_encoding_) return Refuse(411);
  if (content_length_ > limits_.body_bytes) return Refuse(413);
  request_.keep_alive = !says_close_ && (!request_.http_1_0 || says_keep_alive_);
  if (request_.http_1_0) expects_continue_ = false;
  remaining_ = content_length_;
  if (has_transfer_encoding_) {
    step_ = Step::kChunkSize;
  } else {
    step_ = remaining_ == 0 ? Step::kComplete : Step::kBody;
  }
}

void RequestParser::ReadBody(std::string_view& bytes) {
  const std::size_t n = std::min(remaining_, bytes.size());
  AppendBody(bytes.substr(0, n));
  bytes.remove_prefix(n);
  remaining_ -= n;
  if (remaining_ == 0) step_ = step_ == Step::kBody ? Step::kComplete : Step::kChunkDataCr;
}

// Memory follows what has come, not what was announced; only a short body is made room for at once.
void RequestParser::AppendBody(std::string_view bytes) {
  expects_continue_ = false;
  std::string& body = request_.body;
  const std::size_t needed = body.size() + bytes.size();
  if (needed > body.capacity()) {
    const std::size_t announced = has_content_length_ ? content_length_ : limits_.body_bytes;
    std::string roomy;  // reserve() on the body itself might double it, whatever was announced
    roomy.reserve(std::min(announced, std::max({needed, kBodyStep, body.size() * 2})));
    roomy.append(body);
    body.swap(roomy);
  }
  body.append(bytes);
}

void RequestParser::ReadChunkLine(std::string_view& bytes) {
  expects_continue_ = false;
  const char c = bytes.front();
  bytes.remove_prefix(1);
  if (c == '\r' && chunk_line_bytes_ > 0) {
    step_ = Step::kChunkLineEnd;
    return;
  }
  if (++chunk_line_bytes_ > limits_.chunk_line_bytes) return Refuse(400);
  const int digit = HexDigit(c);
  if (step_ == Step::kChunkExtension) {
    if (!Is(c, kValueChar)) Refuse(400);
  } else if (step_ == Step::kChunkSize && digit >= 0) {
    remaining_ = std::min(remaining_ * 16 + static_cast<std::size_t>(digit), limits_.body_bytes + 1);
  } else if (chunk_line_bytes_ > 1 && c == ';') {
    step_ = Step::kChunkExtension;
  } else if (chunk_line_bytes_ > 1 && (c == ' ' || c == '\t')) {
    step_ = Step::kChunkBlank;
  } else {
    Refuse(400);
  }
}

void RequestParser::ReadChunkLineEnd(std::string_view& bytes) {
  if (bytes.front() != (step_ == Step::kChunkDataCr ? '\r' : '\n')) return Refuse(400);
  bytes.remove_prefix(1);
  if (step_ == Step::kChunkDataCr) {
    step_ = Step::kChunkDataLf;
  } else if (step_ == Step::kChunkDataLf) {
    chunk_line_bytes_ = 0;
    step_ = Step::kChunkSize;
  } else if (remaining_ > limits_.body_bytes - request_.body.size()) {
    Refuse(413);
  } else if (remaining_ == 0) {
    in_trailer_ = true;
    step_ = Step::kFieldStart;
  } else {
    step_ = Step::kChunkData;
  }
}

}  // namespace crmsink::http
