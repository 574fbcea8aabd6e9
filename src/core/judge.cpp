#include "core/judge.h"

#include <utility>

#include "core/evaluate.h"
#include "core/secrets.h"

namespace tocsin {

Attempt judge(const Monitor& monitor, ProbeResult&& result) {
  Attempt attempt{.result = std::move(result), .evaluation = {}};
  attempt.evaluation = evaluate(monitor, attempt.result);
  if (!monitor.secrets.empty()) {
    mask_secrets(monitor, attempt);
  }
  return attempt;
}

}  // namespace tocsin
