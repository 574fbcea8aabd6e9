// The outbox as timelines: what is sent in which order, and what ends a delivery.
#include "notify/outbox.h"

#include "notify/message.h"
#include "notify/outbox_fixture.h"

namespace tocsin {
namespace {

using Kind = SendOutcome::Kind;

TEST_F(OutboxTest, DeliversAtOnceAndKeepsTheAttempt) {
  const std::string key = add("a");
  run_to(0s);
  EXPECT_EQ(stored[key].state, DeliveryState::delivered);
  EXPECT_EQ(stored[key].attempts, 1U);
  EXPECT_EQ(stored[key].last_result, "200 OK");
  EXPECT_EQ(stored[key].finished, clock.system_now());
  ASSERT_EQ(tries.size(), 1U);
  EXPECT_EQ(tries[0].number, 1U);
  EXPECT_TRUE(tries[0].ok);
  EXPECT_EQ(tries[0].took, 3ms);
  EXPECT_EQ(outbox->waiting(), 0U);
  EXPECT_EQ(outbox->next_deadline(), kNever);
  EXPECT_EQ(outbox->counters("a").delivered, 1U);
  EXPECT_EQ(outbox->counters("a").last_result, "200 OK");
  EXPECT_EQ(outbox->counters("nobody").last_result, "");
}

// One channel that never answers must not keep another from telling people.
TEST_F(OutboxTest, HangingChannelDoesNotDelayAnother) {
  sender.receivers["http://a/"] = [](Duration) { return std::nullopt; };
  const std::string hanging = add("a");
  const std::string other = add("b");
  run_to(0s);
  EXPECT_EQ(stored[hanging].state, DeliveryState::waiting);
  EXPECT_EQ(stored[other].state, DeliveryState::delivered);
}

TEST_F(OutboxTest, OneAttemptInFlightPerChannel) {
  sender.receivers["http://a/"] = [](Duration) { return std::nullopt; };
  add("a", "i1");
  add("a", "i2");
  run_to(1h);
  EXPECT_EQ(sender.attempts["http://a/"].size(), 1U);
  sender.receivers["http://a/"] = [](Duration) { return ok(); };
  sender.hanging(ok());
  run_to(1h);
  EXPECT_EQ(sender.attempts["http://a/"].size(), 2U);
  EXPECT_EQ(sender.most_in_flight, 1);
}

// "Recovered" before "down" would leave a ticket open for ever; another incident need not wait.
TEST_F(OutboxTest, OrderIsKeptWithinAnIncidentOnly) {
  const std::string first = delivery_key(IncidentId{"i1"}, 1, "a");
  sender.receivers["http://a/"] = [&](Duration passed) {
    const bool is_first = sender.attempts["http://a/"].back().webhook_id == first;
    return is_first && passed < 1min ? down() : ok();
  };
  const std::string second = add("a", "i1", 2);
  add("a", "i1", 1);
  const std::string other = add("a", "i2", 1);
  run_to(30s);
  EXPECT_EQ(stored[other].state, DeliveryState::delivered);
  EXPECT_EQ(stored[second].state, DeliveryState::waiting);
  EXPECT_EQ(stored[second].attempts, 0U);
  run_to(10min);
  EXPECT_EQ(stored[first].state, DeliveryState::delivered);
  EXPECT_EQ(stored[second].state, DeliveryState::delivered);
  EXPECT_EQ(sender.attempts["http://a/"].back().webhook_id, second);
}

// A dead letter must not hold up what comes behind it.
TEST_F(OutboxTest, RejectedIsDeadAndTheNextGoesOn) {
  const std::string gone = delivery_key(IncidentId{"i1"}, 1, "a");
  sender.receivers["http://a/"] = [&](Duration) {
    return sender.attempts["http://a/"].back().webhook_id == gone
               ? SendOutcome{.kind = Kind::rejected, .result = "410 Gone"}
               : ok();
  };
  add("a", "i1", 1);
  const std::string next = add("a", "i1", 2);
  run_to(0s);
  EXPECT_EQ(stored[gone].state, DeliveryState::dead);
  EXPECT_EQ(stored[gone].last_result, "410 Gone");
  EXPECT_EQ(stored[next].state, DeliveryState::delivered);
}

TEST_F(OutboxTest, RemovedChannelEndsItsDeliveriesWithTheReason) {
  sender.receivers["http://a/"] = [](Duration) { return down(); };
  const std::string first = add("a", "i1", 1);
  const std::string second = add("a", "i1", 2);
  run_to(1min);
  outbox->set_channels({{"b", hook("b")}});
  EXPECT_EQ(stored[first].state, DeliveryState::dead);
  EXPECT_EQ(stored[second].state, DeliveryState::dead);
  EXPECT_EQ(stored[second].last_result, "channel \"a\" is no longer in the configuration");
  EXPECT_EQ(outbox->waiting(), 0U);
}

TEST_F(OutboxTest, ChannelRemovedDuringAnAttempt) {
  sender.receivers["http://a/"] = [](Duration) { return std::nullopt; };
  const std::string key = add("a");
  run_to(0s);
  outbox->set_channels({});
  EXPECT_EQ(stored[key].state, DeliveryState::waiting);
  sender.hanging(down());
  EXPECT_EQ(stored[key].state, DeliveryState::dead);
  EXPECT_EQ(stored[key].last_result, "channel \"a\" is no longer in the configuration");
}

TEST_F(OutboxTest, DeliveryForAnUnknownChannelIsDead) {
  Delivery delivery = samples::delivery(samples::down(), hook("gone"));
  outbox->add(delivery);
  run_to(0s);
  EXPECT_EQ(stored[delivery.key].state, DeliveryState::dead);
  EXPECT_EQ(stored[delivery.key].last_result, "channel \"gone\" is no longer in the configuration");
}

// "Why was I not alerted?" is answered by the row; it must never be sent.
TEST_F(OutboxTest, SuppressedAndFinishedAreNeverSent) {
  for (const auto state :
       {DeliveryState::suppressed, DeliveryState::delivered, DeliveryState::dead}) {
    Delivery delivery = samples::delivery(samples::down(), hook("a"));
    delivery.state = state;
    outbox->add(delivery);
  }
  run_to(100h);
  EXPECT_TRUE(sender.attempts.empty());
  EXPECT_EQ(outbox->waiting(), 0U);
}

TEST_F(OutboxTest, TheSameDeliveryAddedTwiceIsSentOnce) {
  add("a");
  add("a");
  run_to(1h);
  EXPECT_EQ(sender.attempts["http://a/"].size(), 1U);
}

// Our own misconfiguration is an attempt that failed, told like any other and repaired by a reload.
TEST_F(OutboxTest, ChannelThatCannotSayItIsRetried) {
  auto channels = both();
  channels["a"].secret = Secret("short");
  outbox->set_channels(channels);
  const std::string key = add("a");
  run_to(1s);
  EXPECT_EQ(stored[key].state, DeliveryState::waiting);
  EXPECT_EQ(stored[key].last_result,
            "the webhook secret has 5 bytes; write \"whsec_\" and base64, or a text of at least 24 "
            "bytes");
  outbox->set_channels(both());
  run_to(1s);
  EXPECT_EQ(stored[key].state, DeliveryState::delivered);
}

TEST_F(OutboxTest, DamagedNoticeIsDead) {
  Delivery delivery = samples::delivery(samples::down(), hook("a"));
  delivery.payload = "{";
  outbox->add(delivery);
  run_to(0s);
  EXPECT_EQ(stored[delivery.key].state, DeliveryState::dead);
  EXPECT_EQ(stored[delivery.key].last_result,
            "the stored notice is damaged: it is not a JSON object");
}

TEST_F(OutboxTest, LongResultsAreCut) {
  sender.receivers["http://a/"] = [](Duration) {
    return SendOutcome{.kind = Kind::retry, .result = std::string(5000, 'x')};
  };
  const std::string key = add("a");
  run_to(0s);
  EXPECT_EQ(stored[key].last_result.size(), 500U);
}

// Receivers drop doubles and join messages by these; they must not change between versions.
TEST(DeliveryKey, IsStable) {
  EXPECT_EQ(delivery_key(IncidentId{"i"}, 1, "a"), delivery_key(IncidentId{"i"}, 1, "a"));
  EXPECT_NE(delivery_key(IncidentId{"i"}, 1, "a"), delivery_key(IncidentId{"i"}, 2, "a"));
  EXPECT_NE(delivery_key(IncidentId{"i"}, 1, "a"), delivery_key(IncidentId{"i"}, 1, "b"));
  EXPECT_NE(delivery_key(IncidentId{"i"}, 1, "1"), delivery_key(IncidentId{"i"}, 11, ""));
  EXPECT_EQ(delivery_key(IncidentId{"019aa5c8-9b2a-7c3e-8a4d-1f2e3d4c5b6a"}, 1, "hook"),
            "7cd6f6814df049eb320669abef3b130619c1c90abfefd4faecb7f50640d274ba");
  EXPECT_EQ(incident_key(IncidentId{"019aa5c8-9b2a-7c3e-8a4d-1f2e3d4c5b6a"}, "hook"),
            "b87c38f0407d0acca255e53cd9b90ee1908b8ecb97828c555372b9fd46fb6e5f");
}

}  // namespace
}  // namespace tocsin
