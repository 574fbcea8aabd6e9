#include "store/store_suite.h"

#include <algorithm>
#include <map>
#include <vector>

#include "store/histogram.h"

namespace tocsin {
namespace {

using fixtures::Dice;
using fixtures::failed;
using fixtures::kNow;
using fixtures::passed;

MonitorRow monitor_row(Dice& dice, int64_t uid) {
  MonitorRow row;
  row.monitor.uid.value = uid;
  row.monitor.definition = fixtures::some_monitor(dice);
  row.monitor.project = row.monitor.definition.project;
  row.monitor.id = row.monitor.definition.id;
  row.monitor.retired = uid % 2 == 0;
  row.state = fixtures::some_state(dice);
  return row;
}

std::vector<SystemTime> slots_of(const std::vector<StoredResult>& results) {
  std::vector<SystemTime> slots;
  for (const StoredResult& result : results) {
    slots.push_back(result.attempt.result.id.slot);
  }
  return slots;
}

// --- keeping

TEST_P(StoreSuite, NewStoreIsEmpty) {
  const LoadedStore loaded = value(store_->load());
  EXPECT_TRUE(loaded.monitors.empty());
  EXPECT_TRUE(loaded.open_incidents.empty());
  EXPECT_TRUE(loaded.waiting_deliveries.empty());
  EXPECT_EQ(loaded.clock_epoch, 0U);
  EXPECT_EQ(loaded.clock_seen, std::nullopt);
}

// The promise everything else rests on: what was acknowledged is there after a restart, exactly.
TEST_P(StoreSuite, GivesBackEverythingAfterReopening) {
  Dice dice(1, /*all=*/true);
  WriteBatch batch;
  for (int64_t uid = 1; uid <= 3; ++uid) {
    batch.monitors.push_back(monitor_row(dice, uid));
  }
  Incident open = fixtures::some_incident(dice);
  open.closed.reset();
  const Incident closed = fixtures::some_incident(dice);
  batch.incidents = {open, closed};
  Delivery waiting = fixtures::some_delivery(dice);
  waiting.state = DeliveryState::waiting;
  waiting.event.incident = open.id;
  Delivery delivered = waiting;
  delivered.key = "other";
  delivered.channel += "2";
  delivered.state = DeliveryState::delivered;
  batch.deliveries = {waiting, delivered};
  batch.delivery_attempts = {
      {.key = waiting.key, .number = 1, .at = kNow, .took = 7ms, .ok = true, .result = "200 OK"}};
  batch.tokens = {
      {.id = "t1", .hash = "ab", .scope = "read", .name = "ci", .created = kNow, .revoked = true}};
  batch.clock_epoch = 4;
  batch.clock_seen = kNow;
  const WriteBatch wanted = batch;
  keep(std::move(batch));
  reopen();

  const LoadedStore loaded = value(store_->load());
  ASSERT_EQ(loaded.monitors.size(), 3U);
  for (size_t index = 0; index < 3; ++index) {
    const MonitorRow& row = loaded.monitors[index];
    EXPECT_EQ(row.monitor.uid, wanted.monitors[index].monitor.uid);
    EXPECT_EQ(row.monitor.retired, wanted.monitors[index].monitor.retired);
    EXPECT_TRUE(
        fixtures::is_same(row.monitor.definition, wanted.monitors[index].monitor.definition));
    EXPECT_TRUE(row.state == wanted.monitors[index].state);
  }
  ASSERT_EQ(loaded.open_incidents.size(), 1U);
  EXPECT_TRUE(loaded.open_incidents[0] == open);
  ASSERT_EQ(loaded.waiting_deliveries.size(), 1U);
  EXPECT_TRUE(loaded.waiting_deliveries[0] == waiting);
  EXPECT_EQ(loaded.clock_epoch, 4U);
  EXPECT_EQ(loaded.clock_seen, kNow);

  const auto reading = reader();
  EXPECT_TRUE(value(reading->incident(closed.id)) == closed);
  const std::vector<Delivery> deliveries = value(reading->deliveries(open.id));
  ASSERT_EQ(deliveries.size(), 2U);
  EXPECT_TRUE(deliveries[0] == waiting && deliveries[1] == delivered);
  const std::vector<DeliveryAttempt> attempts = value(reading->delivery_attempts(waiting.key));
  ASSERT_EQ(attempts.size(), 1U);
  EXPECT_TRUE(attempts[0] == wanted.delivery_attempts[0]);
  const std::vector<TokenRow> tokens = value(reading->tokens());
  ASSERT_EQ(tokens.size(), 1U);
  EXPECT_EQ(tokens[0].id + tokens[0].hash + tokens[0].scope + tokens[0].name, "t1abreadci");
  EXPECT_EQ(tokens[0].created, kNow);
  EXPECT_TRUE(tokens[0].revoked);
}

// The numbers of a pass are kept whole; its bytes are not.
TEST_P(StoreSuite, KeepsTheNumbersOfAPass) {
  StoredAttempt stored = passed(7, kNow, 12'345us);
  ProbeResult& result = stored.attempt.result;
  result.id.location = 3;
  result.id.clock_epoch = 2;
  result.id.attempt = 4;
  result.phases = {1us, 2us, 3us, 4us};
  result.kernel_rtt = 9us;
  result.syn_retransmits = 1;
  result.loop_lag = 8us;
  result.bytes_sent = 6;
  result.dns_cached = result.stale_dns = result.received_truncated = result.reset_after_verdict =
      true;
  stored.attempt.evaluation.error = result.error =
      ProbeError{ErrorCode::tcp_refused, Phase::connect, ""};
  const Attempt wanted = stored.attempt;
  result.received = "+PONG";
  WriteBatch batch;
  batch.attempts.push_back(stored);
  keep(std::move(batch));

  const std::optional<StoredResult> read = value(reader()->result(wanted.result.id));
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->attempt == wanted);
  EXPECT_TRUE(read->final_attempt);
  EXPECT_FALSE(read->has_details);
}

TEST_P(StoreSuite, KeepsWhatDidNotPassInFull) {
  Dice dice(2, /*all=*/true);
  StoredAttempt stored;
  stored.attempt = fixtures::some_attempt(dice);
  stored.attempt.evaluation.verdict = Verdict::failed;
  stored.final_attempt = false;
  WriteBatch batch;
  batch.attempts.push_back(stored);
  keep(std::move(batch));

  const std::optional<StoredResult> read = value(reader()->result(stored.attempt.result.id));
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->attempt == stored.attempt);
  EXPECT_FALSE(read->final_attempt);
  EXPECT_TRUE(read->has_details);
}

TEST_P(StoreSuite, KeepsAPassInFullWhenAsked) {
  StoredAttempt stored = passed(7, kNow, 5ms);
  stored.attempt.result.received = "+PONG";
  stored.keep_details = true;
  WriteBatch batch;
  batch.attempts.push_back(stored);
  keep(std::move(batch));
  const std::optional<StoredResult> read = value(reader()->result(stored.attempt.result.id));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->attempt.result.received, "+PONG");
}

