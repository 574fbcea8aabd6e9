// The head of every answer: status, framing, and the security headers that stand on each one,
// errors too. No version of ours is told. Pure; header values that could split an answer are
// dropped.
#pragma once

#include <string>
#include <string_view>

#include "api/message.h"
#include "base/time.h"

namespace tocsin {

struct ReplyFraming {
  std::string_view request_id;
  SystemTime now{};
  bool keep_alive = false;
  bool is_http_11 = true;  // else a streamed body is not cut into chunks
};

// "HTTP/1.1 200 OK\r\n...\r\n\r\n" with Content-Length of the body, or Transfer-Encoding of a
// streamed one (a 204 or 304 has neither); the body is not in it. A Content-Security-Policy,
// Cache-Control or Referrer-Policy of the response stands instead of the default.
std::string reply_head(const ApiResponse& response, const ReplyFraming& framing);

// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 5.6.7).
std::string http_date(SystemTime at);

}  // namespace tocsin
