// The rules of time and of what an attempt does in which order.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <cerrno>
#include <fstream>
#include <thread>

#include "base/scratch_folder.h"
#include "base/unique_fd.h"
#include "probe/test_certificates.h"
#include "probe/test_prober.h"

namespace tocsin {
namespace {

using testing::ElementsAre;

class ProberTiming : public ProberTest {};

// Its file is a pipe, and the clock goes on by 40 ms while it is read.
TEST_F(ProberTiming, ReadingFilesTakesNoneOfTheTargetsTime) {
  struct ClockOfTheDisk final : Clock {
    std::atomic<bool> has_read = false;
    [[nodiscard]] SystemTime system_now() const override { return SystemTime(1h); }
    [[nodiscard]] SteadyTime steady_now() const override {
      return SteadyTime(1h) + (has_read ? 40ms : 0ms);
    }
  } clock;
  const ScratchFolder folder;
  const std::string file = folder.path() / "ca.pem";
  ASSERT_EQ(::mkfifo(file.c_str(), S_IRUSR | S_IWUSR), 0);
  std::jthread disk([&] {
    std::ofstream out(file);  // waits for who reads it
    clock.has_read = true;
    out << self_signed({.is_authority = true}).pem();
  });
  const auto monitor = monitor_of("192.0.2.1:443");
  monitor->tls = {.mode = TlsMode::direct, .ca_file = file};
  Prober prober(io_, resolver_, clock, reach_, sink_, {});
  prober.start({.monitor = monitor});
  const UniqueFd unread(::open(file.c_str(), O_RDONLY | O_NONBLOCK));  // else `disk` waits for ever
  const IoEvent refused{.slot = io_.connects.at(0).slot,
                        .kind = IoKind::connected,
                        .error = ECONNREFUSED,
                        .at = clock.steady_now() + 2ms};
  prober.handle({&refused, 1});
  EXPECT_TRUE(clock.has_read);
  EXPECT_EQ(result().response_time, 2ms);
}

// response_time ends when the kernel told of the SYN-ACK, however late it is handled.
TEST_F(ProberTiming, ConnectTimeEndsAtTheEventAndNotAtItsHandling) {
  start(monitor_of("192.0.2.1:80"));
  io_.kernel = {.rtt = 4900us, .syn_retransmits = 1};
  clock_.now += 12ms;
  connected(0, 0, 7ms);
  EXPECT_FALSE(result().error);
  EXPECT_EQ(result().response_time, 5ms);
  EXPECT_EQ(result().phases.connect, 5ms);
  EXPECT_EQ(result().phases.dns, std::nullopt);
  EXPECT_EQ(result().loop_lag, 0us);
  EXPECT_EQ(result().kernel_rtt, 4900us);
  EXPECT_EQ(result().syn_retransmits, 1U);
  EXPECT_EQ(result().remote->text(), "192.0.2.1:80");
}

// The kernel times the handshake itself, so the connect time is its own, however late we look.
TEST_F(ProberTiming, TheKernelsTimeOfTheHandshakeSaysWhatIsOurs) {
  start(monitor_of("192.0.2.1:80"));
  io_.kernel.rtt = 52ms;
  stall(40ms);
  prober().handle({});
  wait(20ms);
  connected(0);
  EXPECT_EQ(result().response_time, 52ms);
  EXPECT_EQ(result().phases.connect, 52ms);
  EXPECT_EQ(result().loop_lag, 0us);
}

TEST_F(ProberTiming, DnsCountsIntoResponseTimeAndTimeout) {
  start(monitor_of("shop.example:80"));
  clock_.now += 30ms;
  resolver_.answer({.addresses = {*IpAddress::parse("192.0.2.1")}});
  pass(1ms);
  ASSERT_EQ(io_.connects.size(), 1U);
  EXPECT_EQ(resolver_.last_wish, AddressWish::v4);
  clock_.now += 20ms;
  connected(0);
  EXPECT_EQ(result().phases.dns, 30ms);
  EXPECT_EQ(result().response_time, 51ms);
  EXPECT_FALSE(result().stale_dns);
}

// How long we waited for our own resolver before the old address was taken says nothing of the
// service: it is in no time, and takes nothing from the timeout.
TEST_F(ProberTiming, TheWaitBeforeAnOldAddressIsNotTheServices) {
  start(monitor_of("shop.example:80"));
  clock_.now += 1800ms;
  resolver_.answer({.addresses = {*IpAddress::parse("192.0.2.1")}, .cached = true, .stale = true});
  pass(0ms);
  ASSERT_EQ(io_.connects.size(), 1U);
  pass(9990ms);
  EXPECT_TRUE(sink_.results.empty()) << "of 10 s it has all";
  connected(0);
  EXPECT_TRUE(result().stale_dns);
  EXPECT_EQ(result().error, std::nullopt);
  EXPECT_EQ(result().phases.dns, 0us);
  EXPECT_EQ(result().phases.connect, 9990ms);
  EXPECT_EQ(result().response_time, 9990ms);
  EXPECT_EQ(result().loop_lag, 0us);
}

TEST_F(ProberTiming, AnOldAddressThatIsSilentHasItsWholeTimeout) {
  start(monitor_of("shop.example:80"));
  clock_.now += 1800ms;
  resolver_.answer({.addresses = {*IpAddress::parse("192.0.2.1")}, .cached = true, .stale = true});
  pass(0ms);
  pass(9999ms);
  EXPECT_TRUE(sink_.results.empty());
  pass(2ms);
  EXPECT_EQ(result().error->code, ErrorCode::timeout);
  EXPECT_EQ(result().response_time, 10s);
}

TEST_F(ProberTiming, ANameThatDoesNotExistIsToldWithTheResolversError) {
  start(monitor_of("gone.example:80"));
  clock_.now += 3ms;
  resolver_.answer({.error = ProbeError{ErrorCode::host_not_found, Phase::dns, "NXDOMAIN"}});
  pass(0ms);
  EXPECT_EQ(result().error, (ProbeError{ErrorCode::host_not_found, Phase::dns, "NXDOMAIN"}));
  EXPECT_EQ(result().response_time, 3ms);
}

// The timeout is the whole attempt's; a dead host is told with the time it had and closed without
// ceremony.
TEST_F(ProberTiming, SilenceIsATimeoutAtTheDeadline) {
  start(monitor_of("192.0.2.1:80"));
  pass(9999ms);
  EXPECT_TRUE(sink_.results.empty());
  EXPECT_LE(prober().next_deadline(), clock_.now + 1ms + 256us);
  io_.kernel.syn_retransmits = 3;
  pass(2ms);
  EXPECT_EQ(result().error,
            (ProbeError{ErrorCode::timeout, Phase::connect,
                        "no answer from 192.0.2.1:80 (3 SYN sent again) within 10s"}));
  EXPECT_EQ(result().response_time, 10s);
  EXPECT_EQ(result().phases.connect, 10s);
  EXPECT_EQ(result().syn_retransmits, 3U);
  EXPECT_LE(result().loop_lag, 1ms);
}

// The SYN-ACK lies in the kernel while our loop was busy elsewhere: one more look, and no false
// DOWN.
TEST_F(ProberTiming, AnAnswerThatIsThereAtTheDeadlineIsNotATimeout) {
  start(monitor_of("192.0.2.1:80"));
  io_.has_answer = true;
  stall(11s);
  look();
  EXPECT_TRUE(sink_.results.empty());
  connected(0);
  EXPECT_FALSE(result().error);
  EXPECT_EQ(result().loop_lag, 11s);
}

// The last look is granted once: an answer that never becomes an event must not keep the probe for
// ever.
TEST_F(ProberTiming, TheLastLookIsGrantedOnce) {
  start(monitor_of("192.0.2.1:80"));
  io_.has_answer = true;
  pass(10001ms);
  pass(60ms);
  EXPECT_EQ(code_of(result()), ErrorCode::timeout);
}

TEST_F(ProberTiming, ASilentResolverEndsWithTheDeadlineToo) {
  start(monitor_of("slow.example:80"));
  pass(10001ms);
  EXPECT_EQ(result().error, (ProbeError{ErrorCode::dns_timeout, Phase::dns,
                                        "no answer of the resolver within 10s"}));
  EXPECT_EQ(resolver_.cancelled, resolver_.asked);
  EXPECT_EQ(result().response_time, 10s);
}

// A service is open only when it is another: a port from our own ephemeral range can answer itself
// (RFC 9293 3.5).
TEST_F(ProberTiming, AConnectionToOurselvesIsNotOpen) {
  start(monitor_of("127.0.0.1:40000"));
  io_.kernel.to_itself = true;
  connected(0);
  EXPECT_EQ(result().error,
            (ProbeError{ErrorCode::tcp_refused, Phase::connect, "connected to itself"}));
  EXPECT_THAT(io_.log, ElementsAre("close 0 rst"));
}

// An end has no bytes: what lay there before it says nothing of when it came.
TEST_F(ProberTiming, TheAgeOfEarlierBytesIsNotTheAgeOfTheEnd) {
  start_talking();
  event({.slot = 0, .kind = IoKind::sent, .bytes = 4, .at = clock_.now});
  wait(900ms);
  io_.data_age = 900ms;
  event({.slot = 0, .kind = IoKind::received, .bytes = 0, .at = clock_.now});
  ASSERT_TRUE(result().error);
  EXPECT_EQ(result().error->code, ErrorCode::closed_early);
  EXPECT_EQ(result().loop_lag, 0us);
}

// What came while we did not look belongs to the answer: the peer was not quiet, we were deaf.
TEST_F(ProberTiming, BytesNotYetReadAreNoEndOfTheAnswer) {
  auto monitor = monitor_of("192.0.2.1:80");
  monitor->request = {ExpectStep{.pattern = "done$", .is_regex = true}};
  start(monitor);
  connected(0);
  received(0, "not done");
  io_.has_answer = true;
  stall(1100ms);
  look();
  EXPECT_TRUE(sink_.results.empty());
  received(0, " yet");
  io_.has_answer = false;
  received(0, ", but now it is done");
  pass(1001ms);
  EXPECT_FALSE(result().error);
  EXPECT_EQ(result().received, "not done yet, but now it is done");
}

// Half an answer at a deadline that did not give the peer its time proves nothing.
TEST_F(ProberTiming, HalfAnAnswerAtALateDeadlineIsNotJudged) {
  auto monitor = monitor_of("192.0.2.1:80");
  monitor->timeout = 500ms;
  monitor->assertions = {{AssertionSource::response_data, "", Comparison::contains, "+PONG"}};
  start(monitor);
  connected(0);
  received(0, "+P");
  stall(600ms);
  look();
  EXPECT_EQ(code_of(result()), ErrorCode::timeout);
  EXPECT_GT(result().loop_lag, 0us);
}

// Our own lack of descriptors, memory, ports or leave passes: the check is made a little later, and
// says what it finds then.
TEST_F(ProberTiming, AShortageOfOursOnlyDelays) {
  for (const int error : {EMFILE, ENFILE, ENOBUFS, ENOMEM, EADDRNOTAVAIL, EPERM}) {
    const size_t before = sink_.results.size();
    start(monitor_of("192.0.2.1:80"));
    connected(io_.connects.size() - 1, error);
    EXPECT_EQ(sink_.results.size(), before) << std::strerror(error);
    EXPECT_EQ(prober().counters().in_flight, 0U);
    EXPECT_EQ(prober().counters().waiting, 1U);
    const size_t asked = io_.connects.size();
    for (int i = 0; i < 20 && io_.connects.size() == asked; ++i) {
      pass(10ms);
    }
    ASSERT_EQ(io_.connects.size(), asked + 1) << std::strerror(error);
    connected(asked);
    ASSERT_EQ(sink_.results.size(), before + 1);
    EXPECT_FALSE(sink_.results.back().second.error) << std::strerror(error);
    EXPECT_GE(sink_.results.back().second.scheduling_delay, 10ms) << "told as a wait of ours";
    EXPECT_EQ(sink_.results.back().second.response_time, 0ms) << "and not as slowness";
  }
}

// It lasts for the whole interval: told as ours; evaluate makes `unknown` of it.
TEST_F(ProberTiming, AShortageThatLastsIsOurTrouble) {
  auto monitor = monitor_of("192.0.2.1:80");
  monitor->interval = 5s;
  start(monitor);
  size_t failed = 0;
  for (int i = 0; i < 1000 && sink_.results.empty(); ++i) {
    if (failed < io_.connects.size()) {
      connected(failed++, EMFILE);
    }
    pass(10ms);
  }
  EXPECT_EQ(code_of(result()), ErrorCode::local_resource);
  EXPECT_GE(failed, 5U);
  EXPECT_GE(result().scheduling_delay, 5s);
  EXPECT_EQ(prober().counters().waiting, 0U);
  EXPECT_EQ(prober().counters().given_up, 1U);
}

// One address refuses, and the other could not even be tried: that it would have refused too is not
// proven.
TEST_F(ProberTiming, ARefusalBesideAShortageProvesNothing) {
  auto monitor = monitor_of("shop.example:80");
  monitor->ip_family = IpFamily::automatic;
  start(monitor);
  resolver_.answer(
      {.addresses = {*IpAddress::parse("2001:db8::1"), *IpAddress::parse("192.0.2.1")}});
  pass(0ms);
  connected(0, EMFILE);
  connected(1, ECONNREFUSED);
  EXPECT_TRUE(sink_.results.empty());
  pass(10ms);
  pass(10ms);
  ASSERT_EQ(resolver_.asked.size(), 2U) << "the whole attempt begins anew";
}

TEST_F(ProberTiming, SchedulingDelayIsFromTheSlotToTheStart) {
  prober().start(
      {.monitor = monitor_of("192.0.2.1:80"), .id = {.monitor = {7}, .slot = clock_.wall - 40ms}});
  connected(0);
  EXPECT_EQ(result().scheduling_delay, 40ms);
  EXPECT_EQ(result().started, clock_.wall);
}

TEST_F(ProberTiming, ATestWithoutAMonitorHasNoSchedulingDelay) {
  prober().start({.monitor = monitor_of("192.0.2.1:80"), .id = {}});
  connected(0);
  EXPECT_EQ(result().scheduling_delay, 0us);
}

// The gate stands in front of the connect, on the address that the name gave; and nobody is told
// from inside start().
TEST_F(ProberTiming, AForbiddenAddressIsNeverConnectedTo) {
  resolver_.names["metadata.example"] = {.addresses = {*IpAddress::parse("169.254.169.254")}};
  start(monitor_of("metadata.example:80"));
  EXPECT_TRUE(sink_.results.empty());
  EXPECT_LE(prober().next_deadline(), clock_.now);
  pass(0ms);
  EXPECT_EQ(code_of(result()), ErrorCode::reach_denied);
  EXPECT_FALSE(result().error->detail.empty());
  EXPECT_TRUE(io_.connects.empty());
}

TEST_F(ProberTiming, AWrittenFamilyThatDoesNotFitTheLiteralIsAnError) {
  auto monitor = monitor_of("[2001:db8::1]:80");
  start(monitor);
  EXPECT_EQ(io_.connects.size(), 1U);
  auto written = std::make_shared<Monitor>(*monitor);
  written->ip_family_written = true;
  start(written);
  pass(0ms);
  EXPECT_EQ(result().error, (ProbeError{ErrorCode::no_address_of_family, Phase::dns,
                                        "2001:db8::1 is not an address of ipv4"}));
}

// RFC 8305: IPv6 has 250 ms before IPv4 may compete; the first to open wins and the other is
// dropped.
TEST_F(ProberTiming, AutoRacesIpv4AgainstASlowIpv6) {
  resolver_.names["shop.example"] = {
      .addresses = {*IpAddress::parse("192.0.2.1"), *IpAddress::parse("2001:db8::1")}};
  auto monitor = monitor_of("shop.example:80");
  monitor->ip_family = IpFamily::automatic;
  start(monitor);
  ASSERT_EQ(io_.connects.size(), 1U);
  EXPECT_EQ(io_.connects[0].to, "[2001:db8::1]:80");
  pass(249ms);
  EXPECT_EQ(io_.connects.size(), 1U);
  pass(2ms);
  ASSERT_EQ(io_.connects.size(), 2U);
  EXPECT_EQ(io_.connects[1].to, "192.0.2.1:80");
  clock_.now += 4ms;
  connected(1);
  EXPECT_EQ(result().remote->text(), "192.0.2.1:80");
  EXPECT_EQ(result().response_time, 255ms);
  EXPECT_EQ(io_.log.front(), "close " + std::to_string(io_.connects[0].slot) + " fin");
}

// The last byte used ends response_time: neither the wait for quiet nor the close counts.
TEST_F(ProberTiming, SilenceAfterTheAnswerDoesNotCount) {
  auto monitor = monitor_of("192.0.2.1:80");
  monitor->request = {SendStep{"PING"}};
  start(monitor);
  clock_.now += 2ms;
  connected(0);
  event({.slot = 0, .kind = IoKind::sent, .bytes = 4, .at = clock_.now});
  clock_.now += 3ms;
  received(0, "PONG");
  EXPECT_TRUE(sink_.results.empty());
  pass(101ms);
  EXPECT_EQ(result().response_time, 5ms);
  EXPECT_EQ(result().phases.data, 3ms);
  EXPECT_EQ(result().received, "PONG");
  EXPECT_EQ(result().sent, "PING");
  EXPECT_EQ(result().bytes_sent, 4U);
}

// expect: closed is decided when the port opens: nothing is said to a service that should not be
// there.
TEST_F(ProberTiming, AnUnexpectedlyOpenPortIsNotSpokenTo) {
  auto monitor = monitor_of("192.0.2.1:80");
  monitor->expect = Expectation::closed;
  monitor->request = {SendStep{"PING"}};
  start(monitor);
  connected(0);
  EXPECT_FALSE(result().error);
  EXPECT_TRUE(io_.sent.empty());
}

}  // namespace
}  // namespace tocsin