TEST_P(StoreSuite, LaterValuesReplaceEarlierOnes) {
  Dice dice(3);
  WriteBatch first;
  first.monitors.push_back(monitor_row(dice, 1));
  first.incidents.push_back(fixtures::some_incident(dice));
  first.incidents[0].closed.reset();
  first.deliveries.push_back(fixtures::some_delivery(dice));
  first.deliveries[0].state = DeliveryState::waiting;
  WriteBatch second;
  second.states.push_back({{1}, fixtures::some_state(dice)});
  second.incidents = first.incidents;
  second.incidents[0].closed = kNow;
  second.deliveries = first.deliveries;
  second.deliveries[0].state = DeliveryState::dead;
  const MonitorState wanted = second.states[0].state;
  keep(std::move(first));
  keep(std::move(second));

  const LoadedStore loaded = value(store_->load());
  ASSERT_EQ(loaded.monitors.size(), 1U);
  EXPECT_TRUE(loaded.monitors[0].state == wanted);
  EXPECT_TRUE(loaded.open_incidents.empty());
  EXPECT_TRUE(loaded.waiting_deliveries.empty());
}

// A steady monitor writes no state at each tick; a restart must not run its last slot again all the
// same.
TEST_P(StoreSuite, StateIsMovedToTheNewestResults) {
  WriteBatch batch;
  MonitorRow& row = batch.monitors.emplace_back();
  row.monitor.uid.value = 1;
  row.state.status.kind = StatusKind::up;
  row.state.status.slot = kNow;
  batch.clock_epoch = 2;
  for (const auto slot : {kNow + 60s, kNow + 120s}) {
    for (const uint16_t location : {uint16_t{0}, uint16_t{1}}) {
      StoredAttempt stored = passed(1, slot, 5ms);
      stored.attempt.result.id.location = location;
      stored.attempt.result.id.clock_epoch = 2;
      batch.attempts.push_back(stored);
    }
  }
  // A clock that was wrong for a while, and an attempt that will be tried again.
  StoredAttempt wrong_clock = passed(1, kNow + 24h, 5ms);
  wrong_clock.attempt.result.id.clock_epoch = 1;
  StoredAttempt retried = failed(1, kNow + 180s);
  retried.attempt.result.id.clock_epoch = 2;
  retried.final_attempt = false;
  batch.attempts.insert(batch.attempts.end(), {wrong_clock, retried});
  keep(std::move(batch));
  reopen();

  const LoadedStore loaded = value(store_->load());
  ASSERT_EQ(loaded.monitors.size(), 1U);
  const MonitorState& state = loaded.monitors[0].state;
  EXPECT_EQ(state.status.slot, kNow + 120s);
  EXPECT_EQ(state.status.clock_epoch, 2U);
  EXPECT_EQ(state.status.last_known, kNow + 120s);
  ASSERT_EQ(state.newest.size(), 2U);
  EXPECT_EQ(state.newest.at(1).slot, kNow + 120s);
  EXPECT_EQ(state.newest.at(1).verdict, Verdict::passed);
}

