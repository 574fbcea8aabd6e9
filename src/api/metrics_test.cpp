#include "api/metrics.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace tocsin {
namespace {

TEST(MetricsFormatChoice, FollowsTheAcceptHeader) {
  EXPECT_EQ(metrics_format(""), MetricsFormat::text);
  EXPECT_EQ(metrics_format("text/plain"), MetricsFormat::text);
  EXPECT_EQ(metrics_format("application/openmetrics-text;version=1.0.0,text/plain;q=0.5"),
            MetricsFormat::openmetrics);
  EXPECT_EQ(metrics_format("application/openmetrics-text;q=0"), MetricsFormat::text);
}

// A counter's family is called with _total in the old format and without it in the new one; its
// samples have it in both.
TEST(MetricsWriter, NamesCountersAsEachFormatWants) {
  MetricsWriter text(MetricsFormat::text);
  text.family("a", MetricType::counter, "Help.");
  text.sample({{"x", "1"}, {"y", "2"}}, uint64_t{7});
  EXPECT_EQ(text.take(),
            "# HELP a_total Help.\n# TYPE a_total counter\na_total{x=\"1\",y=\"2\"} 7\n");
  MetricsWriter open(MetricsFormat::openmetrics);
  open.family("a", MetricType::counter, "Help.");
  open.sample({}, 0.5);
  EXPECT_EQ(open.take(), "# HELP a Help.\n# TYPE a counter\na_total 0.5\n# EOF\n");
}

// Names of monitors are people's text: a quote or a line end must not make a sample of its own.
TEST(MetricsWriter, EscapesLabels) {
  MetricsWriter out(MetricsFormat::text);
  out.family("a", MetricType::gauge, "One\\two\nthree \"four\"");
  out.sample({{"n", "a\"b\\c\nd\xff"}}, uint64_t{1});
  EXPECT_EQ(out.take(),
            "# HELP a One\\\\two\\nthree \"four\"\n# TYPE a gauge\n"
            "a{n=\"a\\\"b\\\\c\\nd\xef\xbf\xbd\"} 1\n");
}

MonitorView monitor(int64_t uid, StatusKind kind) {
  Monitor definition;
  definition.project = "shop";
  definition.id = "m" + std::to_string(uid);
  definition.name = "Monitor";
  MonitorView view{.uid = {uid}, .definition = std::make_shared<const Monitor>(definition)};
  view.state.status.kind = kind;
  return view;
}

// Only what is known: a paused or unknown monitor is neither 1 nor 0.
TEST(Metrics, MonitorUpIsToldOfKnownStatusesOnly) {
  const std::vector<MonitorView> monitors = {
      monitor(1, StatusKind::up), monitor(2, StatusKind::down), monitor(3, StatusKind::unknown),
      monitor(4, StatusKind::degraded), monitor(5, StatusKind::paused)};
  const std::string text = metrics_text(MetricsFormat::text, {.monitors = monitors});
  EXPECT_NE(text.find("tocsin_monitor_up{project=\"shop\",monitor=\"m1\",name=\"Monitor\"} 1\n"),
            std::string::npos);
  EXPECT_NE(text.find("monitor=\"m2\",name=\"Monitor\"} 0\n"), std::string::npos);
  EXPECT_NE(text.find("monitor=\"m4\",name=\"Monitor\"} 1\n"), std::string::npos);
  EXPECT_EQ(text.find("\"m3\""), std::string::npos);
  EXPECT_EQ(text.find("\"m5\""), std::string::npos);
}

TEST(Metrics, TooManyMonitorsAreLeftOutWithAWord) {
  const std::vector<MonitorView> monitors(kMonitorSeriesMax + 1, monitor(1, StatusKind::up));
  const std::string text = metrics_text(MetricsFormat::text, {.monitors = monitors});
  EXPECT_EQ(text.find("tocsin_monitor_up{"), std::string::npos);
  EXPECT_NE(text.find("# tocsin_monitor_up is left out: there are more than 2000 monitors.\n"),
            std::string::npos);
}

// The engine counts each bucket alone; the format wants sums.
TEST(Metrics, LagBucketsAreCumulative) {
  EngineHealth health;
  health.lag_buckets.assign(std::size(kLagBuckets) + 1, 0);
  health.lag_buckets[0] = 5;
  health.lag_buckets[2] = 2;
  health.lag_buckets.back() = 1;
  const std::string text = metrics_text(MetricsFormat::text, {.health = health});
  EXPECT_NE(text.find("tocsin_scheduler_lag_seconds_bucket{le=\"0.0001\"} 5\n"), std::string::npos)
      << text;
  EXPECT_NE(text.find("tocsin_scheduler_lag_seconds_bucket{le=\"0.0005\"} 7\n"), std::string::npos);
  EXPECT_NE(text.find("tocsin_scheduler_lag_seconds_bucket{le=\"1\"} 7\n"), std::string::npos);
  EXPECT_NE(text.find("tocsin_scheduler_lag_seconds_bucket{le=\"+Inf\"} 8\n"), std::string::npos);
}

// Every family once, every sample under its family: what scrapers check first.
TEST(Metrics, EveryFamilyStandsOnceWithItsSamples) {
  for (const MetricsFormat format : {MetricsFormat::text, MetricsFormat::openmetrics}) {
    const std::string text = metrics_text(
        format,
        {.version = "1.2.3", .health = {}, .monitors = {}, .process = read_process_facts()});
    std::vector<std::string> families;
    std::string family;
    size_t at = 0;
    while (at < text.size()) {
      const std::string line = text.substr(at, text.find('\n', at) - at);
      at += line.size() + 1;
      if (line.starts_with("# TYPE ")) {
        family = line.substr(7, line.find(' ', 7) - 7);
        EXPECT_EQ(std::ranges::find(families, family), families.end()) << family;
        families.push_back(family);
      } else if (!line.starts_with("#")) {
        EXPECT_TRUE(line.starts_with(family)) << line;
      }
    }
    EXPECT_GT(families.size(), 25u);
    EXPECT_EQ(text.ends_with("# EOF\n"), format == MetricsFormat::openmetrics);
  }
}

// The name of the program stands in the line and may hold anything.
TEST(ProcessStat, IsReadBehindTheName) {
  const auto stat = read_process_stat(
      "12 (a) b) 9 (x) S 1 12 12 0 -1 4194304 100 0 0 0 70 30 0 0 20 0 4 0 5000 123456 789 "
      "1844674");
  ASSERT_TRUE(stat);
  EXPECT_EQ(stat->user_ticks, 70u);
  EXPECT_EQ(stat->system_ticks, 30u);
  EXPECT_EQ(stat->start_ticks, 5000u);
  EXPECT_EQ(stat->virtual_bytes, 123456u);
  EXPECT_EQ(stat->resident_pages, 789u);
  EXPECT_FALSE(read_process_stat("12 (a) S 1"));
  EXPECT_FALSE(read_process_stat(""));
}

TEST(ProcessFactsOfThisProcess, AreThere) {
  const ProcessFacts facts = read_process_facts();
  EXPECT_GT(facts.resident_bytes.value_or(0), 0u);
  EXPECT_GT(facts.open_fds.value_or(0), 0u);
  EXPECT_GT(facts.start_time_seconds.value_or(0), 1'500'000'000.0);
}

}  // namespace
}  // namespace tocsin
