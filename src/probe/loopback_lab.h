// For tests: a small network of real listeners on loopback, on each backend of the kernel.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "probe/probe_lab.h"
#include "probe/test_backends.h"

namespace tocsin {

class LoopbackLab final : public ProbeLab {
 public:
  explicit LoopbackLab(const Backend& backend) : io_(backend.make(clock_, 64, 256).value()) {}
  ProbeIo& io() override { return *io_; }
  const Clock& clock() override { return clock_; }
  SocketAddress peer(PeerScript script) override {
    servers_.push_back(std::make_unique<TestServer>(std::move(script)));
    return servers_.back()->address();
  }
  SocketAddress closed_port() override { return closed_loopback_port(); }
  PeerReport report(const SocketAddress& peer) override {
    for (const auto& server : servers_) {
      if (server->address() == peer) {
        return server->report();
      }
    }
    return {};
  }

 private:
  TestClock clock_;
  std::vector<std::unique_ptr<TestServer>> servers_;
  std::unique_ptr<ProbeIo> io_;
};

// One for each backend that this machine has, in the order of kBackends.
inline std::vector<MakeLab> labs() {
  std::vector<MakeLab> labs;
  for (const Backend& backend : kBackends) {
    if (backend.make(TestClock(), 1, 0)) {
      labs.emplace_back([&backend] { return std::make_unique<LoopbackLab>(backend); });
    }
  }
  return labs;
}

inline std::string lab_name(const testing::TestParamInfo<MakeLab>& info) {
  return kBackends[info.index].name;
}

}  // namespace tocsin
