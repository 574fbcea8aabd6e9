// Who is believed, and when: a canary that answers as a test says.
#include "engine/self_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

namespace tocsin {
namespace {

class QuietJournal final : public Journal {
 public:
  void info(std::string_view event, std::initializer_list<JournalField>) const override {
    lines.emplace_back(event);
  }
  void warning(std::string_view event, std::initializer_list<JournalField>) const override {
    lines.emplace_back(event);
  }
  mutable std::vector<std::string> lines;
};

class HandClock final : public Clock {
 public:
  SteadyTime now{1h};
  [[nodiscard]] SystemTime system_now() const override { return SystemTime(1h); }
  [[nodiscard]] SteadyTime steady_now() const override { return now; }
};

class SelfWatchStory : public testing::Test {
 protected:
  SelfWatchStory() {
    watch_.set_probe([this](const std::shared_ptr<const Monitor>& monitor,
                            std::function<void(const Attempt&)> done) {
      (monitor->target.port() == 1 ? listener_ : black_hole_).push_back(std::move(done));
    });
  }
  static SocketAddress port(uint16_t number) {
    return {.ip = *IpAddress::parse("127.0.0.1"), .port = number, .unix_path = {}};
  }
  void vouch(Duration under_way = Duration(0)) {
    watch_.vouch(clock_.now - under_way, [this](const std::optional<ProbeError>& doubt) {
      told_.push_back(doubt ? std::string(error_name(doubt->code)) : "believed");
    });
    watch_.advance(clock_.now);
  }
  static void answer(std::deque<std::function<void(const Attempt&)>>& asked, Verdict verdict,
                     std::optional<ErrorCode> code = std::nullopt) {
    ASSERT_FALSE(asked.empty());
    const auto done = asked.front();
    asked.pop_front();
    Attempt attempt;
    attempt.evaluation.verdict = verdict;
    attempt.evaluation.reason = "No answer.";
    if (code) {
      attempt.evaluation.error = ProbeError{*code, Phase::connect, ""};
    }
    done(attempt);
  }

