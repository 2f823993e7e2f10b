#pragma once

#include <string>
#include <string_view>

#include "http/request_parser.h"

namespace httplib {
struct Response;
}

// The answers that several routes give, in JSON.

namespace crmsink::http {

// True for GET and HEAD.
bool IsRead(const Request& request);

// Appends the text with quotes around it and escapes within. The text is UTF-8.
void AppendJsonString(std::string_view text, std::string& out);

// {"status":...}; the texts here and below need no escapes.
void RenderStatus(int status, std::string_view text, httplib::Response& response);

// {"error":...}
void RenderError(int status, std::string_view sentence, httplib::Response& response);

// 405 for a path that is only there to be read.
void RenderReadOnly(httplib::Response& response);

// What a 429 says: the header's value, in seconds, and the sentence in the body.
inline constexpr char kRetryAfter[] = "10";
inline constexpr char kTryAgain[] = "too busy now: please send it again";

}  // namespace crmsink::http
