#include "model/assertion.h"

#include "model/name_table.h"

namespace tocsin {
namespace {

constexpr std::array kSources = {NamedValue{AssertionSource::response_time, "response_time"},
                                 NamedValue{AssertionSource::response_data, "response_data"},
                                 NamedValue{AssertionSource::connect_time, "connect_time"},
                                 NamedValue{AssertionSource::dns_time, "dns_time"},
                                 NamedValue{AssertionSource::tls_time, "tls_time"},
                                 NamedValue{AssertionSource::resolved_ip, "resolved_ip"},
                                 NamedValue{AssertionSource::cert_days_left, "cert_days_left"},
                                 NamedValue{AssertionSource::tls_version, "tls_version"},
                                 NamedValue{AssertionSource::bytes_received, "bytes_received"},
                                 NamedValue{AssertionSource::error_code, "error_code"}};

constexpr std::array kComparisons = {NamedValue{Comparison::equals, "equals"},
                                     NamedValue{Comparison::not_equals, "not_equals"},
                                     NamedValue{Comparison::less_than, "less_than"},
                                     NamedValue{Comparison::greater_than, "greater_than"},
                                     NamedValue{Comparison::contains, "contains"},
                                     NamedValue{Comparison::not_contains, "not_contains"},
                                     NamedValue{Comparison::matches, "matches"},
                                     NamedValue{Comparison::not_matches, "not_matches"},
                                     NamedValue{Comparison::is_empty, "is_empty"},
                                     NamedValue{Comparison::not_empty, "not_empty"},
                                     NamedValue{Comparison::has_key, "has_key"},
                                     NamedValue{Comparison::not_has_key, "not_has_key"},
                                     NamedValue{Comparison::has_value, "has_value"},
                                     NamedValue{Comparison::not_has_value, "not_has_value"},
                                     NamedValue{Comparison::is_null, "is_null"},
                                     NamedValue{Comparison::not_null, "not_null"}};

constexpr std::array kSymbols = {
    NamedValue{Comparison::equals, "=="}, NamedValue{Comparison::not_equals, "!="},
    NamedValue{Comparison::less_than, "<"}, NamedValue{Comparison::greater_than, ">"}};

}  // namespace

std::string_view source_name(AssertionSource source) { return name_in(kSources, source); }
std::optional<AssertionSource> source_from_name(std::string_view name) {
  return value_in(kSources, name);
}

std::string_view comparison_name(Comparison comparison) {
  return name_in(kComparisons, comparison);
}
std::optional<Comparison> comparison_from_name(std::string_view name) {
  const std::optional<Comparison> symbol = value_in(kSymbols, name);
  return symbol ? symbol : value_in(kComparisons, name);
}

bool comparison_takes_target(Comparison comparison) {
  switch (comparison) {
    case Comparison::is_empty:
    case Comparison::not_empty:
    case Comparison::is_null:
    case Comparison::not_null:
      return false;
    default:
      return true;
  }
}

}  // namespace tocsin
