#include "api/error_page.h"

#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/error_code.h"
#include "notify/digest.h"

namespace tocsin {
namespace {

// Answers and pages link to docs/errors#NAME: each name must be an anchor there, with its words.
TEST(ErrorPage, HasAnAnchorForEachCode) {
  const std::string page = error_page();
  for (const ErrorInfo& error : error_table()) {
    const std::string anchor = "<section id=\"" + std::string(error.name) + "\">";
    const size_t at = page.find(anchor);
    ASSERT_NE(at, std::string::npos) << error.name;
    EXPECT_EQ(page.find(anchor, at + 1), std::string::npos) << error.name;
  }
  EXPECT_NE(page.find("<p>Nothing is listening on this port.</p>"), std::string::npos);
  EXPECT_EQ(page.find("<script"), std::string::npos);
}

// The browser computes the same hash over what stands between the tags, or shows no style at all.
TEST(ErrorPage, ItsPolicyLetsItsOwnStyleThroughAndNothingElse) {
  const std::string page = error_page();
  const size_t begin = page.find("<style>") + 7;
  const std::string style = page.substr(begin, page.find("</style>") - begin);
  EXPECT_EQ(error_page_policy(), "default-src 'none'; style-src 'sha256-" +
                                     to_base64(*from_hex(sha256_hex(style))) +
                                     "'; frame-ancestors 'none'");
}

}  // namespace
}  // namespace tocsin
