#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "http/exchange.h"
#include "http/limits.h"
#include "http/loop.h"

namespace crmsink::http {

// One client: reads a request, has it answered, and so on. While a request is parked nothing is read, so a client that
// goes away cancels nothing, and one that sends on is slowed down.
//
// Stream is a TCP socket, or a TlsStream, with which it shakes hands first.
//
// Everything runs on the loop's thread. The loop owns the connection; an operation under way keeps it alive.
template <class Stream>
class Connection final : public Peer {
 public:
  // The budget of connections must have been charged with one, which this gives back, as it does what the senders have
  // counted. The references outlive the connection.
  Connection(Stream stream, const IpAddress& peer, Senders::Connection counted, Loop& loop, Routes& routes,
             Budgets& budgets);
  ~Connection() override;

  void Start(bool admitted) override;
  void Resume(Ack ack) override;
  void Expire() override;
  void Close() override;
  std::uint64_t sender() const override { return counted_.sender(); }
  bool IsQuiet() const override;

 private:
  std::shared_ptr<Connection> Self() { return std::static_pointer_cast<Connection>(shared_from_this()); }

  // Runs a step of the conversation; whatever it throws ends in a 429 or in a closed connection.
  template <class Step>
  void Guarded(Step step) noexcept;

  void Shake();
  void Read();
  void OnRead(const std::error_code& error, std::size_t size);
  void Process();
  void OnIncomplete();
  void SendContinue();
  void OnRequest();
  void OnWork();
  void Park();
  void Answer();
  void Refuse(int status);
  void Write(std::string_view answer);
  void OnWritten(const std::error_code& error);
  void Linger();
  void Discard();

  void FitBuffer();
  bool ChargeReading();
  void ReturnReading();
  bool ChargeParked();
  void ReturnParked();

  Stream stream_;
  const IpAddress peer_;
  const Senders::Connection counted_;
  Loop& loop_;
  Routes& routes_;
  Budgets& budgets_;

  RequestParser parser_;
  Exchange exchange_;
  std::optional<std::uint64_t> tried_for_;  // whose delivery it is that is parked, where a limit holds
  std::vector<char> buffer_;
  std::size_t begin_ = 0;  // of what has been read and not parsed
  std::size_t end_ = 0;
  std::string out_;
  std::size_t charged_ = 0;                         // to budgets_.reading_bytes
  std::size_t parked_bytes_ = 0;                    // charged to budgets_.parked_bytes while parked_
  std::chrono::steady_clock::time_point whole_at_;  // when the latest request was
  bool parked_ = false;
  bool continued_ = false;
  bool close_ = false;
  bool refused_ = false;
};

}  // namespace crmsink::http
