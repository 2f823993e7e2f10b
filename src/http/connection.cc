#include "http/connection.h"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "http/tls_stream.h"

namespace crmsink::http {
namespace {

template <class Stream>
constexpr bool kIsTls = std::is_same_v<Stream, TlsStream>;

// What an idle connection costs; a request of usual size fits.
constexpr std::size_t kSmallBuffer = 4096;
// While a long body comes in.
constexpr std::size_t kLargeBuffer = std::size_t{64} << 10;
// A request up to this size is not charged while it is read.
constexpr std::size_t kFree = 4096;
// Longer answers than this are not kept as room for the next one.
constexpr std::size_t kKeptAnswer = 4096;

// Puts an empty one in its place and frees what it held: a text that an empty one is assigned to keeps its memory.
template <class Value>
void Free(Value& value, Value empty = Value()) {
  std::swap(value, empty);
}

}  // namespace

template <class Stream>
Connection<Stream>::Connection(Stream stream, const IpAddress& peer, Senders::Connection counted, Loop& loop,
                               Routes& routes, Budgets& budgets)
    : stream_(std::move(stream)),
      peer_(peer),
      counted_(std::move(counted)),
      loop_(loop),
      routes_(routes),
      budgets_(budgets),
      parser_(budgets.limits.request) {}

template <class Stream>
Connection<Stream>::~Connection() {
  ReturnReading();
  ReturnParked();
  budgets_.connections.Return(1);
}

template <class Stream>
template <class Step>
void Connection<Stream>::Guarded(Step step) noexcept {
  try {
    try {
      step();
    } catch (...) {
      if (refused_ || phase() == Phase::kAnswering) throw;
      Refuse(429);
    }
  } catch (...) {
    Close();
  }
}

template <class Stream>
void Connection<Stream>::Start(bool admitted) {
  loop_.Add(shared_from_this());
  if constexpr (kIsTls<Stream>) {
    // A refusal would cost a handshake.
    admitted ? Guarded([this] { Shake(); }) : Close();
  } else {
    Guarded([&] { admitted ? Read() : Refuse(429); });
  }
}

// Until its first byte the connection is an idle one.
template <class Stream>
void Connection<Stream>::Shake() {
  if constexpr (kIsTls<Stream>) {
    stream_.async_wait([self = Self()](const std::error_code& error) {
      if (self->phase() != Phase::kIdle) return;
      if (error) return self->Close();
      self->loop_.Enter(*self, Phase::kHandshake);
      self->Guarded([&] {
        self->stream_.async_handshake([self](const std::error_code& failed) {
          if (self->phase() != Phase::kHandshake) return;
          if (failed) {
            self->budgets_.handshakes_failed.fetch_add(1, std::memory_order_relaxed);
            return self->Close();
          }
          self->loop_.Enter(*self, Phase::kIdle);
          self->Guarded([&] { self->Read(); });
        });
      });
    });
  }
}

template <class Stream>
void Connection<Stream>::Close() {
  std::error_code ignored;
  if constexpr (kIsTls<Stream>) stream_.SayGoodbye();
  stream_.lowest_layer().close(ignored);
  loop_.Leave(*this);
}

template <class Stream>
bool Connection<Stream>::IsQuiet() const {
  std::error_code error;
  return stream_.lowest_layer().available(error) == 0 || error;
}

template <class Stream>
void Connection<Stream>::Read() {
  FitBuffer();
  stream_.async_read_some(asio::buffer(buffer_), [self = Self()](const std::error_code& error, std::size_t size) {
    self->Guarded([&] { self->OnRead(error, size); });
  });
}

// The buffer grows with what a body has really brought, so that announcing a long one costs the server nothing.
template <class Stream>
void Connection<Stream>::FitBuffer() {
  const std::size_t size = parser_.body_memory() >= kLargeBuffer ? kLargeBuffer : kSmallBuffer;
  if (buffer_.size() != size) buffer_ = std::vector<char>(size);
}

template <class Stream>
void Connection<Stream>::OnRead(const std::error_code& error, std::size_t size) {
  if (phase() != Phase::kIdle && phase() != Phase::kReading) return;  // given up meanwhile
  if (error == asio::error::eof && parser_.started()) return Refuse(400);
  if (error) return Close();
  begin_ = 0;
  end_ = size;
  Process();
}

template <class Stream>
void Connection<Stream>::Process() {
  begin_ += parser_.Feed(std::string_view(buffer_.data() + begin_, end_ - begin_));
  switch (parser_.state()) {
    case RequestParser::State::kComplete:
      return OnRequest();
    case RequestParser::State::kRefused:
      return Refuse(parser_.refusal());
    case RequestParser::State::kNeedMore:
      return OnIncomplete();
  }
}

template <class Stream>
void Connection<Stream>::OnIncomplete() {
  if (!ChargeReading()) return Refuse(429);
  if (parser_.started() && phase() == Phase::kIdle) loop_.Enter(*this, Phase::kReading);
  if (parser_.awaits_continue() && !std::exchange(continued_, true)) return SendContinue();
  Read();
}

template <class Stream>
void Connection<Stream>::SendContinue() {
  static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  asio::async_write(stream_, asio::buffer(kContinue), [self = Self()](const std::error_code& error, std::size_t) {
    self->Guarded([&] {
      if (self->phase() != Phase::kReading) return;
      error ? self->Close() : self->Read();
    });
  });
}

template <class Stream>
bool Connection<Stream>::ChargeReading() {
  const std::size_t request = parser_.memory() > kFree ? parser_.memory() : 0;
  const std::size_t held = request + (buffer_.size() - kSmallBuffer);
  if (held > charged_ && !budgets_.reading_bytes.TryTake(held - charged_)) return false;
  if (held < charged_) budgets_.reading_bytes.Return(charged_ - held);
  charged_ = held;
  return true;
}

template <class Stream>
void Connection<Stream>::ReturnReading() {
  if (charged_ > 0) budgets_.reading_bytes.Return(std::exchange(charged_, 0));
}

template <class Stream>
void Connection<Stream>::ReturnParked() {
  if (!std::exchange(parked_, false)) return;
  budgets_.parked.Return(1);
  budgets_.parked_bytes.Return(parked_bytes_);
}

template <class Stream>
bool Connection<Stream>::ChargeParked() {
  const std::size_t buffered = std::max(buffer_.size(), kSmallBuffer) - kSmallBuffer;  // what came behind the request
  parked_bytes_ = exchange_.request.body.capacity() + buffered;
  if (!budgets_.parked.TryTake(1)) return false;
  parked_ = budgets_.parked_bytes.TryTake(parked_bytes_);
  if (!parked_) budgets_.parked.Return(1);
  return parked_;
}

template <class Stream>
void Connection<Stream>::OnRequest() {
  whole_at_ = std::chrono::steady_clock::now();
  exchange_.request = parser_.Take();
  exchange_.ack.reset();
  continued_ = false;
  if (begin_ == end_ && buffer_.size() > kSmallBuffer) Free(buffer_);
  ReturnReading();
  exchange_.route = routes_.Classify(exchange_.request);
  if (routes_.IsWork(exchange_)) return OnWork();
  Free(exchange_.request.body);
  Answer();
}

template <class Stream>
void Connection<Stream>::OnWork() {
  tried_for_ = budgets_.senders.SenderOf(peer_, exchange_.request.forwarded_for);
  if ((!tried_for_ || budgets_.senders.MayTry(*tried_for_, Senders::Clock::now())) && ChargeParked()) return Park();
  tried_for_.reset();
  exchange_.ack.emplace();
  routes_.CountRefusal(429, exchange_.request.path);
  Free(exchange_.request.body);
  Answer();
}

template <class Stream>
void Connection<Stream>::Park() {
  loop_.Enter(*this, Phase::kParked);
  try {
    routes_.Begin(exchange_, [mailbox = loop_.mailbox(), this](Ack ack) { mailbox->Put(*this, std::move(ack)); });
  } catch (...) {
    Resume(Ack{});
  }
}

template <class Stream>
void Connection<Stream>::Resume(Ack ack) {
  ReturnParked();
  if (tried_for_) budgets_.senders.Tried(*std::exchange(tried_for_, std::nullopt), ack, Senders::Clock::now());
  exchange_.ack = std::move(ack);
  Guarded([this] { Answer(); });
}

template <class Stream>
void Connection<Stream>::Answer() {
  loop_.Enter(*this, Phase::kAnswering);
  close_ = !exchange_.request.keep_alive || loop_.stopping();
  int status = 0;
  try {
    status = loop_.responder().Respond(routes_, exchange_, close_, out_);
  } catch (...) {
    // Answered below: an event that has been kept is a duplicate when it comes again.
  }
  if (status == 0) return Refuse(429);
  routes_.answers().Add(status);
  Write(out_);
}

template <class Stream>
void Connection<Stream>::Refuse(int status) {
  refused_ = true;
  close_ = true;
  loop_.Enter(*this, Phase::kAnswering);
  routes_.answers().Add(status);
  const std::string_view target = parser_.request().path;
  routes_.CountRefusal(status, target.substr(0, target.find('?')));
  Write(RefusalAnswer(status));
}

template <class Stream>
void Connection<Stream>::Write(std::string_view answer) {
  asio::async_write(stream_, asio::buffer(answer), [self = Self()](const std::error_code& error, std::size_t) {
    self->Guarded([&] { self->OnWritten(error); });
  });
}

template <class Stream>
void Connection<Stream>::OnWritten(const std::error_code& error) {
  if (phase() != Phase::kAnswering) return;
  if (error) return Close();
  if (exchange_.ack && !refused_) {
    const auto took = std::chrono::steady_clock::now() - whole_at_;
    const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
    routes_.work_micros().Observe(static_cast<std::uint64_t>(micros));
  }
  if (refused_) return Linger();
  if (close_) return Close();
  if (out_.capacity() > kKeptAnswer) Free(out_);
  loop_.Enter(*this, Phase::kIdle);
  begin_ == end_ ? Read() : Process();
}

// Closing while bytes come in would make the system reset the connection, and the client might never read the refusal.
template <class Stream>
void Connection<Stream>::Linger() {
  std::error_code error;
  if constexpr (kIsTls<Stream>) stream_.SayGoodbye();
  stream_.lowest_layer().shutdown(asio::socket_base::shutdown_send, error);
  if (error) return Close();
  ReturnReading();
  Free(parser_, RequestParser(budgets_.limits.request));
  Free(buffer_);
  loop_.Enter(*this, Phase::kLingering);
  Discard();
}

template <class Stream>
void Connection<Stream>::Discard() {
  stream_.async_read_some(loop_.junk(), [self = Self()](const std::error_code& error, std::size_t) {
    self->Guarded([&] { error ? self->Close() : self->Discard(); });
  });
}

template <class Stream>
void Connection<Stream>::Expire() {
  if (phase() != Phase::kReading) return Close();
  std::error_code ignored;
  stream_.lowest_layer().cancel(ignored);
  Guarded([this] { Refuse(408); });
}

template class Connection<asio::ip::tcp::socket>;
template class Connection<TlsStream>;

}  // namespace crmsink::http