// The stored state is newer than any result: nothing is moved back.
TEST_P(StoreSuite, NewerStateIsLeftAlone) {
  WriteBatch batch;
  MonitorRow& row = batch.monitors.emplace_back();
  row.monitor.uid.value = 1;
  row.state.status.slot = kNow + 1s;
  const MonitorState wanted = row.state;
  batch.attempts.push_back(passed(1, kNow, 5ms));
  keep(std::move(batch));
  EXPECT_TRUE(value(store_->load()).monitors.at(0).state == wanted);
}

// A result that comes twice (a spool sent again) is one result.
TEST_P(StoreSuite, RepeatedResultCountsOnce) {
  for (int time = 0; time < 2; ++time) {
    WriteBatch batch;
    batch.attempts = {passed(1, kNow, 5ms), failed(1, kNow + 60s)};
    keep(std::move(batch));
  }
  const auto reading = reader();
  EXPECT_EQ(value(reading->results({.monitor = {1}})).size(), 2U);
  const std::vector<HourRow> hours = value(reading->hours({1}, kNow - 24h, kNow + 24h));
  ASSERT_FALSE(hours.empty());
  EXPECT_EQ(hours.back().passed, 1U);
  EXPECT_EQ(store_->health().results_written, 2U);
}

TEST_P(StoreSuite, AnswersInOrderOfSubmission) {
  std::vector<int> answers;
  for (int number = 0; number < 50; ++number) {
    WriteBatch batch;
    batch.attempts.push_back(passed(1, kNow + number * 1s, 1ms));
    batch.urgent = number % 7 == 0;
    store_->submit(std::move(batch), [&answers, number](const Result<void>& kept) {
      EXPECT_TRUE(kept);
      answers.push_back(number);
    });
  }
  ASSERT_TRUE(mailbox_.run_until([&] { return answers.size() == 50; }));
  EXPECT_TRUE(std::ranges::is_sorted(answers));
}

// An empty batch is still answered: the engine waits for it.
TEST_P(StoreSuite, EmptyBatchIsAnswered) { keep({}); }

TEST_P(StoreSuite, ClosingWritesWhatWasSubmitted) {
  WriteBatch batch;
  batch.attempts.push_back(passed(1, kNow, 1ms));
  store_->submit(std::move(batch), {});
  reopen();
  EXPECT_EQ(value(reader()->results({.monitor = {1}})).size(), 1U);
}

TEST_P(StoreSuite, SaysSoWhenItIsClosed) {
  store_->close();
  const Result<void> kept = fixtures::keep(*store_, mailbox_, {});
  ASSERT_FALSE(kept);
  EXPECT_EQ(kept.error().kind, ErrorKind::unavailable);
  EXPECT_EQ(kept.error().message, "the store is closed");
}

