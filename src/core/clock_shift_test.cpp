#include "core/clock_shift.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

constexpr SystemTime kNoon{Duration(1'772'366'400'000'000)};

// Every duration is as long after the clock was set as before, and the slot still names its result.
TEST(ClockShift, DistancesStayAndSlotsStay) {
  MonitorState state;
  state.status.since = kNoon;
  state.status.slot = kNoon;
  state.status.last_known = kNoon - 10s;
  state.status.first_bad_slot = kNoon - 20s;
  state.alert.opened = kNoon - 5s;
  state.alert.changes = {kNoon - 30s, kNoon - 5s};
  shift_times(state, -24h);
  EXPECT_EQ(state.status.since, kNoon - 24h);
  EXPECT_EQ(state.status.slot, kNoon);
  EXPECT_EQ(state.status.last_known, kNoon - 24h - 10s);
  EXPECT_EQ(state.status.first_bad_slot, kNoon - 24h - 20s);
  EXPECT_EQ(state.alert.opened, kNoon - 24h - 5s);
  EXPECT_EQ(state.alert.changes, (std::vector{kNoon - 24h - 30s, kNoon - 24h - 5s}));
}

// What was never set does not become a date of 1969.
TEST(ClockShift, WhatIsNotSetStaysUnset) {
  MonitorState state;
  shift_times(state, -24h);
  EXPECT_EQ(state, MonitorState());
}

}  // namespace
}  // namespace tocsin
