#include "api/monitor_rows.h"

#include <gtest/gtest.h>

#include <string>

#include "api/engine_fixture.h"

namespace tocsin {
namespace {

class MonitorRowsTest : public EngineFixture {
 protected:
  static constexpr size_t kMonitors = 2 * kLoopRowsPerRequest + 50;

  MonitorRowsTest() {
    for (size_t i = config_.monitors.size(); i < kMonitors; ++i) {
      config_.monitors.push_back(of_file("m" + std::to_string(i), "10.0.0.5:6379"));
    }
    EXPECT_TRUE(engine_.apply(config_));
  }
};

// A list longer than one request to the loop may copy comes whole, in order and once.
TEST_F(MonitorRowsTest, ListsMoreThanOnePiece) {
  const Json all = json("GET /api/v1/monitors?limit=1000&fields=id");
  ASSERT_EQ(all["data"].size(), kMonitors);
  EXPECT_EQ(all["next_cursor"], nullptr);
  EXPECT_EQ(all["data"][0]["id"], "redis");
  for (size_t i = 1; i < kMonitors; ++i) {
    ASSERT_EQ(all["data"][i]["id"], "m" + std::to_string(i));
  }
}

// A page that ends inside the second piece names the row it ends at.
TEST_F(MonitorRowsTest, PageEndsWhereItWasAskedTo) {
  const size_t limit = kLoopRowsPerRequest + 1;
  const Json first = json("GET /api/v1/monitors?fields=id&limit=" + std::to_string(limit));
  ASSERT_EQ(first["data"].size(), limit);
  const Json second = json("GET /api/v1/monitors?fields=id&limit=1000&cursor=" +
                           first["next_cursor"].get<std::string>());
  EXPECT_EQ(second["data"].size(), kMonitors - limit);
  EXPECT_EQ(second["data"][0]["id"], "m" + std::to_string(limit));
}

TEST_F(MonitorRowsTest, NobodyIsBehindAnUnknownMonitor) {
  EXPECT_EQ(ask("GET /api/v1/monitors?cursor=99999").status, 422);
  const Sent lines{.headers = {{"accept", "application/x-ndjson"}}};
  EXPECT_EQ(ask("GET /api/v1/monitors?cursor=99999", lines).status, 422);
}

}  // namespace
}  // namespace tocsin
