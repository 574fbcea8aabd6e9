// A channel tried out, and what it would send.
#include "api/channels_fixture.h"

namespace tocsin {
namespace {

TEST_F(ChannelsTest, TestAnswersWhatTheReceiverSaid) {
  const auto answer = begin({"POST", "/channels/ops/test"});
  EXPECT_EQ(answer->status, 0) << "it waits for the receiver";
  ASSERT_EQ(sender_.held.size(), 1U);
  const auto& message = std::get<HttpMessage>(sender_.held.front().message);
  EXPECT_EQ(message.within, kTestSendTimeout);
  EXPECT_EQ(message.url.reveal(), "http://127.0.0.1:9000/canary-4711");
  EXPECT_TRUE(message.body.starts_with(R"({"type":"test")")) << message.body;
  sender_.answer({.kind = SendOutcome::Kind::delivered, .result = "204 No Content", .took = 12ms});
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, R"({"ok":true,"result":"204 No Content","took_ms":12})");
  const auto failed = begin({"POST", "/channels/ops/test"});
  sender_.answer({.kind = SendOutcome::Kind::retry, .result = "connection refused", .took = 1ms});
  EXPECT_EQ(failed->body, R"({"ok":false,"result":"connection refused","took_ms":1})");
  EXPECT_EQ(engine_->health().deliveries_waiting, 0U);
  EXPECT_EQ(outcome({"POST", "/channels/nobody/test"}), "404 not_found");
  EXPECT_EQ(outcome({"POST", "/channels/ops/test", R"({"event": "down"})"}),
            "422 validation_failed");
}

// One at a time for each caller; the next is let in when the first has ended.
TEST_F(ChannelsTest, OneTestAtATimeForEachCaller) {
  const auto first = begin({"POST", "/channels/ops/test"});
  const ApiResponse second = ask({"POST", "/channels/ops/test"});
  EXPECT_EQ(second.status, 429);
  EXPECT_NE(second.body.find(R"("code":"too_many_tests")"), std::string::npos);
  EXPECT_EQ(header(second, "Retry-After"), "2");
  const auto other = begin({"POST", "/channels/ops/test", "", {}, "another"});
  EXPECT_EQ(other->status, 0) << "somebody else's test is let in";
  sender_.answer({.kind = SendOutcome::Kind::delivered, .result = "200 OK"});
  EXPECT_EQ(first->status, 200);
  EXPECT_EQ(begin({"POST", "/channels/ops/test"})->status, 0);
}

// --- preview

TEST_F(ChannelsTest, PreviewShowsSamples) {
  const ApiResponse hook =
      ask({"POST", "/channels/preview", R"({"type": "webhook", "event": "monitor.down"})"});
  EXPECT_EQ(hook.status, 200);
  EXPECT_TRUE(hook.body.starts_with(R"({"body":"{\"type\":\"monitor.down\",)")) << hook.body;
  const ApiResponse mail =
      ask({"POST", "/channels/preview", R"({"type": "email", "event": "monitor.recovered"})"});
  EXPECT_TRUE(mail.body.starts_with(R"({"subject":")")) << mail.body;
  EXPECT_NE(mail.body.find("Redis sessions"), std::string::npos);
  EXPECT_NE(mail.body.find(R"(,"html":"<)"), std::string::npos) << mail.body;
  EXPECT_EQ(outcome({"POST", "/channels/preview", R"({"type": "email", "event": "self"})"}),
            "422 validation_failed");
  EXPECT_EQ(outcome({"POST", "/channels/preview", R"({"type": "fax", "event": "test"})"}),
            "422 validation_failed");
  EXPECT_EQ(outcome({"POST", "/channels/preview", "{}"}), "422 validation_failed");
}

}  // namespace
}  // namespace tocsin
