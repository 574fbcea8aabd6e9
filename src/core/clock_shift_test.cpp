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

// A set of addresses seen a second ago has not held for a day because the clock says so.
TEST(ClockShift, AddressesMoveWithTheClock) {
  MonitorState state;
  state.addresses.memory = std::make_shared<const AddressMemory>(AddressMemory{
      .since = SystemTime(1h), .seen_since = SystemTime(2h), .moves = {SystemTime(3h)}});
  shift_times(state, 24h);
  const AddressMemory& memory = *state.addresses.memory;
  EXPECT_EQ(memory.since, SystemTime(25h));
  EXPECT_EQ(memory.seen_since, SystemTime(26h));
  EXPECT_EQ(memory.moves, std::vector<SystemTime>{SystemTime(27h)});
}

}  // namespace
}  // namespace tocsin