// --- reading

class ManyResults {
 public:
  // Two monitors; monitor 1 has every tenth failed, every fourth with a first attempt that is not
  // final.
  static WriteBatch batch() {
    WriteBatch batch;
    for (int tick = 0; tick < 100; ++tick) {
      const SystemTime slot = kNow + tick * 10s;
      StoredAttempt last = tick % 10 == 0 ? failed(1, slot) : passed(1, slot, 1ms * (tick + 1));
      if (tick % 4 == 0) {
        StoredAttempt first = failed(1, slot);
        first.final_attempt = false;
        batch.attempts.push_back(first);
        last.attempt.result.id.attempt = 2;
      }
      batch.attempts.push_back(last);
      batch.attempts.push_back(passed(2, slot, 1ms));
    }
    return batch;
  }
};

TEST_P(StoreSuite, ListsResultsNewestFirst) {
  keep(ManyResults::batch());
  const std::vector<SystemTime> slots =
      slots_of(value(reader()->results({.monitor = {1}, .limit = 1000})));
  EXPECT_EQ(slots.size(), 100U);
  EXPECT_TRUE(std::ranges::is_sorted(slots, std::greater<>()));
}

TEST_P(StoreSuite, FiltersResults) {
  keep(ManyResults::batch());
  const auto reading = reader();
  EXPECT_EQ(
      value(reading->results({.monitor = {1}, .verdict = Verdict::failed, .limit = 1000})).size(),
      10U);
  EXPECT_EQ(
      value(reading->results({.monitor = {1}, .verdict = Verdict::passed, .limit = 1000})).size(),
      90U);
  EXPECT_EQ(value(reading->results({.monitor = {1}, .finals_only = false, .limit = 1000})).size(),
            125U);
  EXPECT_EQ(
      slots_of(value(reading->results({.monitor = {1}, .from = kNow + 10s, .to = kNow + 30s}))),
      (std::vector<SystemTime>{kNow + 20s, kNow + 10s}));
  EXPECT_TRUE(value(reading->results({.monitor = {3}})).empty());
}

// Pages joined are the whole list: nothing twice, nothing missing, whatever the page and the
// filter.
TEST_P(StoreSuite, PagesOfResultsAreTheList) {
  keep(ManyResults::batch());
  const auto reading = reader();
  for (const std::optional<Verdict> verdict :
       {std::optional<Verdict>(), std::optional(Verdict::failed)}) {
    for (const size_t limit : {size_t{1}, size_t{7}, size_t{100}}) {
      ResultQuery query{.monitor = {1}, .verdict = verdict, .finals_only = false, .limit = 1000};
      const std::vector<StoredResult> all = value(reading->results(query));
      query.limit = limit;
      std::vector<ResultId> paged;
      while (true) {
        const std::vector<StoredResult> page = value(reading->results(query));
        if (page.empty()) {
          break;
        }
        ASSERT_LE(page.size(), limit);
        for (const StoredResult& result : page) {
          paged.push_back(result.attempt.result.id);
        }
        query.after = paged.back();
      }
      ASSERT_EQ(paged.size(), all.size());
      for (size_t index = 0; index < all.size(); ++index) {
        ASSERT_EQ(paged[index], all[index].attempt.result.id);
      }
    }
  }
}

TEST_P(StoreSuite, UnknownThingsAreNotThere) {
  const auto reading = reader();
  EXPECT_EQ(value(reading->result({.monitor = {9}})).has_value(), false);
  EXPECT_EQ(value(reading->incident({"none"})), std::nullopt);
  EXPECT_TRUE(value(reading->deliveries({"none"})).empty());
  EXPECT_TRUE(value(reading->hours({9}, kNow - 24h, kNow)).empty());
}

std::vector<std::string> ids_of(const std::vector<Incident>& incidents) {
  std::vector<std::string> ids;
  for (const Incident& incident : incidents) {
    ids.push_back(incident.id.value);
  }
  return ids;
}

