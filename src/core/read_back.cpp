#include "core/read_back.h"

#include <utility>

#include "core/evaluate.h"

namespace tocsin {
namespace {

Run run_of(const Attempt& attempt) {
  const ProbeResult& result = attempt.result;
  return {.monitor = result.id.monitor,
          .location = result.id.location,
          .clock_epoch = result.id.clock_epoch,
          .slot = result.id.slot,
          .verdict = attempt.evaluation.verdict,
          .error = kept_error(attempt.evaluation),
          .attempts = result.id.attempt,
          .finished = result.started + result.response_time};
}

}  // namespace

void read_back(const Attempt& final_attempt, MonitorState& state) {
  Run run = run_of(final_attempt);
  Status& status = state.status;
  status.clock_epoch = run.clock_epoch;
  status.slot = run.slot;
  if (run.verdict != Verdict::unknown && status.kind != StatusKind::paused) {
    status.last_known = run.slot;
    status.run_asked = false;
  }
  const uint16_t location = run.location;
  state.newest.insert_or_assign(location, std::move(run));
}

}  // namespace tocsin
