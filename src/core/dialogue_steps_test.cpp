// Each step has its time, and the one that failed is marked.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/dialogue_timeline.h"

namespace tocsin {
namespace {

using namespace timeline;

// "send 0-2ms, expect 2ms-7ms, expect 7ms-10s failed"
std::string steps(const Played& played) {
  std::string text;
  for (const StepTime& step : played.steps) {
    text += fmt::format("{}{} {}-{}{}", text.empty() ? "" : ", ", step_kind_name(step.kind),
                        duration_text(step.at), duration_text(step.at + step.took),
                        step.failed ? " failed" : "");
  }
  return text;
}

TEST(DialogueSteps, HaveTheirTimes) {
  const Monitor talk =
      monitor({expect("220"), send("HELO\r\n"), expect("250"), send("NOOP\r\n"), expect("251")});
  EXPECT_EQ(steps(play(talk,
                       {at(3ms).says("220\r\n"), at(4ms).send_leaves(), at(9ms).says("250\r\n"),
                        at(11ms).send_leaves(), at(20ms).says("251")},
                       false)),
            "expect 0s-3ms, send 3ms-4ms, expect 4ms-9ms, send 9ms-11ms, expect 11ms-20ms");
}

// The last step reached is the one that failed, and took until then.
TEST(DialogueSteps, TellWhichOneFailed) {
  EXPECT_EQ(steps(play(pings(), {})), "send 0s-0s, expect 0s-10s failed");
  EXPECT_EQ(steps(play(monitor({expect_regex("^220", {"^5"}), send("x")}), {at(5ms).says("5\n")})),
            "expect 0s-5ms failed");
  EXPECT_EQ(steps(play(monitor({send("hello")}), {}, false)), "send 0s-10s failed");
  EXPECT_EQ(steps(play(pings(), {at(2ms).closes()})), "send 0s-0s, expect 0s-2ms failed");
}

// A failed assertion is no failed step, and what came before its turn takes no time.
TEST(DialogueSteps, AreNotToBlameForAssertions) {
  EXPECT_EQ(steps(play(asserts(Comparison::equals, "x"), {at(2ms).says("y"), at(3ms).closes()})),
            "send 0s-0s");
  EXPECT_EQ(steps(play(monitor({expect("a"), expect("b")}), {at(2ms).says("ab")})),
            "expect 0s-2ms, expect 2ms-2ms");
}

TEST(DialogueSteps, TimeTheHandshakeOfStarttls) {
  EXPECT_EQ(steps(play(monitor({expect("220"), StarttlsStep{}, expect("250")}),
                       {at(1ms).says("220"), at(6ms).tls_done(), at(7ms).says("250")})),
            "expect 0s-1ms, starttls 1ms-6ms, expect 6ms-7ms");
  EXPECT_EQ(steps(play(monitor({StarttlsStep{}, expect("250")}), {at(6ms).resets()})),
            "starttls 0s-6ms failed");
}

}  // namespace
}  // namespace tocsin
