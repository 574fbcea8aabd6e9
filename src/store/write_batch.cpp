#include "store/store.h"

namespace tocsin {

bool WriteBatch::empty() const { return rows() == 0 && !clock_epoch && !clock_seen; }

size_t WriteBatch::rows() const {
  return monitors.size() + attempts.size() + states.size() + incidents.size() + deliveries.size() +
         delivery_attempts.size() + tokens.size() + users.size() + sessions.size() +
         channels.size();
}

}  // namespace tocsin
