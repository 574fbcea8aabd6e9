// The outbox as timelines: receivers die and come back while the fake clock runs through days.
#include "notify/outbox.h"

#include <gtest/gtest.h>

#include "notify/notice_samples.h"

namespace tocsin {
namespace {

using Kind = SendOutcome::Kind;

class FakeClock : public Clock {
 public:
  [[nodiscard]] SystemTime system_now() const override { return kStart + passed; }
  [[nodiscard]] SteadyTime steady_now() const override { return SteadyTime(1h) + passed; }
  static constexpr SystemTime kStart{1'796'000'000s};
  Duration passed{};
};

class NoJitter : public Random {
 public:
  uint64_t next() override { return 200; }  // the middle of -20 % .. +20 %
};

// Receivers behind the fake network: each answers at once or, when it says nothing, never.
class FakeSender : public Sender {
 public:
  explicit FakeSender(const FakeClock& clock) : clock_(clock) {}
  using Receiver = std::function<std::optional<SendOutcome>(Duration passed)>;

  void send(uint64_t token, OutgoingMessage message, SendSink& sink) override {
    const HttpMessage http = std::get<HttpMessage>(message);
    const std::string url = http.url.reveal();
    attempts[url].push_back({clock_.passed, http.headers[0].second.reveal()});
    ++in_flight[url];
    most_in_flight = std::max(most_in_flight, in_flight[url]);
    if (const auto outcome = receivers.at(url)(clock_.passed)) {
      --in_flight[url];
      sink.on_sent(token, *outcome);
    } else {
      hanging = [this, token, url, &sink](SendOutcome late) {
        --in_flight[url];
        sink.on_sent(token, late);
      };
    }
  }

  struct Attempt {
    Duration at;
    std::string webhook_id;
  };
  std::map<std::string, Receiver> receivers;
  std::map<std::string, std::vector<Attempt>> attempts;
  std::map<std::string, int> in_flight;
  int most_in_flight = 0;
  std::function<void(SendOutcome)> hanging;

 private:
  const FakeClock& clock_;
};

SendOutcome ok() { return {.kind = Kind::delivered, .result = "200 OK", .took = 3ms}; }
SendOutcome down() { return {.kind = Kind::retry, .result = "connection refused by 127.0.0.1:9"}; }

class OutboxTest : public testing::Test {
 protected:
  OutboxTest() {
    sender.receivers["http://a/"] = [](Duration) { return ok(); };
    sender.receivers["http://b/"] = [](Duration) { return ok(); };
    outbox = make();
    outbox->set_channels(both());
  }

  std::unique_ptr<Outbox> make() {
    return std::make_unique<Outbox>(
        sender, clock, random,
        [this](const Delivery& delivery, const std::optional<DeliveryAttempt>& attempt) {
          stored[delivery.key] = delivery;
          if (attempt) {
            tries.push_back(*attempt);
          }
        });
  }

  static Channel hook(const std::string& id) {
    Channel channel = samples::webhook();
    channel.id = id;
    channel.url = Secret("http://" + id + "/");
    return channel;
  }
  static std::map<std::string, Channel> both() { return {{"a", hook("a")}, {"b", hook("b")}}; }

  // Event `number` of incident `incident`, decided now, for `channel`. Returns its key.
  std::string add(const std::string& channel, const std::string& incident = "i1",
                  uint32_t number = 1) {
    NoticeFacts facts = samples::down();
    facts.event.incident = IncidentId{incident};
    facts.event.number = number;
    Delivery delivery = samples::delivery(facts, hook(channel));
    delivery.created = delivery.next_attempt = clock.system_now();
    stored[delivery.key] = delivery;
    outbox->add(delivery);
    return delivery.key;
  }

  void run_to(Duration until) {
    outbox->advance(clock.steady_now());
    while (outbox->next_deadline() - SteadyTime(1h) <= until) {
      clock.passed = std::max(clock.passed, outbox->next_deadline() - SteadyTime(1h));
      outbox->advance(clock.steady_now());
    }
    clock.passed = until;
  }

  std::vector<Duration> times(const std::string& url) {
    std::vector<Duration> all;
    for (const auto& attempt : sender.attempts[url]) {
      all.push_back(attempt.at);
    }
    return all;
  }

  FakeClock clock;
  NoJitter random;
  FakeSender sender{clock};
  std::map<std::string, Delivery> stored;  // what the store would hold
  std::vector<DeliveryAttempt> tries;
  std::unique_ptr<Outbox> outbox;
};

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
}

// A receiver that is dead for almost three days still hears of it, under the same key each time.
TEST_F(OutboxTest, ReceiverDeadFor71HoursIsTold) {
  sender.receivers["http://a/"] = [](Duration passed) { return passed < 71h ? down() : ok(); };
  const std::string key = add("a");
  run_to(80h);
  EXPECT_EQ(stored[key].state, DeliveryState::delivered);
  const std::vector<Duration> at = times("http://a/");
  ASSERT_EQ(at.size(), 15U);
  EXPECT_EQ(at[0], Duration(0s));
  EXPECT_EQ(at[1], Duration(5s));
  EXPECT_EQ(at[2], Duration(35s));
  EXPECT_EQ(at[3], Duration(2min + 35s));
  EXPECT_EQ(at.back(), Duration(72h));
  for (const auto& attempt : sender.attempts["http://a/"]) {
    EXPECT_EQ(attempt.webhook_id, key);
  }
}

TEST_F(OutboxTest, ReceiverDeadForThreeDaysIsGivenUpWithTheReason) {
  sender.receivers["http://a/"] = [](Duration) { return down(); };
  const std::string key = add("a");
  run_to(100h);
  EXPECT_EQ(stored[key].state, DeliveryState::dead);
  EXPECT_EQ(
      stored[key].last_result,
      "given up after 15 attempts in three days; the last: connection refused by 127.0.0.1:9");
  EXPECT_EQ(outbox->counters("a").dead, 1U);
  EXPECT_EQ(outbox->counters("a").failed_attempts, 15U);
  EXPECT_EQ(outbox->waiting(), 0U);
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

TEST_F(OutboxTest, RetryAfterIsRespected) {
  sender.receivers["http://a/"] = [](Duration passed) {
    return passed < 40s ? SendOutcome{.kind = Kind::retry, .result = "429", .retry_after = 42s}
                        : ok();
  };
  add("a");
  run_to(1h);
  EXPECT_EQ(times("http://a/"), (std::vector<Duration>{0s, 42s}));
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

// A wall clock set back by years must not put a notice off by years.
TEST_F(OutboxTest, ClockThatJumpedBackDelaysByHoursAtMost) {
  Delivery delivery = samples::delivery(samples::down(), hook("a"));
  delivery.created = delivery.next_attempt = clock.system_now() + 24h * 3650;
  outbox->add(delivery);
  run_to(16h);
  EXPECT_EQ(sender.attempts["http://a/"].size(), 1U);
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
