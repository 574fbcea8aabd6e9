// The reading half of the suite: lists, filters, pages, roll-ups.
#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <vector>

#include "core/histogram.h"
#include "store/store_suite.h"

namespace tocsin {
namespace {

using fixtures::failed;
using fixtures::kNow;
using fixtures::passed;

std::vector<SystemTime> slots_of(const std::vector<StoredResult>& results) {
  std::vector<SystemTime> slots;
  slots.reserve(results.size());
  for (const StoredResult& result : results) {
    slots.push_back(result.attempt.result.id.slot);
  }
  return slots;
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
  ids.reserve(incidents.size());
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

// One hour at one location, counted the plain way.
struct Recount {
  uint64_t passed = 0, degraded = 0, failed = 0, unknown = 0;
  Duration sum{}, min{}, max{};
  Histogram histogram;
  std::array<PhaseTally, 4> phases{};

  void add(Verdict verdict, Duration response, const Phases& taken) {
    uint64_t* const counts[] = {&passed, &degraded, &failed, &unknown};
    ++*counts[static_cast<size_t>(verdict) - 1];
    if (verdict == Verdict::failed || verdict == Verdict::unknown) {
      return;
    }
    min = histogram.count() == 0 ? response : std::min(min, response);
    max = std::max(max, response);
    sum += response;
    histogram.add(response);
    const std::optional<Duration> each[] = {taken.dns, taken.connect, taken.tls, taken.data};
    for (size_t phase = 0; phase < phases.size(); ++phase) {
      phases[phase].count += each[phase] ? 1 : 0;
      phases[phase].sum += each[phase].value_or(0us);
    }
  }
};
using Recounts = std::map<std::pair<uint16_t, SystemTime>, Recount>;

StoredAttempt some_result(std::mt19937_64& random) {
  const Duration later(static_cast<int64_t>(random() % 10'800'000'000));
  const Duration response(static_cast<int64_t>(random() % 1'000'000));
  StoredAttempt stored = passed(1, kNow + later, response);
  stored.attempt.result.id.location = static_cast<uint16_t>(random() % 2);
  stored.attempt.evaluation.verdict = static_cast<Verdict>((random() % 4) + 1);
  stored.final_attempt = random() % 5 != 0;
  const auto perhaps = [&] {
    return random() % 2 == 0 ? std::optional<Duration>(random() % 5000) : std::nullopt;
  };
  stored.attempt.result.phases = {
      .dns = perhaps(), .connect = perhaps(), .tls = perhaps(), .data = perhaps()};
  return stored;
}

void recount(const StoredAttempt& stored, Recounts& hours) {
  const ResultId& id = stored.attempt.result.id;
  if (stored.final_attempt) {
    hours[{id.location, std::chrono::floor<std::chrono::hours>(id.slot)}].add(
        stored.attempt.evaluation.verdict, stored.attempt.result.response_time,
        stored.attempt.result.phases);
  }
}

// Roll-ups are kept step by step over many batches; a count of all results from the beginning says
// what they must be.
TEST_P(StoreSuite, RollUpsAreWhatARecountFinds) {
  std::mt19937_64 random(17);
  Recounts wanted;
  for (int batches = 0; batches < 10; ++batches) {
    WriteBatch batch;
    for (int row = 0; row < 40; ++row) {
      recount(batch.attempts.emplace_back(some_result(random)), wanted);
    }
    keep(std::move(batch));
  }
  const std::vector<HourTally> hours = value(reader()->hours({1}, kNow - 24h, kNow + 24h));
  ASSERT_EQ(hours.size(), wanted.size());
  for (const HourTally& hour : hours) {
    const Recount& counted = wanted.at({hour.location, hour.hour});
    EXPECT_EQ(hour.tally.passed, counted.passed);
    EXPECT_EQ(hour.tally.degraded, counted.degraded);
    EXPECT_EQ(hour.tally.failed, counted.failed);
    EXPECT_EQ(hour.tally.unknown, counted.unknown);
    EXPECT_EQ(hour.tally.sum, counted.sum);
    EXPECT_EQ(hour.tally.min, counted.min);
    EXPECT_EQ(hour.tally.max, counted.max);
    EXPECT_EQ(hour.tally.histogram, counted.histogram);
    EXPECT_EQ(hour.tally.phases, counted.phases);
  }
}

}  // namespace
}  // namespace tocsin