  HandClock clock_;
  QuietJournal journal_;
  SelfWatch watch_{clock_, journal_, {.listener = port(1), .black_hole = port(2)}};
  std::deque<std::function<void(const Attempt&)>> listener_, black_hole_;
  std::vector<std::string> told_;
};

TEST_F(SelfWatchStory, AFailureIsBelievedWhenOurOwnPortAnswers) {
  vouch();
  EXPECT_EQ(told_, std::vector<std::string>{});
  answer(listener_, Verdict::passed);
  EXPECT_EQ(told_, std::vector<std::string>{"believed"});
  EXPECT_EQ(watch_.withheld(), 0u);
}

TEST_F(SelfWatchStory, AndNotWhenThatIsSilentToo) {
  vouch();
  vouch();
  answer(listener_, Verdict::failed, ErrorCode::timeout);
  EXPECT_EQ(told_, std::vector<std::string>{"self_offline"}) << "the second came after it began";
  watch_.advance(clock_.now);
  answer(listener_, Verdict::failed, ErrorCode::timeout);
  EXPECT_EQ(told_.size(), 2u);
  EXPECT_EQ(watch_.withheld(), 2u);
  EXPECT_FALSE(watch_.view().answers);
  EXPECT_EQ(watch_.view().why, "No answer.");
  EXPECT_EQ(journal_.lines,
            std::vector<std::string>{"our own port does not answer: failures are not believed"});
}

// An answer that was on its way before the failure says nothing about it.
TEST_F(SelfWatchStory, OnlyWhatBeganAfterTheFailureCounts) {
  watch_.advance(clock_.now);  // asked because it was time
  vouch();
  answer(listener_, Verdict::passed);
  EXPECT_EQ(told_, std::vector<std::string>{});
  EXPECT_LE(watch_.next_deadline(), clock_.now);
  watch_.advance(clock_.now);
  answer(listener_, Verdict::passed);
  EXPECT_EQ(told_, std::vector<std::string>{"believed"});
}

// Our network came back in the last moment of a check's timeout: that proves nothing.
TEST_F(SelfWatchStory, WhatWasUnderWayWhileWeWereDeafIsNotBelieved) {
  watch_.advance(clock_.now);
  answer(listener_, Verdict::failed, ErrorCode::timeout);
  clock_.now += 3s;
  watch_.advance(clock_.now);
  answer(listener_, Verdict::passed);
  clock_.now += 1s;
  vouch(2s);
  answer(listener_, Verdict::passed);
  EXPECT_EQ(told_, std::vector<std::string>{"self_offline"});
  vouch(900ms);
  answer(listener_, Verdict::passed);
  EXPECT_EQ(told_.back(), "believed");
}

// Nobody waits for ever for a canary that cannot be made either.
TEST_F(SelfWatchStory, ACanaryThatCannotBeMadeIsTriedThreeTimes) {
  vouch();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(told_, std::vector<std::string>{});
    answer(listener_, Verdict::unknown, ErrorCode::local_resource);
    watch_.advance(clock_.now);
  }
  EXPECT_EQ(told_, std::vector<std::string>{"overloaded"});
}

// A loopback device that is down takes the route to our own port with it.
TEST_F(SelfWatchStory, ACanaryWithoutARouteIsSilentAtOnce) {
  vouch();
  answer(listener_, Verdict::unknown, ErrorCode::self_offline);
  EXPECT_EQ(told_, std::vector<std::string>{"self_offline"});
  EXPECT_FALSE(watch_.view().answers);
}

// What a peer said is a fact; silence, a network's no and slowness are not, while we may be deaf.
TEST_F(SelfWatchStory, DoubtsWhatCouldBeOurs) {
  Monitor monitor;
  monitor.assertions = {{.source = AssertionSource::response_time},
                        {.source = AssertionSource::response_data}};
  const auto doubts = [&](Verdict verdict, ErrorCode code, Phase phase,
                          std::optional<uint16_t> assertion = std::nullopt) {
    Evaluation seen{
        .verdict = verdict, .error = ProbeError{code, phase, ""}, .reason = {}, .assertions = {}};
    if (assertion) {
      seen.assertions.push_back({.index = *assertion, .passed = false});
    }
    return watch_.doubts(monitor, {.result = {}, .evaluation = seen});
  };
  using enum Verdict;
  EXPECT_TRUE(doubts(failed, ErrorCode::timeout, Phase::connect));
  EXPECT_TRUE(doubts(failed, ErrorCode::tcp_refused, Phase::connect));
  EXPECT_TRUE(doubts(failed, ErrorCode::network_unreachable, Phase::connect));
  EXPECT_TRUE(doubts(failed, ErrorCode::too_slow, Phase::data));
  EXPECT_TRUE(doubts(degraded, ErrorCode::too_slow, Phase::data));
  EXPECT_TRUE(doubts(failed, ErrorCode::assertion_failed, Phase::data, 0));
  EXPECT_FALSE(doubts(failed, ErrorCode::assertion_failed, Phase::data, 1));
  EXPECT_FALSE(doubts(failed, ErrorCode::expect_mismatch, Phase::data));
  EXPECT_FALSE(doubts(failed, ErrorCode::host_not_found, Phase::dns));
  EXPECT_FALSE(doubts(passed, ErrorCode::timeout, Phase::connect)) << "should_fail";
  EXPECT_FALSE(doubts(unknown, ErrorCode::local_resource, Phase::connect));
  const SelfWatch none(clock_, journal_, {});
  EXPECT_EQ(none.next_deadline(), kNever);
}

TEST_F(SelfWatchStory, ABlackHoleEndsByItsTimeoutAndOnTime) {
  watch_.advance(clock_.now);
  clock_.now += 1s + 400ms;
  answer(black_hole_, Verdict::failed, ErrorCode::timeout);
  EXPECT_TRUE(watch_.view().is_black);
  EXPECT_EQ(watch_.view().late, 400ms);
  clock_.now += 10s;
  watch_.advance(clock_.now);
  answer(black_hole_, Verdict::passed);
  EXPECT_FALSE(watch_.view().is_black);
  EXPECT_EQ(journal_.lines,
            (std::vector<std::string>{"a timeout of one second came late",
                                      "something answers for a port of ours that is silent"}));
}

// Where a closed port is wanted, our own silence would look the same.
TEST_F(SelfWatchStory, DoubtsAPassThatIsAFailureToo) {
  Monitor monitor;
  Attempt attempt;
  attempt.evaluation.verdict = Verdict::passed;
  attempt.result.error = ProbeError{ErrorCode::timeout, Phase::connect, ""};
  EXPECT_FALSE(watch_.doubts(monitor, attempt));
  monitor.expect = Expectation::unreachable;
  EXPECT_TRUE(watch_.doubts(monitor, attempt));
  attempt.result.error->phase = Phase::dns;
  EXPECT_FALSE(watch_.doubts(monitor, attempt));
}

}  // namespace
}  // namespace tocsin
