#include "engine/store_watch.h"

#include <string>

namespace tocsin {
namespace {

constexpr Duration kLookEvery = 1s;

}  // namespace

void StoreWatch::look(const Store& store, const Journal& journal, SteadyTime now) {
  if (now < next_look_) {
    return;
  }
  next_look_ = now + kLookEvery;
  const StoreHealth health = store.health();
  const bool had_trouble = reserve_used_ || is_volatile_;
  const bool has_trouble = health.reserve_used || health.is_volatile;
  if (health.is_volatile && !is_volatile_) {
    journal.warning("nothing can be stored; deciding in memory", {{"why", health.last_error}});
  } else if (health.reserve_used && !health.is_volatile && (is_volatile_ || !reserve_used_)) {
    journal.warning("the disk is full; the reserve keeps states, incidents and notices",
                    {{"results", "dropped"}, {"why", health.last_error}});
  } else if (had_trouble && !has_trouble) {
    journal.info("the store keeps everything again",
                 {{"results_dropped", std::to_string(health.results_dropped - dropped_)}});
  }
  if (!has_trouble) {
    dropped_ = health.results_dropped;
  }
  reserve_used_ = health.reserve_used;
  is_volatile_ = health.is_volatile;
}

}  // namespace tocsin
