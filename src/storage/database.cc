// URLs of databases, and the one place that chooses a backend by them.
//
//   sqlite    "sqlite:" [ "//" ] file
//   postgres  ( "postgresql" / "postgres" ) "://" whatever libpq reads, [ "?" or "&" "schema=" name ]
//   name      a letter or "_", then letters, digits and "_", at most 63
#include "storage/database.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "storage/postgres/open.h"
#include "storage/query.h"
#include "storage/sqlite/open.h"

namespace crmsink {
namespace {

constexpr std::string_view kDefaultSchema = "crmsink";
constexpr std::size_t kLongestName = 63;
constexpr std::string_view kLockSuffix = "-serve.lock";

// So that a link to a file is the same file.
std::string RealName(const std::string& file) {
  std::error_code error;
  const auto real = std::filesystem::weakly_canonical(file, error);
  return error ? file : real.string();
}

Result<DatabaseUrl> ParseSqlite(std::string_view file) {
  if (file.starts_with("//")) file.remove_prefix(2);
  if (file.empty() || file.starts_with(":memory:")) {
    return Fail(ErrorCode::kInvalid, "a database needs a file: write sqlite:FILE, for example sqlite:crmsink.db");
  }
  return DatabaseUrl{.backend = DatabaseUrl::Backend::kSqlite, .file = std::string(file), .connection = {}};
}

// A password that should have been percent-encoded ("a/b@host") ends where a port should be, and libpq repeats that.
bool HasPorts(std::string_view hosts) {
  while (!hosts.empty()) {
    const std::string_view host = hosts.substr(0, hosts.find(','));
    hosts.remove_prefix(std::min(host.size() + 1, hosts.size()));
    const std::size_t colon = host.rfind(':');
    if (colon == std::string_view::npos || host.ends_with(']')) continue;
    if (host.find_first_not_of("0123456789", colon + 1) != std::string_view::npos) return false;
  }
  return true;
}

// Takes `schema=` out of what stands behind '?'; libpq does not know it.
Result<DatabaseUrl> ParsePostgres(std::string_view text) {
  DatabaseUrl url{.backend = DatabaseUrl::Backend::kPostgres, .file = {}, .connection = {}};
  const std::size_t question = text.find('?');
  url.connection = text.substr(0, question);
  url.schema = kDefaultSchema;
  char separator = '?';
  for (std::string_view rest = question == std::string_view::npos ? "" : text.substr(question + 1); !rest.empty();) {
    const std::string_view parameter = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(parameter.size() + 1, rest.size()));
    if (parameter.starts_with("schema=")) {
      url.schema = parameter.substr(7);
      if (!DatabaseUrl::IsSchemaName(url.schema)) {
        return Fail(ErrorCode::kInvalid, "'" + url.schema +
                                             "' is no name of a schema: letters, digits and _, at most " +
                                             std::to_string(kLongestName));
      }
      // As the server reads a name without quotes.
      for (char& c : url.schema) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      continue;
    }
    if (parameter.starts_with("password=") || parameter.starts_with("sslpassword=")) url.has_password = true;
    url.connection.append(1, separator).append(parameter);
    separator = '&';
  }
  const std::string_view authority = std::string_view(url.connection).substr(url.connection.find("://") + 3);
  const std::string_view user = authority.substr(0, authority.find_first_of("/?"));
  const std::size_t at = user.rfind('@');
  if (at != std::string_view::npos && user.substr(0, at).find(':') != std::string_view::npos) url.has_password = true;
  if (!HasPorts(user.substr(at == std::string_view::npos ? 0 : at + 1))) {
    return Fail(
        ErrorCode::kInvalid,
        "what stands behind ':' in the database's URL is no port; if it is a password, / ? @ : and % in it must be "
        "percent-encoded");
  }
  return url;
}

// Masks what may be a password, also in what is no proper URL: what stands between ':' and '@', a password that should
// have been percent-encoded included, and what stands behind each "password=".
std::string WithoutPassword(std::string text) {
  const std::size_t scheme = text.find("://");
  const std::size_t start = scheme == std::string::npos ? 0 : scheme + 3;
  std::size_t at = text.substr(0, text.find_first_of("/?", start)).rfind('@');
  if (at == std::string::npos) at = text.rfind('@');
  const std::size_t colon = text.find(':', start);
  if (at != std::string::npos && colon < at) text.replace(colon + 1, at - colon - 1, "***");
  constexpr std::string_view kParameter = "password=";
  for (std::size_t i = text.find(kParameter); i != std::string::npos; i = text.find(kParameter, i)) {
    i += kParameter.size();
    const std::size_t end = scheme == std::string::npos ? text.size() : std::min(text.find('&', i), text.size());
    text.replace(i, end - i, "***");
  }
  return text;
}

}  // namespace

