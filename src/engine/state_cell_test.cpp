// What is remembered of a monitor in few bytes: nothing of it is lost by that.
#include "engine/state_cell.h"

#include <gtest/gtest.h>

#include "engine/last_attempt.h"

namespace tocsin {
namespace {

constexpr SystemTime kWall{Duration(1'772'323'200'000'000)};

PlainPass plain_pass() {
  return {.slot = kWall,
          .monitor = {7},
          .clock_epoch = 2,
          .response = 310,
          .dns = 10,
          .connect = 300,
          .kernel_rtt = 290,
          .delay = 40,
          .loop_lag = 5,
          .port = 443,
          .ip = {0x20, 1, 0xd, 0xb8},
          .remote = RemoteKind::v6,
          .has = PlainPass::has_dns | PlainPass::has_connect | PlainPass::has_rtt,
          .flags = PlainPass::dns_cached,
          .form = PassForm::connected};
}

// Short or not, what was set comes out.
TEST(LastAttempt, IsWhatWasSet) {
  LastAttempt last;
  EXPECT_EQ(last.get({7}), std::nullopt);
  EXPECT_FALSE(last.is_good());
  const PlainPass simple = plain_pass();
  last.set(simple);
  EXPECT_TRUE(last.is_good());
  EXPECT_EQ(last.get({7}), attempt_of(simple));
  using Change = void (*)(PlainPass&);
  for (const Change change : {Change([](PlainPass& pass) { pass.syn_retransmits = 1; }),
                              Change([](PlainPass& pass) { pass.bytes_received = 9; }),
                              Change([](PlainPass& pass) { pass.drift = -3; })}) {
    PlainPass odd = plain_pass();
    change(odd);
    last.set(odd);
    EXPECT_TRUE(last.is_good());
    EXPECT_EQ(last.get({7}), attempt_of(odd));
  }
  Attempt failed = attempt_of(simple);
  failed.evaluation.verdict = Verdict::failed;
  last.set(failed);
  EXPECT_FALSE(last.is_good());
  EXPECT_EQ(last.get({7}), failed);
  last.set(simple);
  EXPECT_EQ(last.get({7}), attempt_of(simple));
}

MonitorState up_since(SystemTime since) {
  MonitorState state;
  state.status.kind = state.status.known = StatusKind::up;
  state.status.since = since;
  state.status.slot = since;
  state.status.last_known = since;
  return state;
}

tocsin::Run pass_at(SystemTime slot) {
  return {.clock_epoch = 0, .slot = slot, .verdict = Verdict::passed};
}

TEST(StateCell, RestsWhenItCan) {
  StateCell cell;
  EXPECT_EQ(cell.kind(), StatusKind::pending);
  cell.settle();
  ASSERT_NE(cell.whole(), nullptr) << "pending is not at rest";
  cell.set(up_since(kWall));
  cell.settle();
  EXPECT_EQ(cell.whole(), nullptr);
  EXPECT_EQ(cell.kind(), StatusKind::up);
  tocsin::Run run = pass_at(kWall + 60s);
  EXPECT_TRUE(cell.pass_at_rest(run));
  EXPECT_EQ(cell.slot(), kWall + 60s);
  cell.count({.in_progress = 1, .missed = 2, .overload = 3});
  const MonitorState seen = cell.get();
  EXPECT_EQ(seen.status.last_known, kWall + 60s);
  EXPECT_EQ(seen.skipped_missed, 2u);
  EXPECT_EQ(cell.edit(), seen);
  run.slot += 60s;
  EXPECT_FALSE(cell.pass_at_rest(run)) << "it is being edited";
}

TEST(StateCell, RestsInAStateThatIsOneToRestIn) {
  StateCell cell;
  MonitorState down = up_since(kWall);
  down.status.kind = StatusKind::down;
  EXPECT_FALSE(cell.rest_in(down));
  EXPECT_EQ(cell.get(), MonitorState()) << "nothing was done";
  EXPECT_TRUE(cell.rest_in(up_since(kWall)));
  EXPECT_EQ(cell.whole(), nullptr);
  EXPECT_EQ(cell.get(), up_since(kWall));
}

TEST(StateCell, OnlyANewPassKeepsItAtRest) {
  StateCell cell;
  cell.set(up_since(kWall));
  cell.settle();
  tocsin::Run run = pass_at(kWall + 60s);
  run.verdict = Verdict::failed;
  EXPECT_FALSE(cell.pass_at_rest(run));
  run.verdict = Verdict::passed;
  run.clock_epoch = 1;
  EXPECT_FALSE(cell.pass_at_rest(run));
  run.clock_epoch = 0;
  run.slot = kWall;
  EXPECT_FALSE(cell.pass_at_rest(run)) << "the same slot again";
}

// A number that does not fit is kept all the same.
TEST(StateCell, SkipsNeverWrap) {
  StateCell cell;
  MonitorState state = up_since(kWall);
  state.muted = true;
  state.skipped_in_progress = state.skipped_missed = state.skipped_overload = kRestingSkipsMax - 4;
  ASSERT_TRUE(cell.rest_in(state));
  cell.count({.in_progress = 4, .missed = 4, .overload = 4});
  EXPECT_EQ(cell.whole(), nullptr) << "all still fit";
  EXPECT_TRUE(cell.muted());
  const uint64_t sum = uint64_t{kRestingSkipsMax} + UINT32_MAX;
  for (const auto& [skips, counted] :
       {std::pair(Skips{.in_progress = UINT32_MAX}, &MonitorState::skipped_in_progress),
        {Skips{.missed = UINT32_MAX}, &MonitorState::skipped_missed},
        {Skips{.overload = UINT32_MAX}, &MonitorState::skipped_overload}}) {
    StateCell one;
    ASSERT_TRUE(one.rest_in(cell.get()));
    one.count(skips);
    EXPECT_EQ(one.get().*counted, sum);
    EXPECT_FALSE(one.rest_in(one.get())) << "no room for it";
  }
}

}  // namespace
}  // namespace tocsin
