// From facts to a verdict, in the order that product.md "One attempt" gives.
//
// Worked example, degraded_after 200 ms, fail_after 500 ms:
//
//   answered in 200.000 ms  passed (a limit is exceeded only by more)
//   answered in 200.001 ms  degraded (too_slow)
//   answered in 500.001 ms  failed (too_slow)
//   answered in 600 ms      unknown (overloaded) if 100 ms or more of it may be our own doing
//   answered in 600 ms      failed if that was 99 ms: 501 ms are proven
//   refused                 failed (tcp_refused); passed with expect: closed, or with should_fail
//
// A stall of our own makes nobody slow, however short it was: whatever is claimed of time must hold
// for response_time - loop_lag too (model/result.h; probe/own_delay.h says how that is known). What
// does not is unknown, and never the next milder verdict: that is not proven either.
//
// - A limit that only the measured time exceeds: unknown. So is an assertion on a time
//   (response_time < 200ms) that fails by what may be ours.
// - A timeout that did not give the peer its whole time: unknown. The probe engine makes up for our
//   delay by looking later, so that only where it could not (kLateTolerance) some is missing.
// - That a proxy says of its own timer that it ran out is the proxy's word: failed, however late we
//   read it.
// - A peer that hung up on us while we were silent for more than kLateTolerance may have had enough
//   of waiting: unknown. All else that a peer does is a fact, however late we read it.
//
// Chosen where product.md is silent:
//
// - `expect: closed` and `unreachable` evaluate the assertions on a pass, so that
//   `error_code == timeout` can demand that a firewall drops instead of rejecting; their limits do
//   not apply (how fast a port refuses says nothing).
// - An attempt that connected and then failed (reset, expect_mismatch) still evaluates its
//   assertions: the actual values help to see why. They do not change its verdict.
// - With should_fail an error after the connection (data phase) fails nothing by itself, as only a
//   failed assertion may.
#include "core/evaluate.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

#include "base/limits.h"
#include "core/assert.h"
#include "core/assert_compare.h"

