#include "core/retry.h"

#include <gtest/gtest.h>

#include <vector>

namespace tocsin {
namespace {

constexpr SteadyTime kStart{Duration(1h)};
constexpr Duration kTimeout = 10s;
constexpr ErrorCode kRefused = ErrorCode::tcp_refused;
constexpr ErrorCode kAssertion = ErrorCode::assertion_failed;

RetryPolicy policy(RetryStrategy strategy, Duration base, uint32_t max, Duration total = 600s) {
  return {.strategy = strategy, .base = base, .max = max, .total = total};
}

// Plays a run in which every attempt fails at once, and gives the waits between the attempts.
std::vector<Duration> waits_of(const RetryPolicy& retry, Duration attempt_length = 0s) {
  std::vector<Duration> waits;
  RunSoFar run{.started = kStart, .last_ended = kStart + attempt_length, .last_error = kRefused};
  while (const auto next = next_attempt(retry, kTimeout, run)) {
    waits.push_back(*next - run.last_ended);
    ++run.attempts;
    run.last_ended = *next + attempt_length;
  }
  return waits;
}

// With ip_family all each address that was probed may take its own timeout again.
TEST(Retry, AnAttemptIsAsLongAsItsAddresses) {
  Monitor monitor;
  monitor.timeout = 10s;
  monitor.target = Target::parse("db.example:5432").value();
  EXPECT_EQ(attempt_length_max(monitor), 10s);
  EXPECT_EQ(attempt_length(monitor, 0), 10s);
  monitor.ip_family = IpFamily::all;
  EXPECT_EQ(attempt_length_max(monitor), 160s);
  EXPECT_EQ(attempt_length(monitor, 3), 30s);
  monitor.target = Target::parse("192.0.2.1:5432").value();
  EXPECT_EQ(attempt_length_max(monitor), 10s) << "an address is one";
}

struct WaitsRow {
  const char* story;
  RetryPolicy retry;
  std::vector<Duration> waits;
};

TEST(Retry, WaitsTable) {
  using enum RetryStrategy;
  const std::vector<WaitsRow> rows = {
      {"none: the first attempt is final", policy(none, 5s, 3), {}},
      {"single: one retry, whatever `max` says", policy(single, 5s, 3), {5s}},
      {"fixed: the same wait each time", policy(fixed, 5s, 3), {5s, 5s, 5s}},
      {"linear: base x n", policy(linear, 5s, 3), {5s, 10s, 15s}},
      {"exponential: base ^ n, as Checkly's 5, 25, 125",
       policy(exponential, 5s, 3),
       {5s, 25s, 125s}},
      {"exponential of 10: 10, 100, and 1000 does not fit into 600 s",
       policy(exponential, 10s, 3),
       {10s, 100s}},
      {"a base of one second cannot grow by powers", policy(exponential, 1s, 3), {1s, 1s, 1s}},
      {"nor may a base below one second shrink", policy(exponential, 500ms, 2), {500ms, 500ms}},
      {"an exponential that would overflow is only too long",
       policy(exponential, 500s, 10),
       {500s}},
      {"no wait at all is allowed", policy(fixed, 0s, 3), {0s, 0s, 0s}},
      {"ten retries are the most", policy(fixed, 0s, 99), {0s, 0s, 0s, 0s, 0s, 0s, 0s, 0s, 0s, 0s}},
      {"a retry that ends exactly at the total is started", policy(fixed, 5s, 3, 15s), {5s}},
      {"one that would end a moment later is not", policy(fixed, 5s, 3, 15s - 1us), {}},
      {"the total bounds the waits together", policy(fixed, 5s, 9, 25s), {5s, 5s, 5s}},
  };
  for (const WaitsRow& row : rows) {
    EXPECT_EQ(waits_of(row.retry), row.waits) << row.story;
  }
}

// Waits are measured from the end of an attempt, and its length counts towards the total.
TEST(Retry, LongAttemptsUseUpTheTotal) {
  EXPECT_EQ(waits_of(policy(RetryStrategy::fixed, 5s, 9, 60s), 10s).size(), 3U);
}

// Only `failed` is the policy's business.
TEST(Retry, PassedAndDegradedAreFinal) {
  const RetryPolicy retry = policy(RetryStrategy::fixed, 5s, 3);
  for (const Verdict verdict : {Verdict::passed, Verdict::degraded}) {
    EXPECT_FALSE(next_attempt(retry, kTimeout,
                              {.started = kStart, .last_ended = kStart, .last_verdict = verdict}));
  }
}

// `only_on: network` is for people who do not want a wrong answer asked for twice.
TEST(Retry, OnlyNetworkLooksAtTheError) {
  RetryPolicy retry = policy(RetryStrategy::fixed, 5s, 3);
  retry.only_network = true;
  RunSoFar run{.started = kStart, .last_ended = kStart, .last_error = kRefused};
  EXPECT_TRUE(next_attempt(retry, kTimeout, run));
  run.last_error = kAssertion;
  EXPECT_FALSE(next_attempt(retry, kTimeout, run));
  run.last_error.reset();
  EXPECT_FALSE(next_attempt(retry, kTimeout, run));
}

// Our own trouble gets one more try at once, with any policy, and does not use up the user's
// retries.
TEST(Retry, UnknownIsTriedOnceMoreApartFromThePolicy) {
  RunSoFar run{.started = kStart, .last_ended = kStart + 1s, .last_verdict = Verdict::unknown};
  EXPECT_EQ(next_attempt({}, kTimeout, run), kStart + 1s);
  run.attempts = 2;
  run.unknown_retries = 1;
  EXPECT_FALSE(next_attempt({}, kTimeout, run)) << "at most once";

  run.last_verdict = Verdict::failed;
  run.last_error = kRefused;
  const RetryPolicy single = policy(RetryStrategy::single, 5s, 1);
  EXPECT_EQ(next_attempt(single, kTimeout, run), kStart + 6s)
      << "the policy's retry is still there";
  run.attempts = 3;
  EXPECT_FALSE(next_attempt(single, kTimeout, run));
}

// A result id has room for attempts 1 to 11.
TEST(Retry, NeverMoreThanElevenAttempts) {
  RunSoFar run{.started = kStart, .last_ended = kStart, .attempts = 11, .last_error = kRefused};
  run.unknown_retries = 1;
  EXPECT_FALSE(next_attempt(policy(RetryStrategy::fixed, 0s, 10), kTimeout, run));
  run.last_verdict = Verdict::unknown;
  run.unknown_retries = 0;
  EXPECT_FALSE(next_attempt(policy(RetryStrategy::fixed, 0s, 10), kTimeout, run));
}

// The combine deadline rests on this sum: it must not wait ten minutes for one retry after five
// seconds.
TEST(Retry, TotalIsWhatTheRetriesCanReallyTake) {
  using enum RetryStrategy;
  EXPECT_EQ(retry_total_max(policy(none, 60s, 2), kTimeout), 0s);
  EXPECT_EQ(retry_total_max(policy(single, 5s, 2), kTimeout), 15s);
  EXPECT_EQ(retry_total_max(policy(linear, 5s, 3), kTimeout), 60s);
  EXPECT_EQ(retry_total_max(policy(exponential, 10s, 3), kTimeout), 600s);
  EXPECT_EQ(run_length_max(policy(single, 5s, 2), kTimeout), 35s) << "with one try for an unknown";
}

// No run, however its attempts go, may last longer than run_length_max says.
TEST(Retry, NoRunIsLongerThanItsMaximum) {
  using enum RetryStrategy;
  for (const RetryStrategy strategy : {none, single, fixed, linear, exponential}) {
    for (const Duration base : {0s, 1s, 3s, 60s}) {
      for (uint32_t unknown_at = 0; unknown_at < 12; ++unknown_at) {
        const RetryPolicy retry = policy(strategy, base, 10);
        RunSoFar run{.started = kStart, .last_ended = kStart + kTimeout, .last_error = kRefused};
        while (true) {
          run.last_verdict = run.attempts == unknown_at ? Verdict::unknown : Verdict::failed;
          const auto next = next_attempt(retry, kTimeout, run);
          if (!next) {
            break;
          }
          run.unknown_retries = run.last_verdict == Verdict::unknown ? 1 : run.unknown_retries;
          ++run.attempts;
          run.last_ended = *next + kTimeout;
        }
        ASSERT_LE(run.last_ended - kStart, run_length_max(retry, kTimeout));
      }
    }
  }
}

}  // namespace
}  // namespace tocsin
