#include "api/overview_json.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

// Every status is there, whatever its count: a page need not guess which may come.
TEST(OverviewJson, SummaryCountsEveryStatus) {
  Overview overview;
  overview.all.add(StatusKind::up);
  overview.all.add(StatusKind::up);
  overview.all.add(StatusKind::paused);
  overview.muted = 1;
  EXPECT_EQ(summary_body(overview),
            R"({"monitors":3,"by_status":{"pending":0,"up":2,"degraded":0,"down":0,"unknown":0,)"
            R"("paused":1},"muted":1,"open_incidents":0})");
}

TEST(OverviewJson, NamesAreInOrder) {
  std::map<std::string, StatusCounts> counts;
  counts["prod"].add(StatusKind::down);
  counts["cache"].add(StatusKind::up);
  EXPECT_EQ(counts_body(counts),
            R"({"data":[{"name":"cache","monitors":1,"by_status":{"pending":0,"up":1,"degraded":0,)"
            R"("down":0,"unknown":0,"paused":0}},{"name":"prod","monitors":1,"by_status":)"
            R"({"pending":0,"up":0,"degraded":0,"down":1,"unknown":0,"paused":0}}],)"
            R"("next_cursor":null})");
}

}  // namespace
}  // namespace tocsin
