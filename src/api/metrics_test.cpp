#include "api/metrics.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "api/exposition_check.h"

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

// The bounds of OpenMetrics are text that readers compare: 1.0, never 1.
TEST(MetricsWriter, EndsAHistogramAsEachFormatWants) {
  MetricsWriter text(MetricsFormat::text);
  text.family("h", MetricType::histogram, "Help.");
  text.bucket(1, 2);
  text.end_histogram(3.5, 4);
  EXPECT_EQ(text.take(),
            "# HELP h Help.\n# TYPE h histogram\nh_bucket{le=\"1\"} 2\nh_bucket{le=\"+Inf\"} 4\n"
            "h_sum 3.5\nh_count 4\n");
  MetricsWriter open(MetricsFormat::openmetrics);
  open.family("h", MetricType::histogram, "Help.");
  open.bucket(1, 2);
  open.end_histogram(3.5, 4);
  EXPECT_EQ(open.take(),
            "# HELP h Help.\n# TYPE h histogram\nh_bucket{le=\"1.0\"} 2\n"
            "h_bucket{le=\"+Inf\"} 4\nh_sum 3.5\nh_count 4\n# EOF\n");
}

// A mean is sum by count: a histogram without them is worth half.
TEST(Metrics, LagHasItsSumAndCount) {
  EngineHealth health;
  health.lag_buckets.assign(std::size(kLagBuckets) + 1, 1);
  health.lag_sum = 2s + 500ms;
  const std::string text = metrics_text(MetricsFormat::text, {.health = health});
  EXPECT_NE(text.find("\ntocsin_scheduler_lag_seconds_sum 2.5\n"), std::string::npos) << text;
  EXPECT_NE(text.find("\ntocsin_scheduler_lag_seconds_count 13\n"), std::string::npos) << text;
}

// The whole answer against the rules of both formats, with the worst names people can write.
TEST(Metrics, EverythingIsWrittenAsTheFormatsWant) {
  std::vector<MonitorView> monitors;
  for (const char* name : {"plain", "a \"quoted\" one", "C:\\disk", "two\nlines", "le=\"1\"} 3",
                           "# TYPE x gauge", "\xff\xfe", "\u00fc\u4e2d", "tab\tcr\r"}) {
    Monitor definition;
    definition.project = "shop";
    definition.id = "m" + std::to_string(monitors.size());
    definition.name = name;
    MonitorView view{.uid = {1}, .definition = std::make_shared<const Monitor>(definition)};
    view.state.status.kind = StatusKind::up;
    monitors.push_back(view);
  }
  EngineHealth health;
  health.lag_buckets.assign(std::size(kLagBuckets) + 1, 3);
  health.lag_sum = 17ms;
  health.ticks_run = UINT64_MAX;
  for (const MetricsFormat format : {MetricsFormat::text, MetricsFormat::openmetrics}) {
    const std::string text = metrics_text(format, {.version = "1.2.3",
                                                   .health = health,
                                                   .monitors = monitors,
                                                   .process = read_process_facts()});
    EXPECT_EQ(exposition_mistakes(text, format), std::vector<std::string>{});
  }
}

// Who checks the checker: each of these is one mistake that a scraper would choke on.
TEST(ExpositionCheck, FindsEachMistake) {
  const std::string help = "# HELP a Help.\n# TYPE a gauge\n";
  const std::string histogram = "# HELP h Help.\n# TYPE h histogram\n";
  for (const std::string& text : {
           help + "a 1",                                                  // no end of line
           help + "a 1\n# HELP a Help.\n# TYPE a gauge\na{x=\"1\"} 1\n",  // a family twice
           help + "b 1\n",                                                // another family
           help + "a{x=\"1} 1\n",                                         // a quote is open
           help + "a{x=\"\\x\"} 1\n",                                     // no such escape
           help + "a 1\na 2\n",                                           // a series twice
           help + "a one\n",                                              // no number
           std::string("# HELP a H.\n# TYPE a counter\na 1\n"),           // no _total
           std::string("# HELP a_ms H.\n# TYPE a_ms gauge\na_ms 1\n"),    // no base unit
           histogram + "h_bucket{le=\"+Inf\"} 1\n",                       // neither sum nor count
           histogram + "h_bucket{le=\"1\"} 1\nh_sum 1\nh_count 1\n",      // no +Inf
           histogram + "h_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 2\n",   // count is another
           histogram + "h_bucket{le=\"2\"} 1\nh_bucket{le=\"1\"} 1\n"
                       "h_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1\n",  // not by bound
           histogram + "h_bucket{le=\"1\"} 2\nh_bucket{le=\"+Inf\"} 1\n"
                       "h_sum 1\nh_count 1\n",  // buckets fall
       }) {
    EXPECT_EQ(exposition_mistakes(text, MetricsFormat::text).size(), 1u) << text;
  }
  EXPECT_TRUE(exposition_mistakes(help + "a 1\n", MetricsFormat::text).empty());
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
