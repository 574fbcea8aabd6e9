#include "api/system_json.h"

#include <gtest/gtest.h>

#include "api/form_schema.h"
#include "api/json_body.h"

namespace tocsin {
namespace {

// Names, order and units are API. A file that cannot be looked at has no size, not 0.
TEST(SystemJson, IsTheServerAboutItself) {
  SystemFacts facts{.version = "0.1.0",
                    .started = SystemTime(1'000'000'000s),
                    .now = SystemTime(1'000'000'090s),
                    .store_path = "/var/lib/tocsin/tocsin.db",
                    .store_bytes = 4096,
                    .config_files = {"shop.yaml"},
                    .retention = {.raw = 1h, .failures = 2h, .hourly = 3h},
                    .io = IoBackend::io_uring,
                    .realtime = true,
                    .health = {}};
  facts.health.monitors = 3;
  facts.health.enabled = 2;
  facts.health.lag_p99 = 225us;
  facts.health.config_loaded = SystemTime(1'000'000'001s);
  facts.health.config_error = "shop.yaml:3:1: no";
  facts.health.store.results_written = 9;
  facts.health.skipped_overload = 7;
  facts.health.own = {.slots = 64,
                      .put_off = 3,
                      .given_up = 2,
                      .withheld = 1,
                      .stretch = 2,
                      .busy = 0.951,
                      .short_of_ports = {"db:5432"},
                      .canary = {.is_watching = true,
                                 .answers = false,
                                 .why = "no route",
                                 .is_black = true,
                                 .late = 1500us}};
  const std::string wanted =
      R"({"version":"0.1.0","started":"2001-09-09T01:46:40.000Z","uptime_s":90,"monitors":3,)"
      R"("enabled":2,"probes":{"in_flight":0,"waiting":0,"io":"io_uring"},"lag_us":{"p50":0,"p99":225,"max":0},)"
      R"("own":{"slots":64,"put_off":3,"given_up":2,"withheld":1,"ticks_left_out":7,"one_tick_of":2,)"
      R"("busy_percent":95,"realtime":true,"short_of_ports":["db:5432"],)"
      R"("canary":{"watching":true,"answers":false,"why":"no route","black_hole_silent":true,)"
      R"("timeout_late_us":1500}},)"
      R"("store":{"path":"/var/lib/tocsin/tocsin.db","bytes":4096,"results_written":9,)"
      R"("results_dropped":0,"rows_waiting":0,"reserve_used":false,"volatile":false},)"
      R"("deliveries":{"waiting":0,"delivered":0,"failed_attempts":0,"dead":0},)"
      R"("config":{"files":["shop.yaml"],"loaded":"2001-09-09T01:46:41.000Z",)"
      R"("error":"shop.yaml:3:1: no"},"retention":{"raw_s":3600,"failures_s":7200,)"
      R"("hourly_s":10800}})";
  EXPECT_EQ(system_body(facts), wanted);
  facts.store_bytes.reset();
  EXPECT_NE(system_body(facts).find(R"("bytes":null)"), std::string::npos);
}

// A form is made of this alone: every field says what it is, and choices are a list.
TEST(FormSchema, TellsEveryFieldOfTheTable) {
  const std::string body = monitor_schema_body();
  EXPECT_NE(body.find(R"({"name":"timeout","type":"duration","unit":"us","default":"10s",)"
                      R"("min":100000,"max":120000000,"choices":[])"),
            std::string::npos)
      << body;
  EXPECT_NE(body.find(R"("choices":["ipv4","ipv6","auto","all"])"), std::string::npos);
  const auto tree = read_json(body);
  ASSERT_TRUE(tree) << tree.error().detail;
  for (const char* table : {"fields", "retry", "alert", "tls"}) {
    const BodyValue* const fields = tree->find(table);
    ASSERT_NE(fields, nullptr) << table;
    EXPECT_FALSE(fields->items.empty()) << table;
    for (const BodyValue& field : fields->items) {
      EXPECT_FALSE(field.find("help")->text.empty()) << field.find("name")->text;
    }
  }
}

}  // namespace
}  // namespace tocsin
