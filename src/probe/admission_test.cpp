// Who may start when, and that nobody waits for ever, on a clock that a test moves.
#include "probe/admission.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tocsin {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class AdmissionStory : public testing::Test {
 protected:
  static ProbeRequest request(uint64_t tag, std::string_view target = "192.0.2.1:80",
                              bool retry = false) {
    auto monitor = std::make_shared<Monitor>();
    monitor->target = Target::parse(target).value();
    monitor->interval = 20s;
    return {.monitor = monitor,
            .id = {.monitor = {static_cast<int64_t>(tag)}},
            .tag = tag,
            .retry = retry};
  }
  // A destination of its own for each.
  static ProbeRequest lone(uint64_t tag, bool retry = false) {
    return request(tag, "192.0.2." + std::to_string(tag % 250) + ":" + std::to_string(tag + 1),
                   retry);
  }
  bool take(ProbeRequest asked) {
    ProbeRequest kept = asked;
    const bool starts = admission_.take(asked, free_, now_);
    if (starts) {
      running_.push_back(asked);
    }
    return starts;
  }
  // The tags of those that start in a turn at this moment.
  std::vector<uint64_t> turn(Duration later = Duration(0)) {
    now_ += later;
    std::vector<Admission::GivenUp> given_up;
    admission_.turn(now_, given_up);
    for (Admission::GivenUp& each : given_up) {
      gave_up_.push_back(each.request.tag);
      why_ = each.why;
    }
    std::vector<uint64_t> tags;
    while (auto next = admission_.next(free_, now_)) {
      tags.push_back(next->tag);
      running_.push_back(*std::move(next));
    }
    return tags;
  }
  void end_all(bool took_port = false) {
    for (ProbeRequest& each : std::exchange(running_, {})) {
      admission_.ended(each, took_port ? Admission::Made::and_took_port : Admission::Made::yes,
                       now_);
    }
  }
  bool fails(Shortage shortage) {
    ProbeRequest last = std::move(running_.back());
    running_.pop_back();
    return admission_.put_off(
        last, shortage, {ErrorCode::local_resource, Phase::connect, "no descriptor left"}, now_);
  }

  Admission admission_{{.queue_max = 1000, .slots = 32, .ports = {.count = 50, .rest = 60s}}};
  size_t free_ = 32;
  SteadyTime now_{1h};
  std::vector<ProbeRequest> running_;
  std::vector<uint64_t> gave_up_;
  ProbeError why_;
};

TEST_F(AdmissionStory, WithRoomForAllAllStart) {
  for (uint64_t tag = 1; tag <= 20; ++tag) {
    EXPECT_TRUE(take(lone(tag)));
  }
  EXPECT_EQ(admission_.next_deadline(free_, now_), kNever);
}

// One slot in sixteen is for those that decide whether somebody is woken.
TEST_F(AdmissionStory, RetriesGoFirstAndHaveSlotsOfTheirOwn) {
  free_ = 2;
  EXPECT_FALSE(take(lone(1)));
  EXPECT_TRUE(take(lone(2, true)));
  free_ = 0;
  EXPECT_FALSE(take(lone(3, true)));
  free_ = 2;
  EXPECT_THAT(turn(), ElementsAre(3));
  free_ = 3;
  EXPECT_THAT(turn(), ElementsAre(1));
}

// Many monitors of one service begin together, after a standstill perhaps; an sshd turns the
// eleventh away.
TEST_F(AdmissionStory, AServiceSeesFewAtOnce) {
  for (uint64_t tag = 1; tag <= 10; ++tag) {
    EXPECT_TRUE(tag > 8 ? !take(request(tag)) && turn().empty() : take(request(tag))) << tag;
  }
  EXPECT_TRUE(take(request(11, "192.0.2.1:81"))) << "another port is another destination";
  admission_.ended(running_.front(), Admission::Made::yes, now_);
  EXPECT_THAT(turn(), ElementsAre(9));
}

// But nobody's check is dropped for it: who has waited for a quarter of the interval goes.
TEST_F(AdmissionStory, ACrowdIsNotHeldForLong) {
  for (uint64_t tag = 1; tag <= 10; ++tag) {
    take(request(tag));
  }
  EXPECT_THAT(turn(4900ms), IsEmpty());
  EXPECT_THAT(turn(100ms), ElementsAre(9, 10));
}

