#include "api/stats_json.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

constexpr StatsRange kTwoMinutes{.name = "1h", .length = 120s, .bucket = 60s, .is_of_hours = false};
constexpr std::string_view kNothing =
    R"("runs":0,"passed":0,"degraded":0,"failed":0,"unknown":0,"availability":null,"downtime_s":0,)"
    R"("incidents":0,"mttr_s":null,"p50_us":null,"p95_us":null,"p99_us":null,"max_us":null)";

// The whole body: names, order and units are API. What nothing is known of is null.
TEST(StatsJson, IsOnePeriodTheOneBeforeAndItsChart) {
  const SystemTime now = SystemTime(1'000'000'000s) + 25s;
  const StatsWindow window = stats_window(kTwoMinutes, now);
  const std::vector<ResultSample> samples = {
      {.slot = window.now.from + 1s,
       .location = 0,
       .verdict = Verdict::passed,
       .response_time = 50us,
       .phases = {.dns = {}, .connect = 20us, .tls = {}, .data = 30us}},
      {.slot = window.now.from + 2s,
       .location = 0,
       .verdict = Verdict::failed,
       .response_time = 5s},
      {.slot = window.now.from + 3s, .location = 0, .verdict = Verdict::unknown}};
  const std::vector<IncidentSpan> incidents = {
      {.began = window.now.from + 2s, .closed = window.now.from + 12s, .has_recovered = true}};
  const std::string body =
      stats_body(kTwoMinutes, window,
                 statistics(window, {.samples = samples, .hours = {}, .incidents = incidents}));
  const std::string counts = R"("passed":1,"degraded":0,"failed":1,"unknown":1,"availability":0.5)";
  const std::string quantiles = R"("p50_us":50,"p95_us":50,"p99_us":50,"max_us":50)";
  EXPECT_EQ(
      body,
      R"({"range":"1h","from":"2001-09-09T01:46:00.000Z","to":"2001-09-09T01:47:05.000Z",)"
      R"("bucket_s":60,"now":{"runs":3,)" +
          counts + R"(,"downtime_s":10,"incidents":1,"mttr_s":10,)" + quantiles +
          R"(},"before":{)" + std::string(kNothing) +
          R"(},"buckets":[{"start":"2001-09-09T01:46:00.000Z",)" + counts + "," + quantiles +
          R"(,"mean":{"dns_us":null,"connect_us":20,"tls_us":null,"data_us":30}},)"
          R"({"start":"2001-09-09T01:47:00.000Z","passed":0,"degraded":0,"failed":0,"unknown":0,)"
          R"("availability":null,"p50_us":null,"p95_us":null,"p99_us":null,"max_us":null,)"
          R"("mean":{"dns_us":null,"connect_us":null,"tls_us":null,"data_us":null}}],)"
          R"("locations":[{"location":"local","runs":3,)" +
          counts + R"(,"downtime_s":null,"incidents":null,"mttr_s":null,)" + quantiles + "}]}");
}

// A share is a plain number: no 0.30000000000000004, and 1 only when nothing failed.
TEST(StatsJson, AvailabilityIsAShortNumber) {
  const StatsWindow window = stats_window(kTwoMinutes, SystemTime(1'000'000'000s));
  const auto share = [&](uint64_t passed, uint64_t failed) {
    Statistics made = statistics(window, {});
    made.now.tally.passed = passed;
    made.now.tally.failed = failed;
    const std::string body = stats_body(kTwoMinutes, window, made);
    const size_t at = body.find("\"availability\":") + 15;
    return body.substr(at, body.find(',', at) - at);
  };
  EXPECT_EQ(share(0, 0), "null");
  EXPECT_EQ(share(3, 0), "1");
  EXPECT_EQ(share(0, 3), "0");
  EXPECT_EQ(share(9'999'999, 1), "0.999999");
  EXPECT_EQ(share(3, 7), "0.3");
}

}  // namespace
}  // namespace tocsin
