// The ends of phases, told while the attempt goes on.
#include <gtest/gtest.h>

#include <string>

#include "probe/test_prober.h"

namespace tocsin {
namespace {

class ProberPhasesTest : public ProberTest {
 protected:
  void start_told(const std::shared_ptr<const Monitor>& monitor, bool tells = true) {
    prober().start({.monitor = monitor, .tag = 9, .tells_phases = tells});
  }
  // "dns 20000+20000": phase, when it ended, how long it was, in microseconds.
  std::string told() const {
    std::string text;
    for (const auto& [tag, end] : sink_.phases) {
      EXPECT_EQ(tag, 9U);
      text += std::string(phase_name(end.phase)) + " " + std::to_string(end.at.count()) + "+" +
              std::to_string(end.took.count()) + "; ";
    }
    return text;
  }
  static ResolveAnswer answer_of(const std::vector<std::string_view>& addresses) {
    ResolveAnswer answer;
    for (const std::string_view text : addresses) {
      answer.addresses.push_back(IpAddress::parse(text).value());
    }
    return answer;
  }
};

// Somebody watches: each phase is told when it ends, not all of them with the result.
TEST_F(ProberPhasesTest, EachIsToldWhenItEnds) {
  auto monitor = monitor_of("db.example:5432");
  monitor->request = {SendStep{.bytes = "PING"}, ExpectStep{.pattern = "PONG"}};
  start_told(monitor);
  wait(20ms);
  resolver_.answer(answer_of({"192.0.2.1"}));
  prober().advance(clock_.now);
  EXPECT_EQ(told(), "dns 20000+20000; ");
  wait(30ms);
  connected(0);
  EXPECT_EQ(told(), "dns 20000+20000; connect 50000+30000; ");
  EXPECT_TRUE(sink_.results.empty());
  event({.slot = io_.connects.at(0).slot, .kind = IoKind::sent, .at = clock_.now});
  wait(5ms);
  received(io_.connects.at(0).slot, "PONG");
  EXPECT_EQ(told(), "dns 20000+20000; connect 50000+30000; data 55000+5000; ");
  EXPECT_EQ(sink_.results.size(), 1U);
}

// A phase that failed took its time too; whoever watches sees where it stopped.
TEST_F(ProberPhasesTest, AFailedPhaseIsToldBeforeTheResult) {
  start_told(monitor_of("192.0.2.1:5432"));
  wait(30ms);
  connected(0, ECONNREFUSED);
  EXPECT_EQ(told(), "connect 30000+30000; ");
  EXPECT_EQ(code_of(result()), ErrorCode::tcp_refused);
}

// The name is looked up once, each address is connected to by itself.
TEST_F(ProberPhasesTest, EachAddressHasItsOwn) {
  auto monitor = monitor_of("db.example:5432");
  monitor->ip_family = IpFamily::all;
  start_told(monitor);
  wait(10ms);
  resolver_.answer(answer_of({"192.0.2.1", "192.0.2.2"}));
  prober().advance(clock_.now);
  wait(10ms);
  connected(0);
  wait(10ms);
  connected(1);
  EXPECT_EQ(told(), "dns 10000+10000; connect 20000+10000; connect 30000+10000; ");
}

TEST_F(ProberPhasesTest, NobodyIsToldWhoDidNotAsk) {
  start_told(monitor_of("192.0.2.1:5432"), false);
  connected(0);
  EXPECT_EQ(told(), "");
  EXPECT_EQ(sink_.results.size(), 1U);
}

}  // namespace
}  // namespace tocsin
