#include "api/error_page.h"

#include <gtest/gtest.h>

#include "base/error_code.h"

namespace tocsin {
namespace {

// Answers and pages link to docs/errors#NAME: each name must be an anchor there, with its words.
TEST(ErrorPage, HasAnAnchorForEachCode) {
  const std::string page = error_page();
  for (const ErrorInfo& error : error_table()) {
    const std::string anchor = "<h2 id=\"" + std::string(error.name) + "\">";
    const size_t at = page.find(anchor);
    ASSERT_NE(at, std::string::npos) << error.name;
    EXPECT_EQ(page.find(anchor, at + 1), std::string::npos) << error.name;
  }
  EXPECT_NE(page.find("<p>Nothing is listening on this port.</p>"), std::string::npos);
  EXPECT_EQ(page.find("<script"), std::string::npos);
}

}  // namespace
}  // namespace tocsin
