#include "store/json.h"

#include <gtest/gtest.h>

#include "store/field_count.h"
#include "store/fixtures.h"

namespace tocsin {
namespace {

using fixtures::Dice;

constexpr uint64_t kRounds = 300;

// Round 0 sets every field; a field that is not stored makes it fail.
Dice dice_of(uint64_t round) { return Dice(round, round == 0); }

TEST(StoredJson, GivesBackEveryMonitor) {
  for (uint64_t round = 0; round < kRounds; ++round) {
    Dice dice = dice_of(round);
    const Monitor monitor = fixtures::some_monitor(dice);
    const Result<Monitor> read = monitor_from_json(to_json(monitor));
    ASSERT_TRUE(read) << read.error().message;
    ASSERT_TRUE(fixtures::is_same(*read, monitor)) << "round " << round << ": " << to_json(monitor);
  }
}

template <class T>
void expect_round_trip(T (*make)(Dice&), Result<T> (*read)(std::string_view)) {
  for (uint64_t round = 0; round < kRounds; ++round) {
    Dice dice = dice_of(round);
    const T value = make(dice);
    const Result<T> again = read(to_json(value));
    ASSERT_TRUE(again) << again.error().message;
    ASSERT_EQ(*again == value, true) << "round " << round << ": " << to_json(value);
  }
}

TEST(StoredJson, GivesBackEveryState) {
  expect_round_trip(fixtures::some_state, monitor_state_from_json);
}
TEST(StoredJson, GivesBackEveryIncident) {
  expect_round_trip(fixtures::some_incident, incident_from_json);
}
TEST(StoredJson, GivesBackEveryEvent) {
  expect_round_trip(fixtures::some_event, alert_event_from_json);
}
TEST(StoredJson, GivesBackEveryDelivery) {
  expect_round_trip(fixtures::some_delivery, delivery_from_json);
}
TEST(StoredJson, GivesBackEveryAttempt) {
  expect_round_trip(fixtures::some_attempt, attempt_from_json);
}

TEST(StoredJson, GivesBackAllEvidence) {
  expect_round_trip(fixtures::some_evidence, evidence_from_json);
}

// A new member has to be described in json_*.cpp, set in fixtures.cpp, and then counted here.
TEST(StoredJson, ForgetsNoMember) {
  using fixtures::field_count;
  EXPECT_EQ(field_count<Monitor>(), 34U);
  EXPECT_EQ(field_count<TlsOptions>(), 10U);
  EXPECT_EQ(field_count<SendStep>(), 2U);
  EXPECT_EQ(field_count<CaptureUse>(), 2U);
  EXPECT_EQ(field_count<ExpectStep>(), 3U);
  EXPECT_EQ(field_count<ExpectJsonStep>(), 3U);
  EXPECT_EQ(field_count<Assertion>(), 4U);
  EXPECT_EQ(field_count<RetryPolicy>(), 6U);
  EXPECT_EQ(field_count<AlertPolicy>(), 9U);
  EXPECT_EQ(field_count<EscalationStep>(), 2U);
  EXPECT_EQ(field_count<Status>(), 15U);
  EXPECT_EQ(field_count<AlertState>(), 13U);
  EXPECT_EQ(field_count<MonitorState>(), 9U);
  EXPECT_EQ(field_count<tocsin::Run>(), 8U);
  EXPECT_EQ(field_count<Incident>(), 17U);
  EXPECT_EQ(field_count<TimelineEntry>(), 3U);
  EXPECT_EQ(field_count<AlertEvent>(), 12U);
  EXPECT_EQ(field_count<Delivery>(), 11U);
  EXPECT_EQ(field_count<DeliveryAttempt>(), 6U);
  EXPECT_EQ(field_count<Attempt>(), 2U);
  EXPECT_EQ(field_count<Evaluation>(), 4U);
  EXPECT_EQ(field_count<AssertionResult>(), 4U);
  EXPECT_EQ(field_count<ProbeResult>(), 29U);
  EXPECT_EQ(field_count<AddressMemory>(), 6U);
  EXPECT_EQ(field_count<AddressMove>(), 2U);
  EXPECT_EQ(field_count<FailedAddress>(), 3U);
  EXPECT_EQ(field_count<Proxy>(), 4U);
  EXPECT_EQ(field_count<ProxyFacts>(), 3U);
  EXPECT_EQ(field_count<TlsFacts>(), 12U);
  EXPECT_EQ(field_count<TranscriptEntry>(), 3U);
  EXPECT_EQ(field_count<StepTime>(), 5U);
  EXPECT_EQ(field_count<ProbeError>(), 4U);
  EXPECT_EQ(field_count<ResultId>(), 5U);
  EXPECT_EQ(field_count<SocketAddress>(), 3U);
  EXPECT_EQ(field_count<Evidence>(), 8U);
  EXPECT_EQ(field_count<SecondTry>(), 5U);
  EXPECT_EQ(field_count<Knock>(), 5U);
  EXPECT_EQ(field_count<Walk>(), 5U);
  EXPECT_EQ(field_count<Hop>(), 3U);
  EXPECT_EQ(field_count<IcmpNotice>(), 3U);
  EXPECT_EQ(field_count<NameNow>(), 5U);
  EXPECT_EQ(field_count<TokenRow>(), 6U);
  EXPECT_EQ(field_count<UserRow>(), 4U);
  EXPECT_EQ(field_count<SessionRow>(), 5U);
}

// States are written at every tick, so the form of a quiet monitor has to be short.
TEST(StoredJson, LeavesOutWhatIsNotThere) {
  EXPECT_EQ(to_json(MonitorState()),
            R"({"status":{"kind":"pending","known":"pending"},"alert":{"severity":"passed"}})");
}

// A start reads as many of them as there are monitors.
TEST(StoredJson, AnOrdinaryMonitorIsShort) {
  Monitor monitor;
  monitor.project = "shop";
  monitor.id = monitor.name = "db";
  monitor.target = Target::parse("db.example:5432").value();
  EXPECT_EQ(to_json(monitor),
            R"({"project":"shop","id":"db","name":"db","target":"db.example:5432"})");
}

// What was written before what is usual was left out, in the order of the alphabet.
TEST(StoredJson, ReadsTheLongerFormOfBefore) {
  const Result<Monitor> read = monitor_from_json(
      R"({"alert":{"after_runs":1,"degraded":false,"locations":{"need":"any"},)"
      R"("recover_after_runs":1,"strict":false},"close":"fin","enabled":true,"expect":"open",)"
      R"("id":"db","interval_us":60000000,"ip_family":"ipv4","locations":["local"],"name":"db",)"
      R"("origin":{},"project":"shop","retry":{"base_us":60000000,"max":2,"only_network":false,)"
      R"("same_location":true,"strategy":"none","total_us":600000000},"strategy":"parallel",)"
      R"("target":"127.0.0.1:5432","timeout_us":5000000,"tls":{"mode":"off","verify":true}})");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(to_json(*read), R"({"project":"shop","id":"db","name":"db","target":"127.0.0.1:5432",)"
                            R"("timeout_us":5000000})");
  const Result<Monitor> again = monitor_from_json(to_json(*read));
  ASSERT_TRUE(again);
  EXPECT_TRUE(fixtures::is_same(*read, *again));
}

// Each value here is on disk by not being there: one that changed would change monitors that
// nobody touched. A new default of the model needs the old one in json_monitor.cpp.
TEST(StoredJson, WhatIsUsualNeverChanges) {
  const Result<Monitor> read = monitor_from_json("{}");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->ip_family, IpFamily::ipv4);
  EXPECT_EQ(read->tls.mode, TlsMode::off);
  EXPECT_TRUE(read->tls.verify);
  EXPECT_EQ(read->timeout, Duration(10s));
  EXPECT_EQ(read->expect, Expectation::open);
  EXPECT_EQ(read->interval, Duration(60s));
  EXPECT_EQ(read->locations, std::vector<std::string>{"local"});
  EXPECT_EQ(read->strategy, Strategy::parallel);
  EXPECT_EQ(read->retry.strategy, RetryStrategy::none);
  EXPECT_EQ(read->retry.base, Duration(60s));
  EXPECT_EQ(read->retry.max, 2U);
  EXPECT_EQ(read->retry.total, Duration(600s));
  EXPECT_TRUE(read->retry.same_location);
  EXPECT_FALSE(read->retry.only_network);
  EXPECT_EQ(read->alert.after_runs, 1U);
  EXPECT_EQ(read->alert.recover_after_runs, 1U);
  EXPECT_TRUE(std::holds_alternative<AnyLocation>(read->alert.locations));
  EXPECT_FALSE(read->alert.degraded);
  EXPECT_FALSE(read->alert.strict);
  EXPECT_TRUE(read->enabled);
  EXPECT_FALSE(read->muted);
  EXPECT_FALSE(read->should_fail);
  EXPECT_EQ(read->close, CloseMode::fin);
  EXPECT_EQ(read->origin.author, ReachRole::operator_files);
}

// A later version may add a field, and an older one must still read the row.
TEST(StoredJson, IgnoresWhatItDoesNotKnow) {
  const Result<AlertEvent> event =
      alert_event_from_json(R"({"type":"monitor.degraded","colour":{"of":"money"},"number":2})");
  ASSERT_TRUE(event) << event.error().message;
  EXPECT_EQ(event->type, EventType::degraded);
  EXPECT_EQ(event->number, 2U);
}

// The message names the place, so that a damaged row can be found.
TEST(StoredJson, SaysWhatIsWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "stored monitor: it is not JSON"},
      {"{", "stored monitor: it is not JSON"},
      {"[]", "stored monitor: the value is not an object"},
      {R"({"timeout_us":"10s"})", "stored monitor: timeout_us is not a whole number that fits"},
      {R"({"timeout_us":1.5})", "stored monitor: timeout_us is not a whole number that fits"},
      {R"({"alert":{"after_runs":4294967296}})",
       "stored monitor: alert.after_runs is not a whole number that fits"},
      {R"({"alert":{"after_runs":-1}})",
       "stored monitor: alert.after_runs is not a whole number that fits"},
      {R"({"expect":"shut"})", "stored monitor: expect is not a name known here"},
      {R"({"tags":["a",7]})", "stored monitor: tags[1] is not text"},
      {R"({"tags":"a"})", "stored monitor: tags is not a list"},
      {R"({"name":{"base64":"?"}})", "stored monitor: name is not text"},
      {R"({"enabled":1})", "stored monitor: enabled is not true or false"},
      {R"({"target":"example.com"})", "stored monitor: target is not well formed"},
      {R"({"request":[{"do":"dance"}]})", "stored monitor: request[0].do is not a name known here"},
  };
  for (const auto& [text, message] : cases) {
    const Result<Monitor> monitor = monitor_from_json(text);
    ASSERT_FALSE(monitor) << text;
    EXPECT_EQ(monitor.error().kind, ErrorKind::corrupt);
    EXPECT_EQ(monitor.error().message, message);
  }
}

TEST(StoredJson, RefusesAMapKeyThatIsNotANumber) {
  const Result<MonitorState> state = monitor_state_from_json(R"({"newest":{"here":{}}})");
  ASSERT_FALSE(state);
  EXPECT_EQ(state.error().message, "stored monitor state: newest has a key that is not a number");
}

}  // namespace
}  // namespace tocsin
