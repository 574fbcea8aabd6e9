// Prober: runs probe attempts to their end and reports facts. A pool of slots, one connection each,
// reused last-in first-out; a timer wheel for their deadlines; nothing is decided here about good
// or bad (core/evaluate does), only about what happened.
//
// One thread. The owner's loop is: prober.before_wait(now, until); io.wait(until, events);
// prober.handle(events); prober.advance(now); with `until` at the latest next_deadline().
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "model/monitor.h"
#include "model/phase_end.h"
#include "model/result.h"
#include "ports/clock.h"
#include "ports/probe_io.h"
#include "ports/reach.h"
#include "ports/resolver.h"
#include "probe/local_ports.h"

namespace tocsin {

// When an attempt is made that cannot be made at once (probe/admission.h); set when it is asked
// for.
struct Patience {
  SteadyTime latest{};     // given up then
  SteadyTime try_until{};  // begun anew until then
  SteadyTime anyway_at{};  // from then on without regard to others at the same destination
  uint32_t put_off = 0;    // so many times it was begun, and could not be made
  uint32_t destination = 0;
};

struct ProbeRequest {
  std::shared_ptr<const Monitor>
      monitor;       // shared with the engine's table: a reload must not pull it away mid-probe
  ResultId id;       // monitor 0: a test nobody stores
  uint64_t tag = 0;  // the caller's own, handed back
  ReachRole role = ReachRole::operator_files;
  // Of a failure, or the confirmation of one, or waited for: goes before the others when slots are
  // short.
  bool retry = false;
  bool tells_phases = false;  // ProbeSink::on_phase is called for it
  bool asks_anew = false;     // the name is looked up past the cache
  Patience patience = {};     // the prober's own
};

class ProbeSink {
 public:
  virtual ~ProbeSink() = default;
  // Exactly once per start(), never from inside start().
  virtual void on_probe(uint64_t tag, const std::shared_ptr<const Monitor>& monitor,
                        ProbeResult&& result) = 0;
  // For requests that ask for it: each phase that took place, once per address, before on_probe.
  // May come from inside start().
  virtual void on_phase(uint64_t /*tag*/, const PhaseEnd& /*end*/) {}
};

// Limits of the pool; defaults are for one machine.
struct ProberSettings {
  // Also bounded by io.capacity(). When all that is watched is silent, a check holds its slot for
  // its whole timeout: 10,000 checks a second with 5 s need 50,000.
  size_t slots_max = 65'536;
  size_t queue_max =
      200'000;  // requests waiting for a slot; beyond it a probe ends at once as `overloaded`
  size_t crypto_threads = 0;            // that compute TLS handshakes; 0: the loop's own does it
  std::vector<IpAddress> sources = {};  // where probes come from, at most one of each family
  LocalPorts ports;
};

struct ProberCounters {
  uint64_t started = 0, finished = 0, queued = 0, refused_full = 0;
  uint64_t put_off = 0;   // begun, and not made for want of something of ours; tried again
  uint64_t given_up = 0;  // of those and of the queued: not made in time, verdict unknown
  size_t in_flight = 0, waiting = 0;
  size_t slots = 0;
};

class Prober {
 public:
  Prober(ProbeIo& io, Resolver& resolver, const Clock& clock, const ReachPolicy& reach,
         ProbeSink& sink, ProberSettings settings);
  ~Prober();
  Prober(const Prober&) = delete;
  Prober& operator=(const Prober&) = delete;

  // Starts the attempt, or lets it wait until it can be made: it is delayed and counted
  // (scheduling_delay), never called down (probe/admission.h).
  void start(ProbeRequest request);
  // One of this monitor follows in a moment: what it will look at is fetched meanwhile.
  void expect(const Monitor& monitor) const;
  // Right before each wait that lasts until `until`: what it brings may have been there since the
  // last one returned, and that is not the target's slowness (probe/own_delay.h).
  void before_wait(SteadyTime now, SteadyTime until);
  // Right after the wait, also when it brought nothing.
  void handle(std::span<const IoEvent> events);
  // Time-driven work: deadlines, quiet periods, drains, the resolver.
  void advance(SteadyTime now);
  [[nodiscard]] SteadyTime next_deadline() const;
  // Ends all attempts of this monitor without a report (it was removed or paused).
  void forget(MonitorUid monitor);
  [[nodiscard]] ProberCounters counters() const;
  // Connections or lookups are under way. While none are, a wait may be left out between
  // before_wait and handle: what is begun later is told by the next one.
  [[nodiscard]] bool awaits_events() const;
  // Destinations, host:port, that are probed slower than asked for because their local ports run
  // out; at most 16.
  [[nodiscard]] std::vector<std::string> short_of_ports() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tocsin
