// EvidenceDesk: which failure is looked into and when, and where what was found goes. A failure is
// worth it when it is the first after a good attempt; it is begun at the end of the turn that found
// it, when verdict and notice are on their way, one a turn.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <span>

#include "engine/life.h"
#include "engine/monitor_table.h"
#include "engine/runner.h"
#include "engine/wall_map.h"
#include "probe/evidence_gatherer.h"

namespace tocsin {

// One monitor is not looked into more often, however it flaps.
inline constexpr Duration kEvidenceGap = 60s;

class EvidenceDesk {
 public:
  // Its slots of `io` are `first` to `first` + `count` - 1.
  EvidenceDesk(MonitorTable& table, Life& life, Runner& runner, ProbeIo& io, Resolver& resolver,
               const Clock& clock, const WallMap& wall, const ReachPolicy& reach, SlotIndex first,
               size_t count, std::vector<IpAddress> sources);

  // A new attempt of `entry`, whose `last` is still the one before.
  void look_at(MonitorEntry& entry, const Attempt& attempt, Moment now);
  void handle(std::span<const IoEvent> events) { gatherer_.handle(events); }
  // Late in the turn: begins what waits and ends what is over.
  void advance(Moment now);
  [[nodiscard]] SteadyTime next_deadline() const;

 private:
  struct Waiting {
    uint32_t entry = 0;
    ResultId of;
    ProbeError failure;
    EvidenceRequest request;
  };
  void begin(Waiting next);
  void leave_out(MonitorEntry& entry, const Attempt& attempt, EvidenceState why, Moment now);

  MonitorTable& table_;
  Life& life_;
  const Clock& clock_;
  const WallMap& wall_;
  EvidenceGatherer gatherer_;
  std::deque<Waiting> waiting_;
};

}  // namespace tocsin
