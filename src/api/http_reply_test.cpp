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
            "Cross-Origin-Resource-Policy: same-origin\r\n"
            "Allow: GET\r\n"
            "Connection: close\r\n\r\n");
}

// No content: no word about it, which some clients wait for.
TEST(ReplyHead, NoContentHasNoLength) {
  const std::string head = reply_head({.status = 204}, {.request_id = "r1", .keep_alive = true});
  EXPECT_TRUE(head.starts_with("HTTP/1.1 204 No Content\r\n"));
  EXPECT_EQ(head.find("\r\nContent-Type"), std::string::npos);
  EXPECT_EQ(head.find("\r\nContent-Length"), std::string::npos);
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

// A page brings its own policy and cache rule; beside the default one both would count.
TEST(ReplyHead, AResponsesOwnPolicyReplacesTheDefault) {
  const std::string head =
      reply_head({.headers = {{"content-security-policy", "default-src 'self'"},
                              {"Cache-Control", "no-cache"}}},
                 {.request_id = "id-1"});
  EXPECT_EQ(head.find("default-src 'none'"), std::string::npos) << head;
  EXPECT_EQ(head.find("no-store"), std::string::npos);
  EXPECT_NE(head.find("content-security-policy: default-src 'self'\r\n"), std::string::npos);
  EXPECT_NE(head.find("Cache-Control: no-cache\r\n"), std::string::npos);
  EXPECT_NE(head.find("Referrer-Policy: no-referrer\r\n"), std::string::npos);
}

// RFC 9110 8.6: a 204 must not have a length, and that of a 304 would be of another answer.
TEST(ReplyHead, NothingIsSaidOfABodyThatCannotBe) {
  for (const int status : {204, 304}) {
    const std::string head = reply_head({.status = status}, {.request_id = "id-1"});
    EXPECT_EQ(head.find("Content-Length"), std::string::npos) << head;
    EXPECT_EQ(head.find("\r\nContent-Type:"), std::string::npos) << head;
  }
}

}  // namespace
}  // namespace tocsin
