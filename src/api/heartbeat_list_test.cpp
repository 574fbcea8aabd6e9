#include "api/heartbeat_list.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

std::expected<HeartbeatQuery, FieldProblem> query_of(std::vector<NamedValue> values) {
  ApiRequest request;
  request.query = std::move(values);
  return read_heartbeat_query(request);
}

TEST(HeartbeatQuery, TakesIdsOfAnyCharacterButTheComma) {
  const auto query = query_of({{"ids", "a/b#1,7,x.y"}, {"count", "100"}});
  ASSERT_TRUE(query);
  EXPECT_EQ(query->ids, (std::vector<std::string>{"a/b#1", "7", "x.y"}));
  EXPECT_EQ(query->count, 100U);
  EXPECT_EQ(query_of({{"ids", "a"}})->count, 30U);
}

TEST(HeartbeatQuery, RefusesTooManyAndNone) {
  std::string many = "a";
  for (size_t count = 1; count < kBeatMonitorsMax; ++count) {
    many += ",a";
  }
  EXPECT_TRUE(query_of({{"ids", many}}));
  for (const std::string& ids :
       {many + ",a", std::string(), std::string("a,,b"), std::string(",")}) {
    EXPECT_EQ(query_of({{"ids", ids}}).error().pointer, "?ids") << ids;
  }
  EXPECT_EQ(query_of({}).error().pointer, "?ids");
  for (const char* count : {"0", "101", "-1", "ten", ""}) {
    EXPECT_EQ(query_of({{"ids", "a"}, {"count", count}}).error().pointer, "?count") << count;
  }
}

// Oldest first, as bars are drawn; a monitor without results has a row all the same.
TEST(HeartbeatJson, IsOneRowAMonitorOldestFirst) {
  const std::vector<NamedUid> monitors = {{.id = "db", .uid = {7}}, {.id = "new", .uid = {8}}};
  const std::vector<std::vector<Beat>> beats = {
      {{.slot = SystemTime(1'000'000'010s),
        .verdict = Verdict::failed,
        .response_time = 80us,
        .error = ErrorCode::tcp_refused},
       {.slot = SystemTime(1'000'000'000s), .verdict = Verdict::passed, .response_time = 312us}},
      {}};
  EXPECT_EQ(heartbeats_body(monitors, beats),
            R"({"data":[{"id":"db","uid":"7","beats":[)"
            R"({"slot":"2001-09-09T01:46:40.000Z","verdict":"passed","response_time_us":312,)"
            R"("error":null},)"
            R"({"slot":"2001-09-09T01:46:50.000Z","verdict":"failed","response_time_us":80,)"
            R"("error":"tcp_refused"}]},{"id":"new","uid":"8","beats":[]}],"next_cursor":null})");
}

}  // namespace
}  // namespace tocsin
