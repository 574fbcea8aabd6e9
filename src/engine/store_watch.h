// StoreWatch: says in the journal when the store gets into trouble and when it is out of it again.
// Whoever looks at three in the morning reads the log first.
#pragma once

#include "base/time.h"
#include "ports/journal.h"
#include "store/store.h"

namespace tocsin {

class StoreWatch {
 public:
  // Looks at most once a second; `health` is asked only then.
  void look(const Store& store, const Journal& journal, SteadyTime now);

 private:
  SteadyTime next_look_ = SteadyTime::min();
  bool reserve_used_ = false, is_volatile_ = false;
  uint64_t dropped_ = 0;  // results dropped when the trouble began
};

}  // namespace tocsin
