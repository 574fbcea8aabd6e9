#include "api/url.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

// A logical id may hold a slash; encoded, it stays inside its segment.
TEST(ReadTarget, DecodesSegmentsAfterSplitting) {
  const auto parts = read_target("/api/v1/monitors/web%2Fshop%23a?limit=5&search=a+b%2B");
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts->segments, (std::vector<std::string>{"api", "v1", "monitors", "web/shop#a"}));
  EXPECT_EQ(parts->query, (std::vector<NamedValue>{{"limit", "5"}, {"search", "a b+"}}));
}

TEST(ReadTarget, TheRootHasNoSegments) {
  const auto parts = read_target("/");
  ASSERT_TRUE(parts);
  EXPECT_TRUE(parts->segments.empty());
}

// A parameter without '=' is there, with an empty value: /readyz?verbose.
TEST(ReadTarget, AParameterMayStandAlone) {
  const auto parts = read_target("/readyz?verbose");
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts->query, (std::vector<NamedValue>{{"verbose", ""}}));
}

// Whatever two readers could understand differently is refused.
TEST(ReadTarget, RefusesWhatIsOdd) {
  for (const char* target : {"", "monitors", "/a%", "/a%4", "/a%zz", "/a%00b", "/a%0ab", "/%ff",
                             "/..", "/%2e%2E/x", "/./x", "/a#b", "/a?x=1&x=2", "/a?=1", "/a?x=%",
                             "/a?x=%ff", "/a?&", "*", "http://host/path"}) {
    const auto parts = read_target(target);
    ASSERT_FALSE(parts) << target;
    EXPECT_EQ(parts.error().status, 400) << target;
  }
}

TEST(ReadTarget, SaysWhatIsWrong) {
  EXPECT_EQ(read_target("/a?x=1&x=2").error().detail,
            "The request path is refused: the query says \"x\" twice.");
  EXPECT_EQ(read_target("/a/../b").error().detail,
            "The request path is refused: \".\" and \"..\" are not followed.");
}

TEST(ReadTarget, IsBounded) {
  EXPECT_EQ(read_target("/" + std::string(kTargetBytesMax, 'a')).error().status, 414);
  std::string deep;
  for (size_t i = 0; i <= kPathSegmentsMax; ++i) {
    deep += "/a";
  }
  EXPECT_FALSE(read_target(deep));
  std::string query = "/?a=1";
  for (size_t i = 0; i <= kQueryParametersMax; ++i) {
    query += "&b" + std::to_string(i) + "=1";
  }
  EXPECT_FALSE(read_target(query));
}

// What we encode we read back, every byte value.
TEST(PercentEncode, IsUndoneByDecode) {
  std::string all;
  for (int i = 0; i < 256; ++i) {
    all += static_cast<char>(i);
  }
  EXPECT_EQ(percent_decode(percent_encode(all), false), all);
  EXPECT_EQ(percent_decode(percent_encode(all), true), all);
  EXPECT_EQ(percent_encode("a/b c~"), "a%2Fb%20c~");
}

}  // namespace
}  // namespace tocsin
