#include "api/header_list.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

// Every browser sends a list; a refusal in it counts, and silence is no yes.
TEST(HeaderList, GzipMustBeNamedAndNotRefused) {
  for (const char* yes :
       {"gzip", "deflate, gzip;q=1.0, *;q=0.5", "GZIP", "br,gzip", " gzip ; q=0.1"}) {
    EXPECT_TRUE(accepts_gzip(yes)) << yes;
  }
  for (const char* no :
       {"", "identity", "gzip;q=0", "gzip; q=0.000", "gzipped", "*", ",;,", "br"}) {
    EXPECT_FALSE(accepts_gzip(no)) << no;
  }
}

// A script that takes anything must go on getting JSON.
TEST(HeaderList, TypeMustBeNamedItself) {
  EXPECT_TRUE(accepts_type("text/event-stream", "text/event-stream"));
  EXPECT_TRUE(accepts_type("application/json;q=0.5, Text/Event-Stream", "text/event-stream"));
  for (const char* no : {"", "*/*", "text/*", "text/event-stream;q=0", "text/event-streams"}) {
    EXPECT_FALSE(accepts_type(no, "text/event-stream")) << no;
  }
}

// Proxies make tags weak; for this header that is the same tag (RFC 9110 13.1.2).
TEST(HeaderList, EtagIsFoundStrongOrWeak) {
  EXPECT_TRUE(names_etag("\"abc\"", "\"abc\""));
  EXPECT_TRUE(names_etag("\"x\", W/\"abc\"", "\"abc\""));
  EXPECT_TRUE(names_etag("*", "\"abc\""));
  for (const char* no : {"", "\"abcd\"", "abc", "W/", "\"ABC\""}) {
    EXPECT_FALSE(names_etag(no, "\"abc\"")) << no;
  }
}

}  // namespace
}  // namespace tocsin
