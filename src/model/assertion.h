// What a user demands of one result: source[(property)] comparison target. Reading the text form
// and evaluating are in core/assert.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tocsin {

// Do not change the values: they are on disk.
enum class AssertionSource : uint8_t {
  response_time = 1,
  response_data = 2,
  connect_time = 3,
  dns_time = 4,
  tls_time = 5,
  resolved_ip = 6,
  cert_days_left = 7,
  tls_version = 8,
  bytes_received = 9,
  error_code = 10,
};

enum class Comparison : uint8_t {
  equals = 1,
  not_equals = 2,
  less_than = 3,
  greater_than = 4,
  contains = 5,
  not_contains = 6,
  matches = 7,
  not_matches = 8,
  is_empty = 9,
  not_empty = 10,
  has_key = 11,
  not_has_key = 12,
  has_value = 13,
  not_has_value = 14,
  is_null = 15,
  not_null = 16,
};

std::string_view source_name(AssertionSource source);
std::optional<AssertionSource> source_from_name(std::string_view name);
std::string_view comparison_name(Comparison comparison);                // "contains"
std::optional<Comparison> comparison_from_name(std::string_view name);  // also "==", "!=", "<", ">"
// False for is_empty, not_empty, is_null, not_null.
bool comparison_takes_target(Comparison comparison);

struct Assertion {
  AssertionSource source = AssertionSource::response_time;
  // A regular expression whose first group is compared, or a JSON path beginning with '$'; may be
  // empty.
  std::string property;
  Comparison comparison = Comparison::equals;
  // Times in microseconds as a whole number; other numbers as written; text decoded.
  std::string target;
  bool operator==(const Assertion&) const = default;
};

// What came of one assertion; the actual value is always kept.
struct AssertionResult {
  uint16_t index = 0;  // position in the monitor's list
  bool passed = false;
  std::string actual;  // text form, at most 300 bytes, safe to show
  std::string reason;  // why it failed, a sentence; empty when passed
  bool operator==(const AssertionResult&) const = default;
};

}  // namespace tocsin