Result<DatabaseUrl> DatabaseUrl::Parse(std::string_view url) {
  if (url.starts_with("sqlite:")) return ParseSqlite(url.substr(7));
  if (url.starts_with("postgresql://") || url.starts_with("postgres://")) return ParsePostgres(url);
  // A misspelt one may have its password anywhere.
  const bool may_be_shown = url.find('@') == std::string_view::npos && url.find("password") == std::string_view::npos;
  return Fail(ErrorCode::kInvalid, (may_be_shown ? "'" + std::string(url) + "'" : std::string("what is given")) +
                                       " names no database: write sqlite:FILE, for example sqlite:crmsink.db, or "
                                       "postgresql://USER@HOST/DATABASE");
}

bool DatabaseUrl::IsSchemaName(std::string_view text) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !text.empty() && text.size() <= kLongestName && is_letter(text.front()) &&
         std::ranges::all_of(text, [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
}

std::string DatabaseUrl::WithSchema(std::string url, std::string_view schema) {
  const auto parsed = Parse(url);
  if (!parsed || parsed->backend == Backend::kSqlite) return url;
  const std::size_t question = url.find('?');
  const bool has_parameters = question != std::string::npos;
  const std::string parameters = has_parameters ? "&" + url.substr(question + 1) : "";
  if (parameters.find("&schema=") != std::string::npos) return url;
  return url.append(has_parameters ? "&schema=" : "?schema=").append(schema);
}

std::string DatabaseUrl::Shown() const {
  if (backend == Backend::kPostgres) return WithoutPassword(connection) + ", schema " + schema;
  std::error_code error;
  const auto path = std::filesystem::absolute(file, error);
  return error ? file : path.lexically_normal().string();
}

Result<std::unique_ptr<Store>> OpenStore(const std::string& url, const OpenOptions& options) {
  const auto parsed = DatabaseUrl::Parse(url);
  if (!parsed) return tl::unexpected(parsed.error());
  return parsed->backend == DatabaseUrl::Backend::kSqlite ? sqlite::OpenStore(*parsed, options)
                                                          : postgres::OpenStore(*parsed, options);
}

Result<std::vector<MigrationStatus>> MigrationsOf(const std::string& url) {
  const auto parsed = DatabaseUrl::Parse(url);
  if (!parsed) return tl::unexpected(parsed.error());
  return parsed->backend == DatabaseUrl::Backend::kSqlite ? sqlite::MigrationsOf(*parsed)
                                                          : postgres::MigrationsOf(*parsed);
}

Result<QueryConnection> QueryConnection::Open(const std::string& url) {
  const auto parsed = DatabaseUrl::Parse(url);
  if (!parsed) return tl::unexpected(parsed.error());
  auto backend =
      parsed->backend == DatabaseUrl::Backend::kSqlite ? sqlite::OpenQuery(*parsed) : postgres::OpenQuery(*parsed);
  if (!backend) return tl::unexpected(backend.error());
  return QueryConnection(*std::move(backend));
}

Result<QueryConnection> QueryConnection::OpenServer(const std::string& url) {
  const auto parsed = DatabaseUrl::Parse(url);
  if (!parsed) return tl::unexpected(parsed.error());
  if (parsed->backend == DatabaseUrl::Backend::kSqlite) return Fail(ErrorCode::kInvalid, "SQLite has no server");
  auto backend = postgres::OpenServer(*parsed);
  if (!backend) return tl::unexpected(backend.error());
  return QueryConnection(*std::move(backend));
}

Result<void> QueryConnection::Run(std::string_view sql, std::span<const QueryValue> parameters, const QuerySink& sink,
                                  std::chrono::milliseconds timeout) {
  return backend_->Run(sql, parameters, sink, timeout);
}

Result<std::unique_ptr<ServerLock>> ServerLock::Take(const std::string& file, std::string_view what) {
  const std::string name = RealName(file);
  const std::string lock = name + std::string(kLockSuffix);
  const int descriptor = ::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    return Fail(ErrorCode::kUnavailable, "cannot make " + lock + ": " + std::strerror(errno) +
                                             "; check that the folder exists and may be written");
  }
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    ::close(descriptor);
    return Fail(ErrorCode::kUnavailable, "another `crmsink serve` has " + name + " open: one server per " +
                                             std::string(what) + "; end it, or give this one another --" +
                                             std::string(what));
  }
  return std::unique_ptr<ServerLock>(new ServerLock(descriptor));
}

bool ServerLock::IsTaken(const std::string& file) {
  const int descriptor = ::open((RealName(file) + std::string(kLockSuffix)).c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool taken = ::flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  ::close(descriptor);
  return taken;
}

ServerLock::~ServerLock() { ::close(descriptor_); }

}  // namespace crmsink
