// Is one assertion sense? Said when the configuration is read, so that nobody learns of a wrong
// pattern from an alert.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/address.h"
#include "base/bytes.h"
#include "base/error_code.h"
#include "base/limits.h"
#include "core/assert.h"
#include "core/assert_compare.h"
#include "core/json_path.h"
#include "core/number_text.h"
#include "core/pattern.h"

namespace tocsin {
namespace {

// What parse_duration reads at most.
constexpr int64_t kTimeTargetMax = 1000LL * 365 * 86400 * 1000000;
constexpr size_t kShownBytesMax = 60;

using enum Comparison;
constexpr std::array kNumberComparisons = {equals, not_equals, less_than, greater_than};
constexpr std::array kAbsentComparisons = {is_null, not_null};
constexpr std::array kTextComparisons = {equals,  not_equals,  contains, not_contains,
                                         matches, not_matches, is_empty, not_empty,
                                         is_null, not_null};

std::unexpected<Error> wrong(std::string message) {
  return fail(ErrorKind::invalid_input, std::move(message));
}

struct SourceRule {
  std::string_view kind;     // "a time"
  std::string_view allowed;  // for the message
};

bool is_number_source(AssertionSource source) {
  return is_time(source) || source == AssertionSource::cert_days_left ||
         source == AssertionSource::bytes_received;
}

SourceRule rule_of(AssertionSource source) {
  if (is_number_source(source)) {
    return {.kind = is_time(source) ? "a time" : "a number", .allowed = "==, !=, < or >"};
  }
  return {.kind = "a text",
          .allowed = "==, !=, contains, not_contains, matches, not_matches, is_empty or not_empty"};
}

// Whether an attempt can lack it, so that is_null makes sense: no name to resolve, no TLS.
bool may_be_absent(AssertionSource source) {
  return source != AssertionSource::response_time && source != AssertionSource::bytes_received;
}

bool comparison_fits(AssertionSource source, Comparison comparison) {
  if (source == AssertionSource::response_data) {
    return true;
  }
  if (is_number_source(source)) {
    return std::ranges::count(kNumberComparisons, comparison) > 0 ||
           (may_be_absent(source) && std::ranges::count(kAbsentComparisons, comparison) > 0);
  }
  return std::ranges::count(kTextComparisons, comparison) > 0;
}

Result<void> check_property(const Assertion& assertion) {
  if (assertion.property.empty()) {
    return {};
  }
  if (assertion.source != AssertionSource::response_data) {
    return wrong(fmt::format("only response_data takes a property in parentheses, {} does not",
                             source_name(assertion.source)));
  }
  if (assertion.property.starts_with('$')) {
    return check_json_path(assertion.property);
  }
  return Pattern::check(assertion.property);
}

// Whole microseconds without leading zeros: the one spelling that the text form gives back.
bool is_time_target(const std::string& target) {
  int64_t value = 0;
  const auto read = std::from_chars(target.data(), target.data() + target.size(), value);
  return read.ec == std::errc() && read.ptr == target.data() + target.size() && value >= 0 &&
         value <= kTimeTargetMax && fmt::format("{}", value) == target;
}

std::string_view nearest_error(std::string_view name) {
  const auto table = error_table();
  return std::ranges::min_element(
             table, {}, [&](const ErrorInfo& info) { return edit_distance(info.name, name); })
      ->name;
}

Result<void> check_fixed_text(const Assertion& assertion) {
  const bool equality = assertion.comparison == equals || assertion.comparison == not_equals;
  const std::string shown = escape_for_display(assertion.target, kShownBytesMax);
  if (equality && assertion.source == AssertionSource::error_code && !assertion.target.empty() &&
      !error_from_name(assertion.target)) {
    return wrong(fmt::format("\"{}\" is not an error code; did you mean \"{}\"?", shown,
                             nearest_error(assertion.target)));
  }
  if (equality && assertion.source == AssertionSource::resolved_ip && !assertion.target.empty() &&
      !IpAddress::parse(assertion.target)) {
    return wrong(fmt::format("\"{}\" is not an IP address; write for example 192.0.2.7", shown));
  }
  return {};
}

Result<void> check_target(const Assertion& assertion) {
  const std::string shown = escape_for_display(assertion.target, kShownBytesMax);
  const std::string_view comparison = comparison_name(assertion.comparison);
  if (!comparison_takes_target(assertion.comparison)) {
    return assertion.target.empty()
               ? Result<void>()
               : wrong(fmt::format("nothing may follow {}, but \"{}\" does", comparison, shown));
  }
  if (assertion.target.size() > kTextBytesMax) {
    return wrong(fmt::format("the value has {} bytes; at most {} are allowed",
                             assertion.target.size(), kTextBytesMax));
  }
  const bool orders = assertion.comparison == less_than || assertion.comparison == greater_than;
  if (std::ranges::count(kAbsentComparisons, assertion.comparison) == 0) {
    if (is_time(assertion.source) && !is_time_target(assertion.target)) {
      return wrong(fmt::format("\"{}\" is not a time; write for example 200ms or 1.5s", shown));
    }
    if ((orders || is_number_source(assertion.source)) && !is_number(assertion.target)) {
      return wrong(fmt::format("{} compares numbers, and \"{}\" is not a number",
                               orders ? comparison : source_name(assertion.source), shown));
    }
  }
  if (assertion.comparison == matches || assertion.comparison == not_matches) {
    return Pattern::check(assertion.target);
  }
  if ((assertion.comparison == contains || assertion.comparison == not_contains) &&
      assertion.target.empty()) {
    return wrong(fmt::format("{} needs a text; the empty one is in every answer", comparison));
  }
  return check_fixed_text(assertion);
}

}  // namespace

Result<void> check_assertion(const Assertion& assertion) {
  if (Result<void> property = check_property(assertion); !property) {
    return property;
  }
  if (!comparison_fits(assertion.source, assertion.comparison)) {
    const SourceRule rule = rule_of(assertion.source);
    return wrong(fmt::format("{} does not fit {}, which is {}; use {}",
                             comparison_name(assertion.comparison), source_name(assertion.source),
                             rule.kind, rule.allowed));
  }
  return check_target(assertion);
}

}  // namespace tocsin
