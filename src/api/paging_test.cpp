#include "api/paging.h"

#include <gtest/gtest.h>

#include "api/monitor_query.h"
#include "api/result_query.h"

namespace tocsin {
namespace {

ApiRequest with_query(std::vector<NamedValue> query) { return {.query = std::move(query)}; }

TEST(PageLimit, IsFromOneToAThousand) {
  EXPECT_EQ(page_limit({}).value(), 100u);
  EXPECT_EQ(page_limit(with_query({{"limit", "1000"}})).value(), 1000u);
  for (const char* text :
       {"0", "1001", "-1", "+5", "", "5x", "99999999999999999999", " 5", "0x5"}) {
    const auto limit = page_limit(with_query({{"limit", text}}));
    ASSERT_FALSE(limit) << text;
    EXPECT_EQ(limit.error().pointer, "?limit");
  }
  EXPECT_EQ(page_limit(with_query({{"limit", "0"}})).error().message,
            "limit must be a whole number from 1 to 1000, got \"0\".");
}

// One row more is asked than shown; at the largest page that is not possible and a full page means
// "perhaps more".
TEST(PageLimit, KnowsWhetherThereIsMore) {
  EXPECT_EQ(rows_to_ask(10), 11u);
  EXPECT_TRUE(has_next(11, 10));
  EXPECT_FALSE(has_next(10, 10));
  EXPECT_EQ(rows_to_ask(kPageMax), kPageMax);
  EXPECT_TRUE(has_next(kPageMax, kPageMax));
  EXPECT_FALSE(has_next(kPageMax - 1, kPageMax));
}

TEST(QueryValues, AreReadStrictly) {
  EXPECT_EQ(query_flag(with_query({{"open", "true"}}), "open").value(), true);
  EXPECT_EQ(query_flag({}, "open").value(), std::nullopt);
  EXPECT_FALSE(query_flag(with_query({{"open", "yes"}}), "open"));
  EXPECT_EQ(query_time(with_query({{"from", "2001-09-09T01:46:40Z"}}), "from").value(),
            SystemTime(1'000'000'000s));
  EXPECT_EQ(query_time(with_query({{"from", "yesterday"}}), "from").error().message,
            "from must be a time like 2026-11-21T14:03:20Z, got \"yesterday\".");
}

TEST(MonitorFilterQuery, ReadsEveryParameter) {
  const auto query = read_monitor_query(with_query({{"limit", "5"},
                                                    {"cursor", "17"},
                                                    {"status", "down"},
                                                    {"tag", "prod"},
                                                    {"project", "shop"},
                                                    {"search", "redis"}}));
  ASSERT_TRUE(query);
  const MonitorFilter* const filter = &query->filter;
  EXPECT_EQ(filter->limit, 5u);
  EXPECT_EQ(filter->after.value, 17);
  EXPECT_EQ(filter->status, StatusKind::down);
  EXPECT_EQ(filter->tag, "prod");
  EXPECT_EQ(filter->project, "shop");
  EXPECT_EQ(filter->search, "redis");
}

TEST(MonitorFilterQuery, RefusesWrongWords) {
  EXPECT_EQ(read_monitor_query(with_query({{"status", "dead"}})).error().message,
            "status must be pending, up, degraded, down, unknown or paused, got \"dead\".");
  for (const char* cursor : {"", "x", "0", "-1", "9223372036854775808"}) {
    EXPECT_FALSE(read_monitor_query(with_query({{"cursor", cursor}}))) << cursor;
  }
}

TEST(ResultQueryParameters, CursorIsAResultId) {
  const ResultId id{.monitor = {7}, .slot = SystemTime(1s)};
  const auto query = read_result_query(
      with_query({{"cursor", result_id_text(id)}, {"verdict", "failed"}, {"attempts", "all"}}));
  ASSERT_TRUE(query);
  EXPECT_EQ(query->after, id);
  EXPECT_EQ(query->verdict, Verdict::failed);
  EXPECT_FALSE(query->finals_only);
  EXPECT_FALSE(read_result_query(with_query({{"cursor", "next"}})));
  EXPECT_FALSE(read_result_query(with_query({{"verdict", "bad"}})));
  EXPECT_FALSE(read_result_query(with_query({{"attempts", "some"}})));
}

TEST(ResultPage, NamesTheLastRowShown) {
  std::vector<StoredResult> rows(3);
  for (size_t i = 0; i < rows.size(); ++i) {
    rows[i].attempt.result.id = {.monitor = {7}, .slot = SystemTime(std::chrono::seconds(10 - i))};
  }
  const std::string page = result_page(rows, 2);
  EXPECT_TRUE(
      page.ends_with("\"next_cursor\":\"" + result_id_text(rows[1].attempt.result.id) + "\"}"))
      << page;
  EXPECT_TRUE(result_page(rows, 3).ends_with("\"next_cursor\":null}"));
  EXPECT_EQ(result_page({}, 3), R"({"data":[],"next_cursor":null})");
}

}  // namespace
}  // namespace tocsin