TEST_P(StoreSuite, ListsIncidentsNewestFirst) {
  WriteBatch batch;
  for (int number = 0; number < 6; ++number) {
    Incident incident{.id = {"id-" + std::to_string(number)}, .monitor = {number % 2 + 1}};
    if (number < 3) {
      incident.closed = kNow;
    }
    batch.incidents.push_back(incident);
  }
  keep(std::move(batch));
  const auto reading = reader();
  using Ids = std::vector<std::string>;
  EXPECT_EQ(ids_of(value(reading->incidents({.limit = 2}))), (Ids{"id-5", "id-4"}));
  EXPECT_EQ(ids_of(value(reading->incidents({.limit = 2, .after = IncidentId{"id-4"}}))),
            (Ids{"id-3", "id-2"}));
  EXPECT_EQ(ids_of(value(reading->incidents({.open = true}))), (Ids{"id-5", "id-4", "id-3"}));
  EXPECT_EQ(ids_of(value(reading->incidents({.open = false}))), (Ids{"id-2", "id-1", "id-0"}));
  EXPECT_EQ(ids_of(value(reading->incidents({.monitor = MonitorUid{2}}))),
            (Ids{"id-5", "id-3", "id-1"}));
  EXPECT_EQ(ids_of(value(reading->incidents({.open = false, .monitor = MonitorUid{2}}))),
            (Ids{"id-1"}));
  EXPECT_EQ(ids_of(value(reading->incidents({.open = true, .after = IncidentId{"id-4"}}))),
            (Ids{"id-3"}));
}

// --- roll-ups

struct Recount {
  uint64_t passed = 0, degraded = 0, failed = 0, unknown = 0;
  Duration sum{}, min = Duration::max(), max{};
  Histogram histogram;
};

// Roll-ups are kept step by step over many batches; a count of all results from the beginning says
// what they must be.
TEST_P(StoreSuite, RollUpsAreWhatARecountFinds) {
  std::mt19937_64 random(17);
  std::map<std::pair<uint16_t, SystemTime>, Recount> wanted;
  const Verdict verdicts[] = {Verdict::passed, Verdict::degraded, Verdict::failed,
                              Verdict::unknown};
  for (int batches = 0; batches < 10; ++batches) {
    WriteBatch batch;
    for (int row = 0; row < 40; ++row) {
      StoredAttempt stored =
          passed(1, kNow + Duration(static_cast<int64_t>(random() % 10'800'000'000)),
                 Duration(static_cast<int64_t>(random() % 1'000'000)));
      stored.attempt.result.id.location = static_cast<uint16_t>(random() % 2);
      stored.attempt.evaluation.verdict = verdicts[random() % 4];
      stored.final_attempt = random() % 5 != 0;
      batch.attempts.push_back(stored);
      const ResultId& id = stored.attempt.result.id;
      if (!stored.final_attempt) {
        continue;
      }
      Recount& hour = wanted[{id.location, std::chrono::floor<std::chrono::hours>(id.slot)}];
      const Verdict verdict = stored.attempt.evaluation.verdict;
      (verdict == Verdict::passed     ? hour.passed
       : verdict == Verdict::degraded ? hour.degraded
       : verdict == Verdict::failed   ? hour.failed
                                      : hour.unknown)++;
      if (verdict == Verdict::passed || verdict == Verdict::degraded) {
        const Duration response = stored.attempt.result.response_time;
        hour.sum += response;
        hour.min = std::min(hour.min, response);
        hour.max = std::max(hour.max, response);
        hour.histogram.add(response);
      }
    }
    keep(std::move(batch));
  }
  const std::vector<HourRow> hours = value(reader()->hours({1}, kNow - 24h, kNow + 24h));
  ASSERT_EQ(hours.size(), wanted.size());
  for (const HourRow& hour : hours) {
    const Recount& recount = wanted.at({hour.location, hour.hour});
    EXPECT_EQ(hour.passed, recount.passed);
    EXPECT_EQ(hour.degraded, recount.degraded);
    EXPECT_EQ(hour.failed, recount.failed);
    EXPECT_EQ(hour.unknown, recount.unknown);
    EXPECT_EQ(hour.sum, recount.sum);
    EXPECT_EQ(hour.min, recount.min);
    EXPECT_EQ(hour.max, recount.max);
    EXPECT_EQ(value(Histogram::unpack(hour.histogram)), recount.histogram);
  }
}

}  // namespace
}  // namespace tocsin
