// The engine's own suite (probe/prober_suite.h) once more, on the simulated network.
#include "probe/prober_suite.h"

#include <gtest/gtest.h>

#include <memory>

#include "sim/sim_clock.h"
#include "sim/sim_network.h"

namespace tocsin::sim {

class SimLab final : public ProbeLab {
 public:
  SimLab() { network_.lose_address(*IpAddress::parse("192.0.2.10")); }
  ProbeIo& io() override { return network_; }
  const Clock& clock() override { return clock_; }
  SocketAddress peer(PeerScript script) override {
    const SocketAddress address = closed_port();
    using Then = PeerScript::Then;
    const bool speaks = !script.says.empty() || !script.answers.empty();
    Behaviour& service = network_.service(address.text());
    service.greeting = script.says;
    service.answer = script.answers;
    service.endless = script.then == Then::flood;
    service.close_after_answer = speaks && script.then == Then::close;
    service.reset_after_answer = speaks && script.then == Then::reset;
    service.close_after_accept = !speaks && script.then == Then::close;
    service.reset_after_accept = !speaks && script.then == Then::reset;
    return address;
  }
  SocketAddress closed_port() override {
    return {.ip = *IpAddress::parse("192.0.2.1"), .port = ++port_};
  }
  PeerReport report(const SocketAddress& peer) override {
    const Seen seen = network_.seen(peer.text());
    return {.ended = seen.ended, .ended_by_reset = seen.ended_by_reset, .received = seen.received};
  }

 private:
  SimClock clock_;
  SimNetwork network_{clock_};
  uint16_t port_ = 7000;
};

}  // namespace tocsin::sim

namespace tocsin {
namespace {

INSTANTIATE_TEST_SUITE_P(Simulated, ProberSuite, testing::Values([]() -> std::unique_ptr<ProbeLab> {
                           return std::make_unique<sim::SimLab>();
                         }));

}  // namespace
}  // namespace tocsin
