#include "http/answers.h"

#include <httplib.h>

namespace crmsink::http {
namespace {

void Render(int status, std::string_view member, std::string_view text, httplib::Response& response) {
  response.status = status;
  response.body.assign("{\"").append(member).append("\":\"").append(text).append("\"}");
  response.set_header("Content-Type", "application/json");
}

}  // namespace

bool IsRead(const Request& request) { return request.method == "GET" || request.method == "HEAD"; }

void AppendJsonString(std::string_view text, std::string& out) {
  constexpr char kHex[] = "0123456789abcdef";
  out.push_back('"');
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.append({'\\', c});
    } else if (byte < 0x20) {
      out.append("\\u00").append({kHex[byte >> 4], kHex[byte & 15]});
    } else {
      out.push_back(c);
    }
  }
  out.push_back('"');
}

void RenderStatus(int status, std::string_view text, httplib::Response& response) {
  Render(status, "status", text, response);
}

void RenderError(int status, std::string_view sentence, httplib::Response& response) {
  Render(status, "error", sentence, response);
}

void RenderReadOnly(httplib::Response& response) {
  response.set_header("Allow", "GET, HEAD");
  RenderError(405, "this can only be read, with GET", response);
}

}  // namespace crmsink::http
