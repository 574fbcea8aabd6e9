// Definitions: how a monitor comes, changes, goes and comes back, whoever wants it (a reload or a
// command): table, schedule, status and the rows to keep, always together.
#pragma once

#include <string>
#include <vector>

#include "core/plan.h"
#include "engine/life.h"
#include "engine/monitor_table.h"
#include "engine/pending_batch.h"
#include "engine/runner.h"
#include "ports/random.h"

namespace tocsin {

class Definitions {
 public:
  Definitions(MonitorTable& table, PendingBatch& batch, Life& life, Runner& runner, Random& random)
      : table_(table), batch_(batch), life_(life), runner_(runner), random_(random) {}

  // What a plan is made against, and what it came to: `wanted` is what it was made for. Gives what
  // is to be told.
  [[nodiscard]] std::vector<RunningMonitor> running() const;
  std::vector<std::string> apply(const ChangePlan& changes, std::vector<Monitor> wanted,
                                 Moment now);

  // A monitor never seen gets a uid of its own.
  MonitorEntry& add(Monitor definition, Moment now);
  // Changed, or back after it was retired.
  void redefine(MonitorEntry& entry, Monitor definition, Moment now);
  // Same definition: nothing that runs is disturbed, nothing is written; after a start it goes on
  // the schedule.
  void keep(MonitorEntry& entry, Moment now);

  // No checks, its open incident is closed; history stays.
  void retire(MonitorEntry& entry, Moment now);
  // What is written of it and what people have set decide status and schedule; kept.
  void settle(MonitorEntry& entry, Moment now);

 private:
  void write(const MonitorEntry& entry, Moment now);

  MonitorTable& table_;
  PendingBatch& batch_;
  Life& life_;
  Runner& runner_;
  Random& random_;
};

}  // namespace tocsin
