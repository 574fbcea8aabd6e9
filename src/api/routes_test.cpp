#include "api/routes.h"

#include <gtest/gtest.h>

#include <set>

namespace tocsin {
namespace {

// T3: one table, and the matrix of it. A new route must be written here too, with the scope it
// needs.
TEST(ApiRoutes, EachNeedsTheScopeItShould) {
  const std::set<std::string> expected = {
      "GET /api/v1/monitors read",
      "GET /api/v1/monitors/{id} read",
      "GET /api/v1/monitors/{id}/results read",
      "GET /api/v1/incidents read",
      "GET /api/v1/incidents/{id} read",
      "POST /api/v1/incidents/{id}/acknowledge write",
      "POST /api/v1/probe write",
      "GET /api/v1/presets read",
      "POST /api/v1/reload admin",
      "POST /api/v1/tokens admin",
      "GET /api/v1/version read",
      "GET /livez none",
      "GET /readyz none",
      "GET /metrics none",
      "GET / none",
  };
  std::set<std::string> found;
  for (const Route& route : api_routes()) {
    const std::string line = std::string(route.method()) + " " + std::string(route.pattern()) +
                             " " + std::string(scope_name(route.needs()));
    EXPECT_TRUE(found.insert(line).second) << "twice: " << line;
  }
  EXPECT_EQ(found, expected);
}

// What changes something is a POST, and none of them is open or for readers.
TEST(ApiRoutes, NothingChangesWithoutWriteScope) {
  for (const Route& route : api_routes()) {
    EXPECT_TRUE(route.method() == "GET" || route.needs() >= Scope::write) << route.pattern();
    EXPECT_TRUE(!route.pattern().starts_with("/api/") || route.needs() >= Scope::read)
        << route.pattern();
  }
}

}  // namespace
}  // namespace tocsin
