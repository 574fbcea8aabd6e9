// The outbox in front of receivers that die and come back as a test says, while a fake clock runs
// through days.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "notify/notice_samples.h"
#include "notify/outbox.h"

namespace tocsin {

class FakeClock : public Clock {
 public:
  [[nodiscard]] SystemTime system_now() const override { return kStart + passed + leapt; }
  [[nodiscard]] SteadyTime steady_now() const override { return SteadyTime(1h) + passed; }
  static constexpr SystemTime kStart{1'796'000'000s};
  Duration passed{};
  Duration leapt{};  // of the wall clock alone
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
      hanging = [this, token, url, &sink](const SendOutcome& late) {
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
  std::function<void(const SendOutcome&)> hanging;

 private:
  const FakeClock& clock_;
};

inline SendOutcome ok() {
  return {.kind = SendOutcome::Kind::delivered, .result = "200 OK", .took = 3ms};
}
inline SendOutcome down() {
  return {.kind = SendOutcome::Kind::retry, .result = "connection refused by 127.0.0.1:9"};
}

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

}  // namespace tocsin
