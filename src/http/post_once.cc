#include "http/post_once.h"

#include <httplib.h>

namespace crmsink::http {

Result<Answer> PostOnce(const std::string& url, const std::string& path,
                        const std::vector<std::pair<std::string, std::string>>& headers, const std::string& body,
                        std::chrono::seconds patience) {
  httplib::Client client(url);
  if (!client.is_valid()) return Fail(ErrorCode::kInvalid, "'" + url + "' is no URL of a server");
  client.set_tcp_nodelay(true);
  client.set_connection_timeout(patience.count());
  client.set_read_timeout(patience.count());
  client.set_write_timeout(patience.count());
  httplib::Headers fields;
  for (const auto& [name, value] : headers) fields.emplace(name, value);
  const httplib::Result answer = client.Post(path, fields, body, "application/json");
  if (!answer)
    return Fail(ErrorCode::kUnavailable, "no answer from " + url + ": " + httplib::to_string(answer.error()));
  return Answer{.status = answer->status, .body = answer->body};
}

}  // namespace crmsink::http
