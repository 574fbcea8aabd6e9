// The outbox as timelines of days: when what failed is tried again, and when it is given up.
#include "base/limits.h"
#include "notify/backoff.h"
#include "notify/outbox_fixture.h"

namespace tocsin {
namespace {

using Kind = SendOutcome::Kind;

// A receiver that is dead for three days still hears of it, under the same key each time.
TEST_F(OutboxTest, ReceiverDeadForThreeDaysIsTold) {
  sender.receivers["http://a/"] = [](Duration passed) { return passed < 72h ? down() : ok(); };
  const std::string key = add("a");
  run_to(80h);
  EXPECT_EQ(stored[key].state, DeliveryState::delivered);
  const std::vector<Duration> at = times("http://a/");
  ASSERT_EQ(at.size(), 15U);
  EXPECT_EQ(at[0], Duration(0s));
  EXPECT_EQ(at[1], Duration(5s));
  EXPECT_EQ(at[2], Duration(35s));
  EXPECT_EQ(at[3], Duration(2min + 35s));
  EXPECT_EQ(at.back(), Duration(72h + 22min + 35s));
  for (const auto& attempt : sender.attempts["http://a/"]) {
    EXPECT_EQ(attempt.webhook_id, key);
  }
}

TEST_F(OutboxTest, ReceiverDeadForLongerIsGivenUpWithTheReason) {
  sender.receivers["http://a/"] = [](Duration) { return down(); };
  const std::string key = add("a");
  run_to(100h);
  EXPECT_EQ(stored[key].state, DeliveryState::dead);
  EXPECT_EQ(stored[key].last_result,
            "given up after 15 attempts; the last: connection refused by 127.0.0.1:9");
  EXPECT_EQ(outbox->counters("a").dead, 1U);
  EXPECT_EQ(outbox->counters("a").failed_attempts, 15U);
  EXPECT_EQ(outbox->counters("a").last_result, stored[key].last_result);
  EXPECT_EQ(outbox->waiting(), 0U);
}

// A wall clock that leaps by a week, or a machine that sleeps as long, takes none of the attempts:
// age alone kills no notice.
TEST_F(OutboxTest, LeapOfTheClockTakesNoAttempt) {
  for (const bool asleep : {false, true}) {
    clock = {};
    sender.attempts.clear();
    outbox = make();
    outbox->set_channels(both());
    sender.receivers["http://a/"] = [](Duration) { return down(); };
    const std::string key = add("a");
    run_to(1min);
    (asleep ? clock.passed : clock.leapt) += 24h * 7;
    outbox->advance(clock.steady_now());
    EXPECT_EQ(stored[key].state, DeliveryState::waiting);
    run_to(24h * 30);
    EXPECT_EQ(stored[key].state, DeliveryState::dead);
    EXPECT_EQ(stored[key].attempts, kDeliveryAttemptsMax);
  }
}

// kill -9 while an attempt was on its way: it is repeated, with the same key.
TEST_F(OutboxTest, RestartRepeatsWithTheSameKey) {
  sender.receivers["http://a/"] = [](Duration) { return std::nullopt; };
  const std::string key = add("a");
  run_to(10s);
  sender.receivers["http://a/"] = [](Duration) { return ok(); };
  outbox = make();
  outbox->add(stored[key]);
  outbox->set_channels(both());
  run_to(11s);
  ASSERT_EQ(sender.attempts["http://a/"].size(), 2U);
  EXPECT_EQ(sender.attempts["http://a/"][0].webhook_id, sender.attempts["http://a/"][1].webhook_id);
  EXPECT_EQ(stored[key].state, DeliveryState::delivered);
}

// The back-off goes on after a restart where it stopped.
TEST_F(OutboxTest, RestartKeepsTheNextAttempt) {
  sender.receivers["http://a/"] = [](Duration) { return down(); };
  const std::string key = add("a");
  run_to(3min);  // attempts at 0, 5 s, 35 s, 2:35; the next at 7:35
  outbox = make();
  outbox->set_channels(both());
  outbox->add(stored[key]);
  run_to(8min);
  EXPECT_EQ(times("http://a/").back(), Duration(7min + 35s));
}

// The operator repaired the URL: nobody wants to wait for the twelve hours.
TEST_F(OutboxTest, ChangedChannelIsTriedAtOnce) {
  sender.receivers["http://a/"] = [](Duration) { return down(); };
  const std::string key = add("a");
  run_to(20h);
  const size_t before = sender.attempts["http://a/"].size();
  outbox->set_channels(both());  // a reload that changes nothing
  run_to(20h);
  EXPECT_EQ(sender.attempts["http://a/"].size(), before);
  auto channels = both();
  channels["a"].url = Secret("http://b/");
  outbox->set_channels(channels);
  run_to(20h);
  EXPECT_EQ(stored[key].state, DeliveryState::delivered);
}

// The attempt that is on its way meanwhile was made with the old definition: its failure, even a
// final one, says nothing of the new.
TEST_F(OutboxTest, ChannelChangedWhileAnAttemptIsOnItsWayIsTriedAtOnce) {
  sender.receivers["http://a/"] = [](Duration) { return std::nullopt; };
  const std::string key = add("a");
  run_to(1min);
  auto channels = both();
  channels["a"].url = Secret("http://b/");
  outbox->set_channels(channels);
  sender.hanging({.kind = SendOutcome::Kind::rejected, .result = "410 Gone"});
  EXPECT_EQ(stored[key].state, DeliveryState::waiting);
  run_to(1min);
  EXPECT_EQ(stored[key].state, DeliveryState::delivered);
  EXPECT_EQ(times("http://b/"), (std::vector<Duration>{1min}));
}

// Twenty attempts at repairing a channel within the hour are twenty attempts at sending, but the
// notice is not lost by them: it is still tried once more after a wait.
TEST_F(OutboxTest, ManyChangesOfAChannelDoNotKillANotice) {
  sender.receivers["http://a/"] = [](Duration) { return down(); };
  const std::string key = add("a");
  run_to(10min);
  for (int change = 0; change < 20; ++change) {
    auto channels = both();
    channels["a"].name = "change " + std::to_string(change);
    outbox->set_channels(channels);
    run_to(clock.passed + 1min);
  }
  EXPECT_EQ(stored[key].state, DeliveryState::waiting);
  EXPECT_GT(stored[key].attempts, kDeliveryAttemptsMax);
  sender.receivers["http://a/"] = [](Duration) { return ok(); };
  run_to(14h);
  EXPECT_EQ(stored[key].state, DeliveryState::delivered);
}

TEST_F(OutboxTest, RetryAfterIsRespected) {
  sender.receivers["http://a/"] = [](Duration passed) {
    return passed < 40s ? SendOutcome{.kind = Kind::retry, .result = "429", .retry_after = 42s}
                        : ok();
  };
  add("a");
  run_to(1h);
  EXPECT_EQ(times("http://a/"), (std::vector<Duration>{0s, 42s}));
}

// A wall clock set back by years must not put a notice off by years.
TEST_F(OutboxTest, ClockThatJumpedBackDelaysNoFirstAttempt) {
  Delivery delivery = samples::delivery(samples::down(), hook("a"));
  delivery.created = delivery.next_attempt = clock.system_now() + 24h * 3650;
  outbox->add(delivery);
  run_to(1s);
  EXPECT_EQ(sender.attempts["http://a/"].size(), 1U);
}

// Nor a later one by more than its own step of the back-off, or what a receiver may ask for.
TEST_F(OutboxTest, ClockThatJumpedBackDelaysALaterAttemptByItsStepAtMost) {
  Delivery delivery = samples::delivery(samples::down(), hook("a"));
  delivery.attempts = 2;
  delivery.created = delivery.next_attempt = clock.system_now() + 24h * 3650;
  outbox->add(delivery);
  run_to(kRetryAfterMax);
  EXPECT_EQ(sender.attempts["http://a/"].size(), 1U);
}

}  // namespace
}  // namespace tocsin
