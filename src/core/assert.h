// Assertions: reading the text form, checking one for sense, and evaluating all of them on what
// came.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/assertion.h"
#include "model/result.h"

namespace tocsin {

// `response_data contains "+PONG"`, `response_time < 200ms`, `response_data($.status) == "ok"`,
// `cert_days_left > 14`, `response_data is_empty`. Targets: a duration for times, a number, a
// quoted string (JSON escapes), or a bare word. Errors name the part that is wrong, the allowed
// words and the nearest one.
Result<Assertion> parse_assertion(std::string_view text);
// The text form; parse_assertion reads it back to the same value.
std::string assertion_text(const Assertion& assertion);
// Patterns compile within limits, JSON paths are well formed, comparison fits source, target fits
// type.
Result<void> check_assertion(const Assertion& assertion);

// Evaluates every assertion, in order. `now` is the wall time for cert_days_left; `error` is the
// attempt's error for error_code.
std::vector<AssertionResult> evaluate_assertions(std::span<const Assertion> assertions,
                                                 const ProbeResult& result, SystemTime now);

// For the reading rules: what bytes so far say of one assertion on response_data, given that more
// may come.
enum class Decided : uint8_t { no, passed, failed };
// `contains`, `matches` without '$' pass for good once found; `not_contains`, `not_matches` without
// '$' fail for good; not_empty passes with the first byte; is_empty fails with it. All else is
// decided only by the end of the answer.
Decided decided_by_bytes(const Assertion& assertion, std::string_view received);
bool is_about_data(const Assertion& assertion);  // response_data, bytes_received

// JSON path: $, .key, ['key'], [n], [*], .*, .length; every match in document order. Errors name
// the position.
Result<std::vector<std::string>> json_path_values(std::string_view path, std::string_view document);

}  // namespace tocsin
