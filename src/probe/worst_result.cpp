#include "probe/worst_result.h"

#include <algorithm>
#include <utility>

#include "core/evaluate.h"

namespace tocsin {
namespace {

int badness(Verdict verdict) {
  switch (verdict) {
    case Verdict::failed:
      return 3;
    case Verdict::unknown:
      return 2;
    case Verdict::degraded:
      return 1;
    case Verdict::passed:
      return 0;
  }
  return 0;
}

}  // namespace

ProbeResult worse_of(const Monitor& monitor, std::optional<ProbeResult> worst, ProbeResult&& next) {
  if (!worst) {
    return std::move(next);
  }
  const Duration slowest = std::max(worst->response_time, next.response_time);
  // What is proven of the slowest time is what is proven of any of them.
  const Duration proven =
      std::max(worst->response_time - worst->loop_lag, next.response_time - next.loop_lag);
  const std::pair before(badness(evaluate(monitor, *worst).verdict), worst->response_time);
  const std::pair after(badness(evaluate(monitor, next).verdict), next.response_time);
  if (after > before) {
    worst = std::move(next);
  }
  worst->response_time = slowest;
  if (!worst->error) {
    worst->loop_lag = slowest - proven;
  }
  return *std::move(worst);
}

}  // namespace tocsin
