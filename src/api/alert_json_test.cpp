#include "api/alert_json.h"

#include <gtest/gtest.h>

#include "notify/notice.h"
#include "notify/webhook/payload.h"

namespace tocsin {
namespace {

Delivery down() {
  NoticeFacts facts;
  facts.monitor_id = "redis";
  facts.monitor_name = "Redis sessions";
  facts.target = "db:6379";
  facts.event = {.type = EventType::down,
                 .monitor = {7},
                 .incident = {"0190-incident"},
                 .number = 1,
                 .at = SystemTime(1'000'000'000s)};
  Delivery delivery;
  delivery.key = "ab12";
  delivery.channel = "ops";
  delivery.event = facts.event;
  delivery.payload = to_json(facts);
  delivery.created = SystemTime(1'000'000'000s);
  delivery.state = DeliveryState::waiting;
  delivery.attempts = 1;
  delivery.last_result = "connection refused";
  delivery.next_attempt = SystemTime(1'000'000'030s);
  return delivery;
}

constexpr std::string_view kRow =
    R"({"key":"ab12","at":"2001-09-09T01:46:40.000Z","event":"monitor.down",)"
    R"("monitor":{"id":"redis","uid":"7","name":"Redis sessions"},"incident":"0190-incident",)"
    R"("channel":"ops","state":"waiting","attempts":1,"last_result":"connection refused",)"
    R"("next_attempt":"2001-09-09T01:47:10.000Z","finished":null,"suppressed":"")";

AlertQuery query_of(std::vector<NamedValue> values) {
  ApiRequest request;
  request.query = std::move(values);
  return read_alert_query(request).value();
}

// Names and order are API; the cursor of a page leads behind its last row.
TEST(AlertJson, IsOneRowOfTheList) {
  const std::vector<Delivery> rows = {down(), down()};
  EXPECT_EQ(alert_page({rows.data(), 1}, 1),
            R"({"data":[)" + std::string(kRow) + R"(}],"next_cursor":null})");
  const std::string first = alert_page(rows, 1);
  EXPECT_TRUE(first.ends_with(R"("next_cursor":"1000000000000000-ab12"})")) << first;
  const AlertQuery next = query_of({{"cursor", "1000000000000000-ab12"}});
  EXPECT_EQ(next.after->created, rows[0].created);
  EXPECT_EQ(next.after->key, "ab12");
}

// What was kept quiet says why; what cannot be read any more still has its row.
TEST(AlertJson, SilenceHasItsReason) {
  Delivery quiet = down();
  quiet.state = DeliveryState::suppressed;
  quiet.last_result = "muted";
  quiet.payload = "not JSON";
  const std::string page = alert_page({&quiet, 1}, 10);
  EXPECT_NE(page.find(R"("state":"suppressed")"), std::string::npos);
  EXPECT_NE(page.find(R"("suppressed":"muted")"), std::string::npos);
  EXPECT_NE(page.find(R"("next_attempt":null)"), std::string::npos);
  EXPECT_NE(page.find(R"("monitor":{"id":null,"uid":"7","name":null})"), std::string::npos) << page;
}

// In the documented form, not in the stored one: that has 63-bit numbers, which browsers round.
TEST(AlertJson, ShowsEveryTryAndWhatWasSaid) {
  const DeliveryLog log{.delivery = down(),
                        .attempts = {{.key = "ab12",
                                      .number = 1,
                                      .at = SystemTime(1'000'000'001s),
                                      .took = 15ms,
                                      .ok = false,
                                      .result = "connection refused"}}};
  EXPECT_EQ(alert_body(log),
            std::string(kRow) +
                R"(,"log":[{"number":1,"at":"2001-09-09T01:46:41.000Z","took_ms":15,"ok":false,)"
                R"("result":"connection refused"}],"payload":)" +
                webhook_body(notice_from_json(log.delivery.payload).value()) + "}");
}

TEST(AlertQuery, SaysWhatItCannotRead) {
  const auto refused = [](std::string_view name, std::string_view value) {
    ApiRequest request;
    request.query = {{std::string(name), std::string(value)}};
    const auto query = read_alert_query(request);
    return query ? std::string() : query.error().pointer;
  };
  EXPECT_EQ(refused("state", "sent"), "?state");
  for (const char* cursor :
       {"", "7", "-ab", "7-", "x-ab", "7-AB", "7-a b", "99999999999999999999-ab"}) {
    EXPECT_EQ(refused("cursor", cursor), "?cursor") << cursor;
  }
  EXPECT_EQ(query_of({{"state", "dead"}, {"channel", "ops"}}).state, DeliveryState::dead);
}

}  // namespace
}  // namespace tocsin
