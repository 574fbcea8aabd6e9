// For tests: a small network with peers of every kind, and the probe engine in its loop beside it.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <vector>

#include "probe/prober.h"
#include "probe/test_server.h"
#include "probe/test_support.h"

namespace tocsin {

// A small network.
class ProbeLab {
 public:
  virtual ~ProbeLab() = default;
  virtual ProbeIo& io() = 0;
  virtual const Clock& clock() = 0;
  // Peers live as long as the lab.
  virtual SocketAddress peer(PeerScript script) = 0;
  virtual SocketAddress closed_port() = 0;
  virtual PeerReport report(const SocketAddress& peer) = 0;
};

using MakeLab = std::function<std::unique_ptr<ProbeLab>()>;

class ProbeLabTest : public testing::TestWithParam<MakeLab> {
 protected:
  static std::shared_ptr<Monitor> monitor_of(const SocketAddress& target) {
    auto monitor = std::make_shared<Monitor>();
    monitor->target = Target::parse(target.text()).value();
    monitor->timeout = 5s;
    return monitor;
  }

  // Runs the loop until `is_done`; a test that would hang fails instead.
  template <class Condition>
  void run_until(Condition is_done) {
    const SteadyTime end = lab_->clock().steady_now() + 10s;
    std::vector<IoEvent> events;
    while (!is_done()) {
      const SteadyTime now = lab_->clock().steady_now();
      ASSERT_LT(now, end) << "nothing happened for 10 s";
      events.clear();
      const SteadyTime until = std::min(prober_->next_deadline(), now + 5ms);
      prober_->before_wait(now, until);
      lab_->io().wait(until, events);
      prober_->handle(events);
      prober_->advance(lab_->clock().steady_now());
    }
  }

  ProbeResult probe(const std::shared_ptr<const Monitor>& monitor) {
    const size_t before = sink_.results.size();
    prober_->start({.monitor = monitor});
    run_until([&] { return sink_.results.size() > before; });
    return sink_.results.size() > before ? sink_.results.back().second : ProbeResult();
  }
  // Until that peer has seen `count` connections end.
  PeerReport ends_of(const SocketAddress& peer, size_t count = 1) {
    run_until([&] { return lab_->report(peer).ended >= count; });
    return lab_->report(peer);
  }

  std::unique_ptr<ProbeLab> lab_ = GetParam()();
  TestResolver resolver_;
  TestSink sink_;
  ReachPolicy reach_;
  std::unique_ptr<Prober> prober_ = std::make_unique<Prober>(lab_->io(), resolver_, lab_->clock(),
                                                             reach_, sink_, ProberSettings{});
};

}  // namespace tocsin
