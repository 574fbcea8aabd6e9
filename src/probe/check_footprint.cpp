#include "probe/check_footprint.h"

#include <memory>
#include <string>
#include <vector>

#include "base/check.h"
#include "base/heap_count.h"
#include "ports/idle_probe_io.h"
#include "probe/prober.h"

namespace tocsin {
namespace {

class Network final : public IdleProbeIo {
 public:
  explicit Network(size_t slots) : slots_(slots) {}
  [[nodiscard]] size_t capacity() const override { return slots_; }
  void connect(SlotIndex slot, const SocketAddress&, const ConnectOptions&) override {
    newest_ = slot;
  }
  [[nodiscard]] SlotIndex newest() const { return newest_; }

 private:
  size_t slots_;
  SlotIndex newest_ = 0;
};

class NoNames final : public Resolver {
 public:
  std::optional<ResolveAnswer> resolve(std::string_view, AddressWish, SteadyTime, uint64_t,
                                       ResolveSink&) override {
    return std::nullopt;
  }
  void cancel(uint64_t) override {}
  void drive(SteadyTime) override {}
  [[nodiscard]] SteadyTime next_deadline() const override { return kNever; }
};

class Still final : public Clock {
 public:
  [[nodiscard]] SystemTime system_now() const override { return SystemTime(20'000 * 24h); }
  [[nodiscard]] SteadyTime steady_now() const override { return SteadyTime(1h); }
};

class Heedless final : public ProbeSink {
 public:
  void on_probe(uint64_t, const std::shared_ptr<const Monitor>&, ProbeResult&&) override {}
};

// Each at a host of its own, as few are probed at once at one.
std::vector<std::shared_ptr<const Monitor>> plain_monitors(size_t count) {
  std::vector<std::shared_ptr<const Monitor>> monitors;
  for (size_t i = 0; i < count; ++i) {
    auto monitor = std::make_shared<Monitor>();
    const auto third = std::to_string(i / 250), fourth = std::to_string(1 + i % 250);
    monitor->target = Target::parse("10.0." + third + "." + fourth + ":443").value();
    monitors.push_back(std::move(monitor));
  }
  return monitors;
}

// A prober of so many slots.
class Lab {
 public:
  explicit Lab(size_t slots)
      : network_(slots), prober_(network_, names_, clock_, reach_, sink_, {}) {}

  void start(const std::shared_ptr<const Monitor>& monitor) {
    prober_.start({.monitor = monitor,
                   .id = {.monitor = {1}, .slot = clock_.system_now()},
                   .retry = true});  // those may take every slot
  }
  void told(IoKind kind) {
    const IoEvent event{.slot = network_.newest(), .kind = kind, .at = clock_.steady_now()};
    prober_.handle({&event, 1});
  }
  [[nodiscard]] const ProberCounters counters() const { return prober_.counters(); }

 private:
  Network network_;
  NoNames names_;
  Still clock_;
  ReachPolicy reach_;
  Heedless sink_;
  Prober prober_;
};

size_t heap_with(size_t checks) {
  const auto monitors = plain_monitors(checks);
  const size_t before = heap_bytes();
  Lab lab(checks);
  for (const auto& monitor : monitors) {
    lab.start(monitor);
  }
  CHECK(lab.counters().in_flight == checks, "each of them is begun at once");
  return heap_bytes() - before;
}

}  // namespace

size_t bytes_of_a_check_under_way(size_t checks) {
  // Twice as many, so that what every prober has besides falls out.
  const size_t fewer = heap_with(checks);
  return (heap_with(2 * checks) - fewer) / checks;
}

size_t allocations_of_passes(size_t checks) {
  const auto monitor = plain_monitors(1).front();
  Lab lab(8);
  size_t before = 0;
  for (size_t passed = 0; passed < checks + 2; ++passed) {
    lab.start(monitor);
    lab.told(IoKind::connected);
    lab.told(IoKind::received);  // the end of the peer
    if (passed == 1) {
      before = heap_allocations();  // the first two have made what the others use again
    }
  }
  CHECK(lab.counters().finished == checks + 2, "each of them has passed");
  return heap_allocations() - before;
}

}  // namespace tocsin
