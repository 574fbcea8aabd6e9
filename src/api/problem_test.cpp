#include "api/problem.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

// The body of an error is API: members, order and names.
TEST(Problem, IsRfc9457WithCodeRequestIdAndErrors) {
  const ApiResponse response = problem_response(
      validation_failed(
          {{"/port", "out_of_range", "Port must be 1-65535, got 70000.", "Use 443."}}),
      "r1");
  EXPECT_EQ(response.status, 422);
  EXPECT_EQ(response.content_type, "application/problem+json");
  EXPECT_EQ(response.body,
            R"({"type":"urn:tocsin:problem:validation_failed","title":"Unprocessable Content",)"
            R"("status":422,"detail":"1 field is invalid.","code":"validation_failed",)"
            R"("request_id":"r1","errors":[{"pointer":"/port","code":"out_of_range",)"
            R"("message":"Port must be 1-65535, got 70000.","hint":"Use 443."}]})");
}

// Each kind of trouble has its own status and code, and none is forgotten.
TEST(Problem, EveryErrorKindHasAStatus) {
  const std::vector<std::pair<ErrorKind, int>> expected = {{ErrorKind::invalid_input, 422},
                                                           {ErrorKind::not_found, 404},
                                                           {ErrorKind::conflict, 409},
                                                           {ErrorKind::unauthorized, 401},
                                                           {ErrorKind::forbidden, 403},
                                                           {ErrorKind::too_large, 413},
                                                           {ErrorKind::busy, 503},
                                                           {ErrorKind::disk_full, 507},
                                                           {ErrorKind::io, 500},
                                                           {ErrorKind::corrupt, 500},
                                                           {ErrorKind::newer_version, 500},
                                                           {ErrorKind::unavailable, 503},
                                                           {ErrorKind::timed_out, 504}};
  for (const auto& [kind, status] : expected) {
    const Problem problem = problem_of({kind, "What happened."});
    EXPECT_EQ(problem.status, status);
    EXPECT_EQ(problem.detail, "What happened.");
    EXPECT_NE(problem.code, "internal");
    EXPECT_NE(status_title(status), "Unknown");
  }
}

// A client that is told to come again is told when.
TEST(Problem, Every503SaysWhenToComeAgain) {
  for (const Problem& problem :
       {problem_of({ErrorKind::busy, "Busy."}), problem_of({ErrorKind::unavailable, "Away."}),
        unavailable("Away."), too_busy("Busy.")}) {
    ASSERT_EQ(problem.headers.size(), 1u);
    EXPECT_EQ(problem.headers[0].first, "Retry-After");
  }
}

TEST(NearestName, FindsTyposAndLeavesStrangersAlone) {
  const std::vector<std::string_view> known = {"limit", "cursor", "status", "tag"};
  EXPECT_EQ(nearest_name("limits", known), "limit");
  EXPECT_EQ(nearest_name("stauts", known), "status");
  EXPECT_EQ(nearest_name("interval", known), "");
  EXPECT_EQ(nearest_name("x", known), "");
}

TEST(PointerStep, EscapesAsRfc6901Says) { EXPECT_EQ(pointer_step("a/b~c"), "/a~1b~0c"); }

}  // namespace
}  // namespace tocsin
