// Evaluating: each assertion picks its subjects and every one of them must satisfy it. Reading the
// text form is in assert_text.cpp, checking one for sense in assert_check.cpp.
#include "core/assert.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "core/assert_compare.h"
#include "core/assert_subject.h"
#include "core/pattern.h"

namespace tocsin {
namespace {

constexpr size_t kActualBytesMax = 300;  // AssertionResult::actual, escapes included

// Escapes make text longer, so fewer and fewer bytes are tried until the result fits.
std::string cut_for_display(std::string_view bytes) {
  size_t limit = kActualBytesMax;
  std::string text = escape_for_display(bytes, limit);
  while (text.size() > kActualBytesMax && limit > 0) {
    const size_t over = text.size() - kActualBytesMax;
    limit -= std::min(limit, std::max<size_t>(over / 4, 1));
    text = escape_for_display(bytes, limit);
  }
  return text;
}

std::string joined(const std::vector<Subject>& subjects) {
  std::string text;
  for (const Subject& subject : subjects) {
    if (text.size() > kActualBytesMax) {
      break;
    }
    text += text.empty() ? subject.shown : ", " + subject.shown;
  }
  return text;
}

AssertionResult evaluate_one(const Assertion& assertion, ParsedAnswer& answer, SystemTime now) {
  AssertionResult outcome;
  const Result<Comparer> comparer = Comparer::make(assertion);
  const Result<std::vector<Subject>> subjects = subjects_of(assertion, answer, now);
  if (!subjects) {
    // Nothing was found: what was searched is the next best thing to see.
    const bool data = assertion.source == AssertionSource::response_data;
    outcome.actual = data ? cut_for_display(answer.result().received) : std::string();
    outcome.reason = subjects.error().message;
    return outcome;
  }
  outcome.actual = cut_for_display(joined(*subjects));
  if (!comparer) {
    outcome.reason = comparer.error().message;
    return outcome;
  }
  for (const Subject& subject : *subjects) {
    outcome.reason = comparer->why_not(subject);
    if (!outcome.reason.empty()) {
      outcome.actual = cut_for_display(subject.shown);
      return outcome;
    }
  }
  outcome.passed = true;
  return outcome;
}

bool found(const Assertion& assertion, std::string_view received) {
  const Result<Pattern> pattern = Pattern::compile(assertion.target);
  return pattern && !Pattern::depends_on_end(assertion.target) && pattern->found_in(received);
}

}  // namespace

std::vector<AssertionResult> evaluate_assertions(std::span<const Assertion> assertions,
                                                 const ProbeResult& result, SystemTime now) {
  ParsedAnswer answer(result);
  std::vector<AssertionResult> results;
  results.reserve(assertions.size());
  for (const Assertion& assertion : assertions) {
    results.push_back(evaluate_one(assertion, answer, now));
    results.back().index = static_cast<uint16_t>(results.size() - 1);
  }
  return results;
}

Decided decided_by_bytes(const Assertion& assertion, std::string_view received) {
  // A property picks a part that more bytes may change (a longer match, the rest of a JSON
  // document).
  if (assertion.source != AssertionSource::response_data || !assertion.property.empty()) {
    return Decided::no;
  }
  const bool contained = received.find(assertion.target) != std::string_view::npos;
  switch (assertion.comparison) {
    case Comparison::contains:
      return contained ? Decided::passed : Decided::no;
    case Comparison::not_contains:
      return contained ? Decided::failed : Decided::no;
    case Comparison::matches:
      return found(assertion, received) ? Decided::passed : Decided::no;
    case Comparison::not_matches:
      return found(assertion, received) ? Decided::failed : Decided::no;
    case Comparison::not_empty:
      return received.empty() ? Decided::no : Decided::passed;
    case Comparison::is_empty:
      return received.empty() ? Decided::no : Decided::failed;
    case Comparison::equals:
    case Comparison::not_equals:
    case Comparison::less_than:
    case Comparison::greater_than:
    case Comparison::has_key:
    case Comparison::not_has_key:
    case Comparison::has_value:
    case Comparison::not_has_value:
    case Comparison::is_null:
    case Comparison::not_null:
      break;
  }
  return Decided::no;
}

bool is_about_data(const Assertion& assertion) {
  return assertion.source == AssertionSource::response_data ||
         assertion.source == AssertionSource::bytes_received;
}

}  // namespace tocsin
