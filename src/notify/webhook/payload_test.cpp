#include "notify/webhook/payload.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "notify/notice_samples.h"
#include "notify/signature.h"

namespace tocsin {
namespace {

std::optional<std::string> header(const HttpMessage& message, std::string_view name) {
  std::optional<std::string> found;
  for (const auto& [key, value] : message.headers) {
    if (key == name) {
      EXPECT_FALSE(found.has_value()) << name << " twice";
      found = value.reveal();
    }
  }
  return found;
}

Result<HttpMessage> message_for(const Channel& channel,
                                SystemTime now = SystemTime(1'795'000'000s)) {
  const NoticeFacts facts = samples::down();
  return webhook_message(channel, samples::delivery(facts, channel), facts, now);
}

// The id says "the same event", the timestamp "this attempt"; the signature joins them with the
// body.
TEST(WebhookMessage, RetryKeepsTheIdAndSignsAnew) {
  const Channel channel = samples::webhook();
  const HttpMessage first = message_for(channel).value();
  const HttpMessage second = message_for(channel, SystemTime(1'795'000'060s)).value();
  EXPECT_EQ(header(first, "webhook-id"), header(second, "webhook-id"));
  EXPECT_EQ(header(first, "webhook-timestamp"), "1795000000");
  EXPECT_EQ(header(second, "webhook-timestamp"), "1795000060");
  EXPECT_EQ(first.body, second.body);
  EXPECT_NE(header(first, "webhook-signature"), header(second, "webhook-signature"));
  EXPECT_EQ(header(first, "webhook-signature"),
            webhook_signature(webhook_key(channel.secret.reveal()).value(),
                              header(first, "webhook-id").value(), "1795000000", first.body));
}

// What was found out is there when it is known; a receiver that does not know the field passes it
// over.
TEST(WebhookBody, EvidenceIsThereWhenItIsKnown) {
  NoticeFacts facts = samples::down();
  EXPECT_EQ(webhook_body(facts).find("evidence"), std::string::npos);
  facts.evidence = "A second try at once passed.";
  EXPECT_NE(webhook_body(facts).find(R"("evidence":"A second try at once passed.")"),
            std::string::npos);
}

TEST(WebhookMessage, WithoutASecretThereIsNoSignature) {
  Channel channel = samples::webhook();
  channel.secret = Secret();
  EXPECT_EQ(header(message_for(channel).value(), "webhook-signature"), std::nullopt);
}

TEST(WebhookMessage, NamesItself) {
  const HttpMessage message = message_for(samples::webhook()).value();
  EXPECT_TRUE(header(message, "user-agent")->starts_with("tocsin/0."));
  EXPECT_EQ(header(message, "content-type"), "application/json");
}

// A channel may add what its receiver wants, but not forge what the receiver trusts.
TEST(WebhookMessage, ChannelHeadersCannotReplaceTheSignature) {
  Channel channel = samples::webhook();
  channel.headers = {{"Authorization", Secret("Bearer x")},
                     {"Webhook-Signature", Secret("v1,forged")},
                     {"Content-Length", Secret("0")},
                     {"Content-Type", Secret("application/vnd.example+json")}};
  const HttpMessage message = message_for(channel).value();
  EXPECT_EQ(header(message, "Authorization"), "Bearer x");
  EXPECT_EQ(header(message, "Webhook-Signature"), std::nullopt);
  EXPECT_EQ(header(message, "Content-Length"), std::nullopt);
  EXPECT_EQ(header(message, "Content-Type"), "application/vnd.example+json");
  EXPECT_EQ(header(message, "content-type"), std::nullopt);
}

TEST(WebhookMessage, HeaderThatCouldSmuggleIsRefused) {
  for (const auto& [name, value] :
       {std::pair("X-A", "1\r\nX-B: 2"), std::pair("X A", "1"), std::pair("X-A:", "1"),
        std::pair("", "1"), std::pair("X-A", "\x7F")}) {
    Channel channel = samples::webhook();
    channel.headers = {{name, Secret(value)}};
    const auto message = message_for(channel);
    ASSERT_FALSE(message.has_value()) << name;
    EXPECT_EQ(message.error().kind, ErrorKind::invalid_input);
    EXPECT_EQ(message.error().message.find("X-B"), std::string::npos) << "values may be secret";
  }
}

// Whatever is in the names, the body is JSON that says exactly that.
TEST(WebhookBody, HostileNamesStayInsideTheirStrings) {
  const auto json = nlohmann::json::parse(webhook_body(samples::hostile()));
  EXPECT_EQ(json.size(), 3U);
  EXPECT_EQ(json["data"]["monitor"]["id"], "evil\r\nBcc: everyone@example.org");
  EXPECT_EQ(json["data"]["monitor"]["tags"].size(), 4U);
}

TEST(WebhookBody, StaysUnderTwentyKilobytes) {
  NoticeFacts facts = samples::down();
  facts.monitor_name = std::string(500, 'n');
  facts.monitor_id = std::string(200, 'i');
  facts.event.reason = facts.error_sentence = facts.incident_url = std::string(100000, 'x');
  facts.tags = std::vector<std::string>(50, std::string(100, 't'));
  EXPECT_LT(webhook_body(facts).size(), 20'000U);
}

// Receivers made for Tracker route by error_status; where that system has no name there is none.
TEST(WebhookBody, TrackerNames) {
  const auto status = [](ErrorCode code) {
    NoticeFacts facts = samples::down();
    facts.event.error = ProbeError{code, Phase::connect, ""};
    return nlohmann::json::parse(webhook_body(facts))["data"]["error_status"];
  };
  EXPECT_EQ(status(ErrorCode::tcp_refused), "tcp_refused");
  EXPECT_EQ(status(ErrorCode::host_unreachable), "timeout");
  EXPECT_EQ(status(ErrorCode::dns_failed), "host_not_found");
  EXPECT_TRUE(status(ErrorCode::agent_lost).is_null());
}

}  // namespace
}  // namespace tocsin