// Descriptors are short: a pause, then one to see, and all when it goes well again.
TEST_F(AdmissionStory, AfterAShortageOfTheMachineOneGoesFirst) {
  for (uint64_t tag = 1; tag <= 3; ++tag) {
    take(lone(tag));
  }
  EXPECT_TRUE(fails(Shortage::machine));
  EXPECT_TRUE(fails(Shortage::machine));
  EXPECT_FALSE(take(lone(4)));
  EXPECT_THAT(turn(5ms), IsEmpty());
  EXPECT_EQ(admission_.next_deadline(free_, now_), now_ + 5ms);
  EXPECT_EQ(turn(5ms).size(), 1u);
  EXPECT_EQ(turn(1ms).size(), 2u);
  EXPECT_THAT(turn(1ms), IsEmpty());
  EXPECT_EQ(admission_.waiting(), 0u);
}

TEST_F(AdmissionStory, PausesGrowWhileTheShortageLasts) {
  take(lone(1));
  for (const Duration pause : {10ms, 20ms, 40ms, 80ms}) {
    EXPECT_TRUE(fails(Shortage::machine));
    EXPECT_THAT(turn(pause - 1ms), IsEmpty());
    EXPECT_THAT(turn(1ms), ElementsAre(1));
  }
}

// The interval is over and it could never be made: it is given up with the reason.
TEST_F(AdmissionStory, WhatCannotBeMadeInItsTimeIsGivenUp) {
  take(lone(1));
  size_t tries = 0;
  while (gave_up_.empty() && now_ < SteadyTime{2h}) {
    if (!running_.empty()) {
      fails(Shortage::machine);
      ++tries;
    }
    turn(10ms);
  }
  EXPECT_THAT(gave_up_, ElementsAre(1));
  EXPECT_EQ(why_.code, ErrorCode::local_resource);
  EXPECT_EQ(why_.detail, "no descriptor left; tried " + std::to_string(tries + 1) + " times");
  EXPECT_GE(now_, SteadyTime{1h} + 20s);
  EXPECT_LT(now_, SteadyTime{1h} + 21s);
  EXPECT_GT(tries, 10u);
}

TEST_F(AdmissionStory, TooLateToTryAgainIsSaid) {
  take(lone(1));
  now_ += 20s;
  EXPECT_FALSE(fails(Shortage::machine));
  EXPECT_EQ(admission_.given_up_count(), 1u);
}

// A rule of our own firewall against one host does not keep the others waiting.
TEST_F(AdmissionStory, AShortageOfOneDestinationIsItsOwn) {
  take(request(1));
  EXPECT_TRUE(fails(Shortage::destination));
  EXPECT_TRUE(take(request(2, "192.0.2.2:80")));
  EXPECT_FALSE(take(request(3)));
  EXPECT_THAT(turn(), IsEmpty());
  EXPECT_THAT(turn(60ms), ElementsAre(1)) << "one, to see";
  EXPECT_THAT(turn(5ms), IsEmpty());
  admission_.ended(running_.back(), Admission::Made::yes, now_);
  EXPECT_THAT(turn(), ElementsAre(3)) << "it goes again";
}

// A check a second and more at one port: its local ports would be used up, and every connect would
// search for a free one. It is slowed to what comes back, and told.
TEST_F(AdmissionStory, ADestinationIsSlowedToItsPorts) {
  uint64_t tag = 0;
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(take(request(++tag)));
    end_all(true);
  }
  EXPECT_FALSE(take(request(++tag)));
  EXPECT_THAT(turn(), IsEmpty());
  EXPECT_THAT(admission_.short_of_ports(), ElementsAre("192.0.2.1:80"));
  EXPECT_TRUE(take(request(++tag, "192.0.2.2:80"))) << "ports of others are others";
  for (int i = 0; i < 410; ++i) {
    EXPECT_THAT(turn(50ms), IsEmpty());
  }
  EXPECT_THAT(gave_up_, ElementsAre(21)) << "no port came back within its interval";
  EXPECT_EQ(why_.code, ErrorCode::local_resource);
  EXPECT_EQ(why_.detail, "20 of the 50 local ports for 192.0.2.1:80 rest after earlier checks");
  turn(100s);
  EXPECT_THAT(admission_.short_of_ports(), IsEmpty());
  EXPECT_TRUE(take(request(++tag))) << "they have come back";
}

TEST_F(AdmissionStory, AForgottenRequestIsGone) {
  free_ = 0;
  take(lone(1));
  take(lone(2));
  admission_.forget([](const ProbeRequest& each) { return each.tag == 1; });
  free_ = 32;
  EXPECT_THAT(turn(), ElementsAre(2));
}

}  // namespace
}  // namespace tocsin
