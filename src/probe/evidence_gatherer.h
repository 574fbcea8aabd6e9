// EvidenceGatherer: looks into one failure within kEvidenceTime: the same check again, a closed
// port of the same host, the port at the other addresses of the name, the name itself, and a walk
// towards the port, a socket for each hop limit, all at once (core/evidence_plan.h says which).
//
// It lives beside the Prober on the same loop and never takes from it: it has slots of its own at
// the end of ProbeIo's, a few bundles at once at most, and sends no byte. Only the second try is an
// ordinary attempt of the Prober. Nothing here judges; what is found is facts.
//
// One thread. The owner's loop: prober.handle(events); gatherer.handle(events);
// prober.advance(now), which drives the resolver; gatherer.advance(now).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/evidence_plan.h"
#include "model/evidence.h"
#include "model/monitor.h"
#include "ports/clock.h"
#include "ports/probe_io.h"
#include "ports/reach.h"
#include "ports/resolver.h"
#include "probe/evidence_bundle.h"

namespace tocsin {

// Sockets of one bundle: the closed port, the other addresses, the walk.
inline constexpr size_t kEvidenceSlots = 1 + kEvidenceAddressesMax + 1 + kWalkHopsMax;
// At once; the rest is told that there were too many. Bounds descriptors, and packets per second
// when a whole network goes.
inline constexpr size_t kEvidenceBundlesMax = 4;

// How many of `capacity` slots the evidence may have: whole bundles, an eighth at most, because
// probes come first.
size_t evidence_slots(size_t capacity);

class EvidenceGatherer final : public ResolveSink {
 public:
  // Runs one attempt that is kept nowhere; `done` once, not from inside. `asks_anew`: the name is
  // looked up past the cache.
  using TryAgain = std::function<void(std::shared_ptr<const Monitor>, ReachRole, bool asks_anew,
                                      std::function<void(const Attempt&)> done)>;
  using Done = std::function<void(const Evidence&)>;

  // Its slots are `first` to `first` + `count` - 1.
  EvidenceGatherer(ProbeIo& io, Resolver& resolver, const Clock& clock, const ReachPolicy& reach,
                   TryAgain try_again, SlotIndex first, size_t count,
                   std::vector<IpAddress> sources = {});

  // False: too many at once, and `done` never comes. Else it comes once, from handle() or
  // advance().
  [[nodiscard]] bool gather(EvidenceRequest request, Done done);
  void handle(std::span<const IoEvent> events);
  void advance(SteadyTime now);
  [[nodiscard]] SteadyTime next_deadline() const;
  [[nodiscard]] size_t under_way() const;
  // So many at once.
  [[nodiscard]] size_t room() const { return places_.size(); }

  void on_resolved(uint64_t token, const ResolveAnswer& answer) override;

 private:
  struct Place {
    std::unique_ptr<EvidenceBundle> bundle;
    Done done;
    Resolver* asked = nullptr;  // who looks its name up
  };
  void start_second_try(const EvidenceBundle& bundle);
  void ask_name(Place& place);
  EvidenceBundle* find(uint64_t number);
  void finish_if_over(Place& place, SteadyTime now);

  Resolver& resolver_;
  const Clock& clock_;
  EvidenceTools tools_;
  TryAgain try_again_;
  SlotIndex first_;
  std::vector<Place> places_;
  uint64_t numbers_ = 0;
};

}  // namespace tocsin
