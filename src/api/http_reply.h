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
};

// "HTTP/1.1 200 OK\r\n...\r\n\r\n" with Content-Length of the body; the body is not in it.
std::string reply_head(const ApiResponse& response, const ReplyFraming& framing);

// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 5.6.7).
std::string http_date(SystemTime at);

}  // namespace tocsin
