#include "api/http_reply.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

// The whole head, byte by byte: the security headers stand on every answer and no version of ours
// does.
TEST(ReplyHead, IsTheSameForEveryAnswer) {
  const ApiResponse response{.status = 404,
                             .headers = {{"Allow", "GET"}},
                             .content_type = "application/problem+json",
                             .body = "{}"};
  EXPECT_EQ(reply_head(response, {.request_id = "r1", .now = SystemTime(784111777s)}),
            "HTTP/1.1 404 Not Found\r\n"
            "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            "Server: tocsin\r\n"
            "Content-Type: application/problem+json\r\n"
            "Content-Length: 2\r\n"
            "X-Request-Id: r1\r\n"
            "X-Content-Type-Options: nosniff\r\n"
            "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"
            "Cache-Control: no-store\r\n"
            "Referrer-Policy: no-referrer\r\n"
            "Allow: GET\r\n"
            "Connection: close\r\n\r\n");
}

// A value that could begin a line of its own never leaves.
TEST(ReplyHead, DropsValuesThatCouldSplitTheAnswer) {
  const ApiResponse response{.headers = {{"Location", "/a\r\nSet-Cookie: x=1"}, {"X\r\nY", "1"}}};
  const std::string head = reply_head(response, {.request_id = "a\nb", .keep_alive = true});
  EXPECT_EQ(head.find("Set-Cookie"), std::string::npos);
  EXPECT_EQ(head.find("\nY"), std::string::npos);
  EXPECT_EQ(head.find("X-Request-Id"), std::string::npos);
  EXPECT_TRUE(head.ends_with("Connection: keep-alive\r\n\r\n"));
}

}  // namespace
}  // namespace tocsin
