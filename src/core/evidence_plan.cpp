#include "core/evidence_plan.h"

namespace tocsin {
namespace {

// Nothing, or nobody who could be the host, has answered.
bool leaves_host_in_doubt(const ProbeError& error) {
  switch (error.code) {
    case ErrorCode::timeout:
      return error.phase == Phase::connect;
    case ErrorCode::network_unreachable:
    case ErrorCode::host_unreachable:
    case ErrorCode::admin_prohibited:
      return true;
    default:
      return false;
  }
}

// It was answered, and the answer judged: another address of the host has no say in that.
bool is_judged(const ProbeError& error) {
  switch (error.code) {
    case ErrorCode::expect_mismatch:
    case ErrorCode::assertion_failed:
    case ErrorCode::too_slow:
    case ErrorCode::unexpected_open:
      return true;
    default:
      return false;
  }
}

}  // namespace

EvidencePlan plan_evidence(const Monitor& monitor, const Attempt& attempt) {
  if (attempt.evaluation.verdict != Verdict::failed || !attempt.evaluation.error) {
    return {};
  }
  if (monitor.proxy) {  // from here nothing can be seen of what lies behind it
    return {.second_try = true, .asks_anew = attempt.evaluation.error->phase == Phase::dns};
  }
  const ProbeError& error = *attempt.evaluation.error;
  const Target& target = monitor.target;
  const bool is_name = !target.is_unix() && !target.literal();
  const bool is_in_doubt =
      !target.is_unix() && attempt.result.remote && leaves_host_in_doubt(error);
  return {.second_try = true,
          .asks_anew = error.phase == Phase::dns,
          .name = is_name,
          .others = is_name && !is_judged(error),
          .closed_port = is_in_doubt,
          .walk = is_in_doubt && error.code == ErrorCode::timeout};
}

uint16_t closed_port_beside(uint16_t port) { return port == 1 ? 2 : 1; }

}  // namespace tocsin