namespace tocsin {
namespace {

bool is_before_data(const ProbeError& error) { return error.phase != Phase::data; }

// True when the attempt got as far as a connection, whatever came of it afterwards.
bool connected(const ProbeResult& result) {
  return !result.error || result.error->phase == Phase::tls || result.error->phase == Phase::data;
}

// Could our own delay, and not the target, be the reason of this error?
bool may_come_of_delay(const ProbeError& error, Duration loop_lag) {
  if (error.detail.starts_with(kProxyRefused)) {
    return false;
  }
  switch (error.code) {
    case ErrorCode::timeout:
    case ErrorCode::dns_timeout:
      return loop_lag > Duration(0);
    case ErrorCode::conn_reset:
    case ErrorCode::closed_early:
      return loop_lag > kLateTolerance;
    default:
      return false;
  }
}

Evaluation with_error(Verdict verdict, ProbeError error, const Monitor& monitor,
                      const ProbeResult& result) {
  Evaluation evaluation{.verdict = verdict, .error = {}, .reason = {}, .assertions = {}};
  evaluation.reason = explain_error(error, monitor, result);
  evaluation.error = std::move(error);
  return evaluation;
}

Evaluation overloaded(Phase phase, const Monitor& monitor, const ProbeResult& result) {
  return with_error(
      Verdict::unknown,
      {.code = ErrorCode::overloaded,
       .phase = phase,
       .detail = fmt::format("our own loop was late by {}", human_duration(result.loop_lag))},
      monitor, result);
}

std::optional<Evaluation> own_trouble(const Monitor& monitor, const ProbeResult& result) {
  if (!result.error) {
    return std::nullopt;
  }
  if (error_info(result.error->code).side == ErrorSide::ours) {
    return with_error(Verdict::unknown, *result.error, monitor, result);
  }
  if (may_come_of_delay(*result.error, result.loop_lag)) {
    return overloaded(result.error->phase, monitor, result);
  }
  return std::nullopt;
}

// The times alone, less what may be our own doing: it may all lie in any one phase.
ProbeResult proven_times(const ProbeResult& result) {
  const auto proven = [&](Duration time) { return std::max(Duration(0), time - result.loop_lag); };
  ProbeResult times;
  times.response_time = proven(result.response_time);
  for (auto phase : {&Phases::dns, &Phases::connect, &Phases::tls, &Phases::data}) {
    if (result.phases.*phase) {
      times.phases.*phase = proven(*(result.phases.*phase));
    }
  }
  return times;
}

// True when the failed `assertion` holds without what may be our own doing.
bool fails_by_delay(const Assertion& assertion, const ProbeResult& result) {
  return result.loop_lag > Duration(0) && is_time(assertion.source) &&
         evaluate_assertions(std::span(&assertion, 1), proven_times(result), result.started)
             .front()
             .passed;
}

void claim_overload(Evaluation& evaluation, Phase phase, const Monitor& monitor,
                    const ProbeResult& result) {
  Evaluation unknown = overloaded(phase, monitor, result);
  unknown.assertions = std::move(evaluation.assertions);
  evaluation = std::move(unknown);
}

// Evaluates the assertions into `evaluation`; a failed one makes it failed, unless it is failed for
// another reason already; one that fails only by our own delay makes it unknown.
void apply_assertions(Evaluation& evaluation, const Monitor& monitor, const ProbeResult& result) {
  evaluation.assertions = evaluate_assertions(monitor.assertions, result, result.started);
  const auto failed = [](const AssertionResult& assertion) { return !assertion.passed; };
  const auto proven = [&](const AssertionResult& assertion) {
    return failed(assertion) && !fails_by_delay(monitor.assertions[assertion.index], result);
  };
  const bool any = std::ranges::any_of(evaluation.assertions, failed);
  if (!any || evaluation.verdict == Verdict::failed) {
    return;
  }
  const auto first = std::ranges::find_if(evaluation.assertions, proven);
  if (first == evaluation.assertions.end()) {
    claim_overload(evaluation, Phase::data, monitor, result);
    return;
  }
  const auto more = std::ranges::count_if(evaluation.assertions, failed) - 1;
  std::string_view reason = first->reason;
  reason.remove_suffix(reason.ends_with('.') ? 1 : 0);
  std::string detail =
      fmt::format("{}: {}", source_name(monitor.assertions[first->index].source), reason);
  if (more > 0) {
    detail += fmt::format("; {} more failed", more);
  }
  ProbeError error{
      .code = ErrorCode::assertion_failed, .phase = Phase::data, .detail = std::move(detail)};
  evaluation.verdict = Verdict::failed;
  evaluation.reason = explain_error(error, monitor, result);
  evaluation.error = std::move(error);
}

Evaluation evaluate_unwanted(const Monitor& monitor, const ProbeResult& result) {
  if (connected(result)) {
    return with_error(Verdict::failed,
                      {.code = ErrorCode::unexpected_open, .phase = Phase::connect, .detail = {}},
                      monitor, result);
  }
  const bool refused = result.error->code == ErrorCode::tcp_refused;
  if (monitor.expect == Expectation::closed && !refused) {
    return with_error(Verdict::failed, *result.error, monitor, result);
  }
  Evaluation evaluation{.verdict = Verdict::passed,
                        .error = {},
                        .reason = "As expected: " + explain_error(*result.error, monitor, result),
                        .assertions = {}};
  apply_assertions(evaluation, monitor, result);
  return evaluation;
}

Evaluation evaluate_should_fail(const Monitor& monitor, const ProbeResult& result) {
  Evaluation evaluation{
      .verdict = Verdict::passed, .error = result.error, .reason = {}, .assertions = {}};
  if (result.error && is_before_data(*result.error)) {
    evaluation.reason = "Fails, as it should: " + explain_error(*result.error, monitor, result);
    return evaluation;
  }
  evaluation.reason = "The connection succeeds; with should_fail only assertions count then.";
  apply_assertions(evaluation, monitor, result);
  return evaluation;
}

// The phase that took longest is where to look first.
Phase slowest_phase(const Phases& phases) {
  const std::array times = {phases.dns, phases.connect, phases.tls, phases.data};
  const auto slowest = std::ranges::max_element(
      times, {}, [](const std::optional<Duration>& time) { return time.value_or(Duration(-1)); });
  return *slowest ? static_cast<Phase>(slowest - times.begin()) : Phase::data;
}

// `limit` exceeded: too_slow, or unknown when not without our own delay.
Evaluation too_slow(Verdict verdict, std::string_view name, Duration limit, const Monitor& monitor,
                    const ProbeResult& result) {
  const Phase phase = slowest_phase(result.phases);
  if (result.response_time - result.loop_lag <= limit) {
    return overloaded(phase, monitor, result);
  }
  return with_error(verdict,
                    {.code = ErrorCode::too_slow,
                     .phase = phase,
                     .detail = fmt::format("{}, {} is {}", human_duration(result.response_time),
                                           name, duration_text(limit))},
                    monitor, result);
}

PassForm form_of(const Monitor& monitor) {
  return is_connect_only(monitor) ? PassForm::connected : PassForm::answered;
}

Evaluation evaluate_limits(const Monitor& monitor, const ProbeResult& result) {
  if (monitor.fail_after && result.response_time > *monitor.fail_after) {
    return too_slow(Verdict::failed, "fail_after", *monitor.fail_after, monitor, result);
  }
  if (monitor.degraded_after && result.response_time > *monitor.degraded_after) {
    return too_slow(Verdict::degraded, "degraded_after", *monitor.degraded_after, monitor, result);
  }
  return {.verdict = Verdict::passed,
          .error = {},
          .reason = pass_sentence(form_of(monitor), result.response_time),
          .assertions = {}};
}

Evaluation evaluate_open(const Monitor& monitor, const ProbeResult& result) {
  if (result.error) {
    Evaluation evaluation = with_error(Verdict::failed, *result.error, monitor, result);
    if (!is_before_data(*result.error)) {
      apply_assertions(evaluation, monitor, result);
    }
    return evaluation;
  }
  Evaluation asserted{.verdict = Verdict::passed, .error = {}, .reason = {}, .assertions = {}};
  apply_assertions(asserted, monitor, result);
  if (asserted.verdict == Verdict::failed) {
    return asserted;
  }
  Evaluation evaluation = evaluate_limits(monitor, result);
  // An assertion in doubt does not hide a limit that is exceeded beyond doubt.
  if (asserted.verdict == Verdict::unknown && evaluation.verdict != Verdict::failed) {
    return asserted;
  }
  evaluation.assertions = std::move(asserted.assertions);
  return evaluation;
}

bool exceeds(const std::optional<Duration>& limit, Duration time) { return limit && time > *limit; }

}  // namespace

std::optional<PassForm> plain_pass_form(const Monitor& monitor, const ProbeResult& result) {
  const bool is_plain = !result.error && monitor.expect == Expectation::open &&
                        !monitor.should_fail && monitor.assertions.empty() &&
                        !exceeds(monitor.fail_after, result.response_time) &&
                        !exceeds(monitor.degraded_after, result.response_time);
  return is_plain ? std::optional(form_of(monitor)) : std::nullopt;
}

Evaluation withheld(const Monitor& monitor, const ProbeResult& result, const ProbeError& doubt) {
  return with_error(Verdict::unknown, doubt, monitor, result);
}

Evaluation evaluate(const Monitor& monitor, const ProbeResult& result) {
  if (std::optional<Evaluation> unknown = own_trouble(monitor, result)) {
    return *std::move(unknown);
  }
  if (monitor.expect != Expectation::open) {
    return evaluate_unwanted(monitor, result);
  }
  return monitor.should_fail ? evaluate_should_fail(monitor, result)
                             : evaluate_open(monitor, result);
}

}  // namespace tocsin
