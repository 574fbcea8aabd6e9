#include "store/store.h"

namespace tocsin {
namespace {

constexpr size_t kPassesOfARow = 16;  // in processor time of the writer

}  // namespace

bool WriteBatch::empty() const { return rows() == 0 && !clock_epoch && !clock_seen; }

size_t WriteBatch::rows() const {
  return monitors.size() + results() + evidence.size() + states.size() + incidents.size() +
         deliveries.size() + delivery_attempts.size() + tokens.size() + users.size() +
         sessions.size() + channels.size();
}

size_t WriteBatch::weight() const {
  return rows() - passes.size() + (passes.size() / kPassesOfARow);
}

void WriteBatch::drop_results() {
  attempts.clear();
  passes.clear();
  evidence.clear();
}

}  // namespace tocsin
