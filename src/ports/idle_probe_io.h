// For tests: a network on which nothing happens. A double overrides what its test is about.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "ports/probe_io.h"

namespace tocsin {

class IdleProbeIo : public ProbeIo {
 public:
  [[nodiscard]] size_t capacity() const override { return 1; }
  void connect(SlotIndex, const SocketAddress&, const ConnectOptions&) override {}
  void send(SlotIndex, std::span<const char>) override {}
  void receive(SlotIndex, std::span<char>) override {}
  void shutdown_write(SlotIndex) override {}
  void close(SlotIndex, CloseMode) override {}
  [[nodiscard]] KernelFacts facts(SlotIndex) override { return {}; }
  [[nodiscard]] std::optional<SocketAddress> local_address(SlotIndex) override { return {}; }
  [[nodiscard]] bool poll_now(SlotIndex) override { return false; }
  void wait(SteadyTime, std::vector<IoEvent>&) override {}
  void nap(SteadyTime) override {}
  void wake() override {}
  void watch(int, bool, bool, std::function<void(bool, bool)>) override {}
};

}  // namespace tocsin
