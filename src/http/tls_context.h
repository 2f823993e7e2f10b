#pragma once

#include <sys/stat.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "base/result.h"
#include "event/delivery.h"

struct ssl_ctx_st;

namespace crmsink::http {

// The certificate and the key that TLS is spoken with, from two files, and what is allowed: TLS 1.2 and later, no
// renegotiation, OpenSSL's own choice of ciphers, resumption by tickets.
//
// When the files change they are read again: by whoever calls CheckFiles, at most every two seconds, and by Reload. A
// pair that cannot be used leaves the one that is in use.
//
// Thread-safety: all methods from any thread. Reading blocks for as long as the files take.
class TlsContext {
 public:
  struct Files {
    std::string certificate;  // PEM, with the chain behind it
    std::string key;          // PEM, without passphrase
  };
  // Called for each time that they were read again, from the thread that did it, with the end of the certificate.
  using OnReload = std::function<void(const Result<Millis>&)>;

  // kInvalid: a file cannot be read or used, or the two do not belong together; the message names setting and file, and
  // says what to do.
  [[nodiscard]] static Result<std::unique_ptr<TlsContext>> Load(const Files& files, OnReload on_reload = {});

  // For a new connection; it keeps its own when another one is loaded.
  std::shared_ptr<ssl_ctx_st> Current() const;

  void CheckFiles();
  Result<void> Reload();

  // When the certificate ends.
  Millis expires_at() const { return expires_at_; }
  std::uint64_t reloads() const { return reloads_; }
  std::uint64_t reload_failures() const { return reload_failures_; }

 private:
  using Stamps = std::array<struct stat, 2>;  // zero: not there

  TlsContext(const Files& files, OnReload on_reload) : files_(files), on_reload_(std::move(on_reload)) {}

  Stamps LookAtFiles() const;
  Result<void> ReadFiles();
  Result<void> ReloadLocked();

  const Files files_;
  const OnReload on_reload_;
  std::mutex reading_;
  Stamps stamps_{};  // of the files as they were last read, with or without success
  std::atomic<std::chrono::steady_clock::rep> looked_at_{0};
  mutable std::mutex mutex_;
  std::shared_ptr<ssl_ctx_st> current_;
  std::atomic<Millis> expires_at_{0};
  std::atomic<std::uint64_t> reloads_{0}, reload_failures_{0};
};

}  // namespace crmsink::http
