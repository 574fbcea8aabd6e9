// The part of the suite about the history as numbers: heartbeats, samples, neighbours, incidents in
// a range, alerts in one list; and the filters that need an index of their own.
#include <algorithm>
#include <random>
#include <vector>

#include "store/store_suite.h"

namespace tocsin {
namespace {

using fixtures::failed;
using fixtures::kNow;
using fixtures::passed;

std::vector<ResultId> ids_of(const std::vector<StoredResult>& results) {
  std::vector<ResultId> ids;
  ids.reserve(results.size());
  for (const StoredResult& result : results) {
    ids.push_back(result.attempt.result.id);
  }
  return ids;
}

StoredAttempt failed_by(ErrorCode code, SystemTime slot, uint16_t location = 0) {
  StoredAttempt stored = failed(1, slot);
  stored.attempt.evaluation.error->code = code;
  stored.attempt.result.id.location = location;
  return stored;
}

// --- heartbeats

// Many monitors in one answer, each with its newest finals alone, newest first, in the order asked;
// one that is not there has none.
TEST_P(StoreSuite, BeatsAreTheNewestFinalsOfEachMonitor) {
  WriteBatch batch;
  for (int tick = 0; tick < 5; ++tick) {
    batch.attempts.push_back(passed(1, kNow + tick * 10s, 1ms * (tick + 1)));
    batch.attempts.push_back(failed(2, kNow + tick * 10s));
  }
  StoredAttempt retried = failed(1, kNow + 60s);
  retried.final_attempt = false;
  batch.attempts.push_back(retried);
  keep(std::move(batch));
  const std::vector<MonitorUid> asked = {{2}, {9}, {1}};
  const auto beats = value(reader()->beats(asked, 3));
  ASSERT_EQ(beats.size(), 3U);
  ASSERT_EQ(beats[0].size(), 3U);
  EXPECT_EQ(beats[0][0], (Beat{.slot = kNow + 40s,
                               .verdict = Verdict::failed,
                               .response_time = 10ms,
                               .error = ErrorCode::tcp_refused}));
  EXPECT_TRUE(beats[1].empty());
  ASSERT_EQ(beats[2].size(), 3U);
  EXPECT_EQ(
      beats[2][0],
      (Beat{.slot = kNow + 40s, .verdict = Verdict::passed, .response_time = 5ms, .error = {}}));
  EXPECT_EQ(beats[2][2].slot, kNow + 20s);
}

// --- samples

// The same finals that the list has, with the same numbers, newest first and no more than asked.
TEST_P(StoreSuite, SamplesAreTheNumbersOfTheList) {
  std::mt19937_64 random(5);
  WriteBatch batch;
  for (int tick = 0; tick < 60; ++tick) {
    StoredAttempt one =
        tick % 7 == 0 ? failed(1, kNow + tick * 1s) : passed(1, kNow + tick * 1s, 2ms);
    one.final_attempt = tick % 5 != 0;
    one.attempt.result.id.location = static_cast<uint16_t>(random() % 2);
    one.attempt.result.phases.dns = Duration(static_cast<int64_t>(random() % 900));
    batch.attempts.push_back(one);
  }
  keep(std::move(batch));
  const auto reading = reader();
  const auto listed = value(
      reading->results({.monitor = {1}, .from = kNow + 10s, .to = kNow + 50s, .limit = 1000}));
  const auto samples = value(reading->samples({1}, kNow + 10s, kNow + 50s, kSamplesMax));
  ASSERT_EQ(samples.size(), listed.size());
  for (size_t index = 0; index < samples.size(); ++index) {
    const Attempt& attempt = listed[index].attempt;
    EXPECT_EQ(samples[index], (ResultSample{.slot = attempt.result.id.slot,
                                            .location = attempt.result.id.location,
                                            .verdict = attempt.evaluation.verdict,
                                            .response_time = attempt.result.response_time,
                                            .phases = attempt.result.phases}));
  }
  const auto newest = value(reading->samples({1}, kNow, kNow + 60s, 4));
  ASSERT_EQ(newest.size(), 4U);
  EXPECT_EQ(newest[0].slot, kNow + 59s);
}

// --- filters

// A page of one error at one location is what is left of the whole list, page by page.
TEST_P(StoreSuite, FiltersByErrorAndLocation) {
  std::mt19937_64 random(11);
  WriteBatch batch;
  for (int tick = 0; tick < 200; ++tick) {
    const SystemTime slot = kNow + tick * 1s;
    const auto location = static_cast<uint16_t>(random() % 3);
    StoredAttempt one = random() % 3 == 0   ? passed(1, slot, 1ms)
                        : random() % 2 == 0 ? failed_by(ErrorCode::timeout, slot, location)
                                            : failed_by(ErrorCode::tcp_refused, slot, location);
    one.attempt.result.id.location = location;
    batch.attempts.push_back(one);
  }
  // should_fail passes with its error: a pass that is not kept in full.
  StoredAttempt wanted_failure = passed(1, kNow + 500s, 1ms);
  wanted_failure.attempt.evaluation.error = ProbeError{ErrorCode::timeout, Phase::connect, ""};
  batch.attempts.push_back(wanted_failure);
  batch.attempts.push_back(failed(2, kNow));
  keep(std::move(batch));
  const auto reading = reader();
  const auto all = value(reading->results({.monitor = {1}, .limit = 1000}));
  for (const auto error : {std::optional<ErrorCode>(), std::optional(ErrorCode::timeout),
                           std::optional(ErrorCode::tls_expired)}) {
    for (const auto location : {std::optional<uint16_t>(), std::optional<uint16_t>(1)}) {
      std::vector<ResultId> wanted;
      for (const StoredResult& one : all) {
        const auto& found = one.attempt.evaluation.error;
        if ((!error || (found && found->code == *error)) &&
            (!location || one.attempt.result.id.location == *location)) {
          wanted.push_back(one.attempt.result.id);
        }
      }
      ResultQuery query{.monitor = {1}, .error = error, .location = location, .limit = 7};
      std::vector<ResultId> paged;
      while (true) {
        const auto page = ids_of(value(reading->results(query)));
        if (page.empty()) {
          break;
        }
        paged.insert(paged.end(), page.begin(), page.end());
        query.after = paged.back();
      }
      EXPECT_EQ(paged, wanted);
    }
  }
}

// --- neighbours

// What the list shows around a result, whichever it is.
TEST_P(StoreSuite, NeighboursAreWhatStandsAroundInTheList) {
  WriteBatch batch;
  for (int tick = 0; tick < 40; ++tick) {
    StoredAttempt one = tick % 4 == 1 || tick < 3 ? passed(1, kNow + tick / 2 * 10s, 1ms)
                                                  : failed(1, kNow + tick / 2 * 10s);
    one.attempt.result.id.location = static_cast<uint16_t>(tick % 2);
    batch.attempts.push_back(one);
  }
  StoredAttempt retried = failed(1, kNow + 55s);
  retried.final_attempt = false;
  batch.attempts.push_back(retried);
  batch.attempts.push_back(passed(2, kNow + 3s, 1ms));
  keep(std::move(batch));
  const auto reading = reader();
  const auto list = value(reading->results({.monitor = {1}, .limit = 1000}));
  ASSERT_EQ(list.size(), 40U);
  for (size_t index = 0; index < list.size(); ++index) {
    const Neighbours found = value(reading->neighbours(list[index].attempt.result.id));
    const auto id = [&](size_t at) { return std::optional(list[at].attempt.result.id); };
    EXPECT_EQ(found.previous, index + 1 < list.size() ? id(index + 1) : std::nullopt);
    EXPECT_EQ(found.next, index > 0 ? id(index - 1) : std::nullopt);
    const auto good = std::find_if(
        list.begin() + static_cast<std::ptrdiff_t>(index) + 1, list.end(),
        [](const StoredResult& one) { return one.attempt.evaluation.verdict == Verdict::passed; });
    EXPECT_EQ(found.last_good,
              good == list.end() ? std::nullopt : std::optional(good->attempt.result.id));
  }
  // An attempt that was tried again stands between finals too.
  const Neighbours of_retried = value(reading->neighbours(retried.attempt.result.id));
  EXPECT_EQ(of_retried.previous->slot, kNow + 50s);
  EXPECT_EQ(of_retried.next->slot, kNow + 60s);
}

// --- incidents in a range

TEST_P(StoreSuite, IncidentSpansAreThoseOpenInTheRange) {
  WriteBatch batch;
  const auto add = [&](const char* id, Duration began, std::optional<Duration> closed,
                       Verdict severity, const char* reason) {
    Incident incident{.id = {id}, .monitor = {1}};
    incident.began = kNow + began;
    incident.opened = kNow + began + 20s;
    incident.severity = severity;
    incident.close_reason = reason;
    if (closed) {
      incident.closed = kNow + *closed;
    }
    batch.incidents.push_back(incident);
  };
  add("a", -10h, -9h, Verdict::failed, "recovered");
  add("b", -5h, -1h, Verdict::failed, "recovered");
  add("c", -30min, -20min, Verdict::degraded, "removed");
  add("d", -5min, std::nullopt, Verdict::failed, "");
  add("e", 2h, std::nullopt, Verdict::failed, "");
  batch.incidents.push_back(Incident{.id = {"f"}, .monitor = {2}, .opened = kNow - 1min});
  keep(std::move(batch));
  const auto spans = value(reader()->incident_spans({1}, kNow - 2h, kNow));
  ASSERT_EQ(spans.size(), 3U);
  EXPECT_EQ(spans[0], (IncidentSpan{.began = kNow - 5min, .closed = {}}));
  EXPECT_EQ(spans[1],
            (IncidentSpan{.began = kNow - 30min, .closed = kNow - 20min, .is_down = false}));
  EXPECT_EQ(spans[2],
            (IncidentSpan{.began = kNow - 5h, .closed = kNow - 1h, .has_recovered = true}));
}

// --- alerts

std::vector<std::string> keys_of(const std::vector<Delivery>& deliveries) {
  std::vector<std::string> keys;
  keys.reserve(deliveries.size());
  for (const Delivery& delivery : deliveries) {
    keys.push_back(delivery.key);
  }
  return keys;
}

// Newest first over all incidents; two of one moment in the order of their keys, and no page skips
// or repeats one.
TEST_P(StoreSuite, AlertsAreOneListNewestFirst) {
  WriteBatch batch;
  batch.incidents = {Incident{.id = {"i1"}, .monitor = {1}},
                     Incident{.id = {"i2"}, .monitor = {2}}};
  for (int number = 0; number < 12; ++number) {
    Delivery delivery;
    delivery.key = "k" + std::to_string(100 + number);
    delivery.channel = number % 3 == 0 ? "mail" : "ops";
    delivery.event.incident = {number % 2 == 0 ? "i1" : "i2"};
    delivery.event.monitor = {number % 2 + 1};
    delivery.state = number % 4 == 0 ? DeliveryState::suppressed : DeliveryState::delivered;
    delivery.created = kNow + number / 2 * 1s;
    batch.deliveries.push_back(delivery);
  }
  keep(std::move(batch));
  const auto reading = reader();
  using Keys = std::vector<std::string>;
  AlertQuery query{.limit = 5};
  Keys paged;
  while (true) {
    const auto page = value(reading->alerts(query));
    if (page.empty()) {
      break;
    }
    const Keys keys = keys_of(page);
    paged.insert(paged.end(), keys.begin(), keys.end());
    query.after = AlertPlace{.created = page.back().created, .key = page.back().key};
  }
  EXPECT_EQ(paged.size(), 12U);
  EXPECT_TRUE(std::ranges::is_sorted(paged, std::greater<>()));
  EXPECT_EQ(keys_of(value(reading->alerts({.channel = "mail"}))),
            (Keys{"k109", "k106", "k103", "k100"}));
  EXPECT_EQ(keys_of(value(reading->alerts({.state = DeliveryState::suppressed}))),
            (Keys{"k108", "k104", "k100"}));
  EXPECT_EQ(keys_of(value(reading->alerts({.monitor = MonitorUid{2}, .limit = 2}))),
            (Keys{"k111", "k109"}));
  EXPECT_EQ(keys_of(value(reading->alerts({.channel = "mail",
                                           .state = DeliveryState::suppressed,
                                           .monitor = MonitorUid{1},
                                           .after = AlertPlace{kNow, "k100"}}))),
            Keys{});
  EXPECT_EQ(value(reading->alert("k107"))->channel, "ops");
  EXPECT_FALSE(value(reading->alert("k999")));
}

}  // namespace
}  // namespace tocsin
