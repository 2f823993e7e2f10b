#include "http/tls_context.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <fstream>
#include <utility>

namespace crmsink::http {
namespace {

using Context = std::shared_ptr<SSL_CTX>;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kBetweenLooks{2};

std::string Named(const char* setting, const std::string& file) { return std::string(setting) + ": " + file; }

// Why a file cannot be opened, or nothing.
Result<void> CheckReadable(const char* setting, const std::string& file) {
  errno = 0;
  const std::ifstream opened(file, std::ios::binary);
  if (opened.good()) return {};
  const int reason = errno;
  std::string message = Named(setting, file) + " cannot be read: " + std::strerror(reason);
  if (reason == EACCES) message += "; let the user that crmsink runs as read it, and its folders be entered";
  if (reason == ENOENT) message += "; the setting wants the path of a file in PEM";
  return Fail(ErrorCode::kInvalid, std::move(message));
}

// A key with a passphrase must not make OpenSSL ask for it on the terminal.
int NoPassphrase(char*, int, int, void* asked) {
  *static_cast<bool*>(asked) = true;
  return 0;
}

Result<void> UseCertificate(SSL_CTX& context, const std::string& file) {
  if (SSL_CTX_use_certificate_chain_file(&context, file.c_str()) == 1) return {};
  return Fail(ErrorCode::kInvalid, Named("tls-certificate", file) +
                                       " has no certificate in PEM that can be used; it must hold the server's "
                                       "certificate first, then its chain (of Let's Encrypt: fullchain.pem)");
}

Result<void> UseKey(SSL_CTX& context, const TlsContext::Files& files) {
  bool asked = false;
  SSL_CTX_set_default_passwd_cb(&context, NoPassphrase);
  SSL_CTX_set_default_passwd_cb_userdata(&context, &asked);
  ERR_clear_error();
  const bool used = SSL_CTX_use_PrivateKey_file(&context, files.key.c_str(), SSL_FILETYPE_PEM) == 1;
  SSL_CTX_set_default_passwd_cb_userdata(&context, nullptr);
  if (used && SSL_CTX_check_private_key(&context) == 1) return {};
  const int reason = ERR_GET_REASON(ERR_peek_error());
  const std::string place = Named("tls-key", files.key);
  if (asked) {
    return Fail(ErrorCode::kInvalid,
                place + " has a passphrase, which nobody can type here; write it without: openssl pkey -in FILE");
  }
  if (used || reason == X509_R_KEY_VALUES_MISMATCH || reason == X509_R_KEY_TYPE_MISMATCH) {
    return Fail(ErrorCode::kInvalid, place + " is not the key of the certificate in " + files.certificate +
                                         "; give the two that were made together (of Let's Encrypt: fullchain.pem "
                                         "and privkey.pem of one folder)");
  }
  return Fail(ErrorCode::kInvalid, place + " has no private key in PEM that can be used");
}

Millis ExpiryOf(SSL_CTX& context) {
  const X509* const certificate = SSL_CTX_get0_certificate(&context);
  std::tm broken_down{};
  if (certificate == nullptr || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &broken_down) != 1) return 0;
  return static_cast<Millis>(::timegm(&broken_down)) * 1000;
}

// HTTP/1.1 for whoever asks for it; who wants nothing but HTTP/2 is told so by its absence.
int ChooseProtocol(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                   unsigned int offered_size, void*) {
  static constexpr unsigned char kHttp11[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* found = nullptr;
  const int outcome = SSL_select_next_proto(&found, size, kHttp11, sizeof kHttp11, offered, offered_size);
  *chosen = found;
  return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

Result<Context> Make(const TlsContext::Files& files) {
  if (auto readable = CheckReadable("tls-certificate", files.certificate); !readable) {
    return tl::unexpected(readable.error());
  }
  if (auto readable = CheckReadable("tls-key", files.key); !readable) return tl::unexpected(readable.error());
  ERR_clear_error();
  const Context context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (context == nullptr) return Fail(ErrorCode::kUnavailable, "OpenSSL cannot make a context");
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(context.get(),
                   SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);  // tickets need no memory here
  SSL_CTX_set_alpn_select_cb(context.get(), ChooseProtocol, nullptr);
  if (auto used = UseCertificate(*context, files.certificate); !used) return tl::unexpected(used.error());
  if (auto used = UseKey(*context, files); !used) return tl::unexpected(used.error());
  return context;
}

bool Same(const struct stat& a, const struct stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino && a.st_size == b.st_size &&
         a.st_mtim.tv_sec == b.st_mtim.tv_sec && a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
}

}  // namespace

Result<std::unique_ptr<TlsContext>> TlsContext::Load(const Files& files, OnReload on_reload) {
  if (files.certificate.empty() || files.key.empty()) {
    return Fail(ErrorCode::kInvalid, std::string("TLS needs tls-certificate and tls-key, and ") +
                                         (files.key.empty() ? "tls-key" : "tls-certificate") +
                                         " is missing; give both, or neither for plain HTTP");
  }
  std::unique_ptr<TlsContext> made(new TlsContext(files, std::move(on_reload)));
  if (auto read = made->ReadFiles(); !read) return tl::unexpected(read.error());
  return made;
}

std::shared_ptr<ssl_ctx_st> TlsContext::Current() const {
  const std::lock_guard lock(mutex_);
  return current_;
}

TlsContext::Stamps TlsContext::LookAtFiles() const {
  Stamps stamps{};
  if (::stat(files_.certificate.c_str(), &stamps[0]) != 0) stamps[0] = {};
  if (::stat(files_.key.c_str(), &stamps[1]) != 0) stamps[1] = {};
  return stamps;
}

// They are looked at before they are read, so that a change in between is seen as one the next time.
Result<void> TlsContext::ReadFiles() {
  stamps_ = LookAtFiles();
  looked_at_ = Clock::now().time_since_epoch().count();
  Result<Context> made = Make(files_);
  if (!made) return tl::unexpected(made.error());
  expires_at_ = ExpiryOf(**made);
  const std::lock_guard lock(mutex_);
  current_ = *std::move(made);
  return {};
}

Result<void> TlsContext::ReloadLocked() {
  const Result<void> read = ReadFiles();
  ++(read ? reloads_ : reload_failures_);
  if (on_reload_) on_reload_(read ? Result<Millis>(expires_at_) : tl::unexpected(read.error()));
  return read;
}

Result<void> TlsContext::Reload() {
  const std::lock_guard lock(reading_);
  return ReloadLocked();
}

void TlsContext::CheckFiles() {
  const auto before = Clock::time_point(Clock::duration(looked_at_.load()));
  if (Clock::now() - before < kBetweenLooks) return;
  const std::unique_lock lock(reading_, std::try_to_lock);
  if (!lock) return;
  looked_at_ = Clock::now().time_since_epoch().count();
  const Stamps now = LookAtFiles();
  if (Same(now[0], stamps_[0]) && Same(now[1], stamps_[1])) return;
  static_cast<void>(ReloadLocked());
}

}  // namespace crmsink::http
