// Connects again and again to loopback ports at which nobody listens, but from which the kernel may
// take its own end: now and then it then connects a socket to itself (RFC 9293 3.5, simultaneous
// open), which looks open. Counts what the probe engine calls it; tests/run self_connect makes the
// namespace with few ports in which that happens often.
//
//   self_connect FIRST_PORT LAST_PORT TRIES epoll|io_uring
//
// Prints a JSON object a second, the last one with "done": true. Exit 1: something was called up.
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/evaluate.h"
#include "engine/system_ports.h"
#include "ports/reach.h"
#include "probe/probe_io_choice.h"
#include "probe/prober.h"

namespace {

using namespace tocsin;

// Every target is written as an address.
class NoResolver final : public Resolver {
 public:
  std::optional<ResolveAnswer> resolve(std::string_view, AddressWish, SteadyTime, uint64_t,
                                       ResolveSink&) override {
    return ResolveAnswer{.error = ProbeError{ErrorCode::host_not_found, Phase::dns, ""}};
  }
  void cancel(uint64_t) override {}
  void drive(SteadyTime) override {}
  [[nodiscard]] SteadyTime next_deadline() const override { return kNever; }
};

struct Counts final : ProbeSink {
  uint64_t tries = 0, up = 0, to_itself = 0, refused = 0, other = 0;

  void on_probe(uint64_t, const std::shared_ptr<const Monitor>& monitor,
                ProbeResult&& result) override {
    ++tries;
    const Evaluation evaluation = evaluate(*monitor, result);
    const bool is_up =
        evaluation.verdict == Verdict::passed || evaluation.verdict == Verdict::degraded;
    if (is_up) {
      ++up;
    } else if (evaluation.error && evaluation.error->detail == kConnectedToItself) {
      ++to_itself;
    } else if (evaluation.error && evaluation.error->code == ErrorCode::tcp_refused) {
      ++refused;
    } else {
      ++other;
    }
  }
  void print(bool done) const {
    std::puts(fmt::format(R"({{"tries":{},"up":{},"to_itself":{},"refused":{},"other":{},)"
                          R"("done":{}}})",
                          tries, up, to_itself, refused, other, done)
                  .c_str());
    std::fflush(stdout);
  }
};

constexpr size_t kAtOnce = 64;

std::vector<std::shared_ptr<const Monitor>> monitors_of(unsigned first, unsigned last) {
  std::vector<std::shared_ptr<const Monitor>> monitors;
  for (unsigned port = first; port <= last; ++port) {
    auto monitor = std::make_shared<Monitor>();
    monitor->target = Target::parse(fmt::format("127.0.0.1:{}", port)).value();
    monitor->timeout = 2s;
    monitors.push_back(std::move(monitor));
  }
  return monitors;
}

void run(ProbeIo& io, const Clock& clock, unsigned first, unsigned last, uint64_t tries,
         Counts& counts) {
  NoResolver resolver;
  const ReachPolicy reach;
  Prober prober(io, resolver, clock, reach, counts, {});
  const auto monitors = monitors_of(first, last);
  std::vector<IoEvent> events;
  SteadyTime told = clock.steady_now();
  uint64_t started = 0;
  while (counts.tries < tries) {
    for (; started < tries && started - counts.tries < kAtOnce; ++started) {
      prober.start({.monitor = monitors[started % monitors.size()]});
    }
    const SteadyTime until = prober.next_deadline();
    prober.before_wait(clock.steady_now(), until);
    io.wait(until, events);
    prober.handle(events);
    prober.advance(clock.steady_now());
    events.clear();
    if (clock.steady_now() - told >= 1s) {
      told = clock.steady_now();
      counts.print(false);
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  constexpr int kDecimal = 10;
  const auto number = [&](int at) { return std::strtoul(argv[at], nullptr, kDecimal); };
  const auto backend = argc == 5 ? io_backend_from_name(argv[4]) : std::nullopt;
  if (!backend || number(1) == 0 || number(1) > number(2) || number(2) > 65535) {
    std::fputs("usage: self_connect FIRST_PORT LAST_PORT TRIES epoll|io_uring\n", stderr);
    return 2;
  }
  const SystemClock clock;
  auto chosen = make_probe_io(clock, 1024, 32, *backend);
  if (!chosen) {
    std::fprintf(stderr, "self_connect: %s\n", chosen.error().message.c_str());
    return 2;
  }
  if (chosen->backend != *backend) {
    std::fprintf(stderr, "self_connect: no %s here: %s\n", argv[4], chosen->why_not.c_str());
    return 3;
  }
  Counts counts;
  run(*chosen->io, clock, static_cast<unsigned>(number(1)), static_cast<unsigned>(number(2)),
      number(3), counts);
  counts.print(true);
  return counts.up == 0 ? 0 : 1;
}
