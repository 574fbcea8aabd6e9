// Definitions: how a monitor comes, changes, goes and comes back, whoever wants it (a reload or a
// command): table, schedule, status and the rows to keep, always together.
#pragma once

#include <vector>

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

  // A monitor never seen gets a uid of its own.
  MonitorEntry& add(const Monitor& definition, Moment now);
  // Changed, or back after it was retired.
  void redefine(MonitorEntry& entry, const Monitor& definition, Moment now);
  // Same definition: nothing that runs is disturbed; after a start it goes on the schedule.
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

// Of a monitor of the files whose id is also that of one made over the API.
std::string twice_sentence(const Monitor& monitor);

}  // namespace tocsin
