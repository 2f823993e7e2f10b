#include "proxy.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

#include "support/free_port.h"
#include "support/paths.h"
#include "support/postgres_process.h"

namespace crmsink::testing {
namespace {

namespace fs = std::filesystem;

std::string ProgramOf(Proxy::Kind kind) {
  switch (kind) {
    case Proxy::Kind::kHaproxy:
      return "/usr/sbin/haproxy";
    case Proxy::Kind::kNginx:
      return "/usr/sbin/nginx";
    case Proxy::Kind::kCaddy:
      break;
  }
  return "/usr/bin/caddy";
}

std::string ConfigOf(const std::string& name) {
  std::ifstream file(fs::path(SourceDir()) / "config" / name);
  return {std::istreambuf_iterator<char>(file), {}};
}

// What is not there any more in the configuration is not tested.
void Replace(std::string& text, const std::string& before, const std::string& after) {
  const std::size_t at = text.find(before);
  if (at == std::string::npos) throw std::runtime_error("the configuration has no \"" + before + "\"");
  text.replace(at, before.size(), after);
}

void ReplacePorts(std::string& text, const std::vector<int>& ports) {
  const std::string from[] = {"127.0.0.1:8080", "127.0.0.1:8082", "127.0.0.1:8084"};
  for (std::size_t i = 0; i < 3; ++i) Replace(text, from[i], "127.0.0.1:@" + std::to_string(ports[i]));
  for (std::size_t at = text.find(":@"); at != std::string::npos; at = text.find(":@")) text.erase(at + 1, 1);
}

void MakeCertificate(const std::string& folder) {
  const std::string command =
      "cd '" + folder +
      "' && openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=127.0.0.1 -addext "
      "subjectAltName=IP:127.0.0.1 -days 2 -keyout tls.key -out tls.crt 2>/dev/null && cat tls.crt "
      "tls.key > tls.pem";
  if (std::system(command.c_str()) != 0) throw std::runtime_error("no certificate");
}

void Write(const std::string& file, const std::string& text) { std::ofstream(file) << text; }

std::vector<std::string> Haproxy(const std::string& folder, const std::string& address, const std::vector<int>& ports) {
  std::string text = ConfigOf("haproxy.cfg");
  Replace(text, "bind :443 ssl crt /etc/haproxy/certs/crm.example.com.pem",
          "bind " + address + " ssl crt " + folder + "/tls.pem");
  Replace(text, "    log /dev/log local0\n    user haproxy\n    group haproxy\n", "");
  Replace(text, "    log global\n", "");
  Replace(text, "timeout server 30s", "timeout server 3s");
  ReplacePorts(text, ports);
  Write(folder + "/haproxy.cfg", text);
  return {"-f", folder + "/haproxy.cfg", "-db"};
}

std::vector<std::string> Nginx(const std::string& folder, const std::string& address, const std::vector<int>& ports) {
  std::string text = ConfigOf("nginx.conf");
  Replace(text, "listen 443 ssl", "listen " + address + " ssl");
  Replace(text, "/etc/letsencrypt/live/crm.example.com/fullchain.pem", folder + "/tls.crt");
  Replace(text, "/etc/letsencrypt/live/crm.example.com/privkey.pem", folder + "/tls.key");
  Replace(text, "proxy_read_timeout 30s", "proxy_read_timeout 3s");
  ReplacePorts(text, ports);
  Write(folder + "/site", text);
  std::string around = "daemon off;\nmaster_process off;\npid " + folder + "/nginx.pid;\nerror_log " + folder +
                       "/nginx.log;\nevents { worker_connections 1024; }\nhttp {\naccess_log off;\n";
  for (const char* what : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
    around += std::string(what) + "_temp_path " + folder + "/" + what + ";\n";
  }
  Write(folder + "/nginx.conf", around + "include " + folder + "/site;\n}\n");
  return {"-c", folder + "/nginx.conf", "-e", folder + "/nginx.log"};
}

std::vector<std::string> Caddy(const std::string& folder, const std::string& address, const std::vector<int>& ports) {
  std::string text = ConfigOf("Caddyfile");
  Replace(text, "crm.example.com {", "https://" + address + " {\n\ttls " + folder + "/tls.crt " + folder + "/tls.key");
  Replace(text, "response_header_timeout 30s", "response_header_timeout 3s");
  ReplacePorts(text, ports);
  Write(folder + "/Caddyfile", "{\n\tadmin off\n\tauto_https disable_redirects\n\tstorage file_system " + folder +
                                   "/caddy\n\tskip_install_trust\n}\n" + text);
  return {"run", "--config", folder + "/Caddyfile", "--adapter", "caddyfile"};
}

}  // namespace

bool Proxy::IsInstalled(Kind kind) { return fs::exists(ProgramOf(kind)); }

Proxy::Proxy(Kind kind, const std::string& folder, const std::vector<int>& ports)
    : port_(FreePort()), log_(folder + "/proxy.log") {
  MakeCertificate(folder);
  const std::string address = "127.0.0.1:" + std::to_string(port_);
  const std::vector<std::string> arguments = kind == Kind::kHaproxy ? Haproxy(folder, address, ports)
                                             : kind == Kind::kNginx ? Nginx(folder, address, ports)
                                                                    : Caddy(folder, address, ports);
  process_ = std::make_unique<fault::ServerProcess>(arguments, log_, ProgramOf(kind));
  AwaitPort();
}

void Proxy::AwaitPort() const {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port_));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  for (int i = 0; i < 300; ++i) {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    const bool is_there = ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    ::close(socket);
    if (is_there) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  throw std::runtime_error("the proxy does not listen: " + TailOf(log_));
}

}  // namespace crmsink::testing
