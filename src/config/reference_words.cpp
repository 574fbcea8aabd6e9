#include "config/reference_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "config/reference_table.h"
#include "config/supported.h"
#include "core/assert.h"
#include "model/preset.h"

namespace tocsin {
namespace {

constexpr uint8_t kSourceLast = static_cast<uint8_t>(AssertionSource::error_code);
constexpr uint8_t kComparisonLast = static_cast<uint8_t>(Comparison::not_null);

struct SourceWords {
  std::string_view meaning;
  std::string_view value;    // a target that fits, as Assertion keeps it
  std::string_view example;  // in the text form
};

SourceWords words_of(AssertionSource source) {
  switch (source) {
    case AssertionSource::response_time:
      return {
          "From the start of DNS to the last byte used; the wait for a resolver that is silent is "
          "not in it when an old address is used.",
          "1", "response_time < 200ms"};
    case AssertionSource::response_data:
      return {"The bytes received, or the part of them that the property picks.", "1",
              R"(response_data contains "+PONG")"};
    case AssertionSource::connect_time:
      return {"Time of the TCP connect.", "1", "connect_time < 50ms"};
    case AssertionSource::dns_time:
      return {"Time of the DNS lookup.", "1", "dns_time < 100ms"};
    case AssertionSource::tls_time:
      return {"Time of the TLS handshake.", "1", "tls_time < 150ms"};
    case AssertionSource::resolved_ip:
      return {"The address connected to.", "192.0.2.7", "resolved_ip == 192.0.2.7"};
    case AssertionSource::cert_days_left:
      return {"Whole days until the certificate ends.", "1", "cert_days_left > 14"};
    case AssertionSource::tls_version:
      return {"The TLS version agreed on.", "TLSv1.3", "tls_version == TLSv1.3"};
    case AssertionSource::bytes_received:
      return {"Number of bytes received.", "1", "bytes_received > 0"};
    case AssertionSource::error_code:
      return {"The [error](errors.md) of the attempt; empty without one.", "timeout",
              "error_code != timeout"};
  }
  return {};
}

struct ComparisonWords {
  std::string_view sign;  // the short spelling
  std::string_view meaning, example;
};

ComparisonWords words_of(Comparison comparison) {
  switch (comparison) {
    case Comparison::equals:
      return {"==", "The same; numbers compare as numbers.", R"(response_data == "OK\r\n")"};
    case Comparison::not_equals:
      return {"!=", "Not the same.", "tls_version != TLSv1.2"};
    case Comparison::less_than:
      return {"<", "A smaller number or a shorter time.", "response_time < 200ms"};
    case Comparison::greater_than:
      return {">", "A greater number or a longer time.", R"(response_data(load=(\d+)) > 5)"};
    case Comparison::contains:
      return {"", "Has the text in it.", R"(response_data contains "+PONG")"};
    case Comparison::not_contains:
      return {"", "Has it nowhere.", "response_data not_contains ERROR"};
    case Comparison::matches:
      return {"", "A regular expression (RE2) finds something.",
              R"(response_data matches "^220 ")"};
    case Comparison::not_matches:
      return {"", "It finds nothing.", R"(response_data not_matches "^5[0-9][0-9]")"};
    case Comparison::is_empty:
      return {"", "Nothing came; an empty JSON list or map.", "response_data is_empty"};
    case Comparison::not_empty:
      return {"", "Something came.", "response_data not_empty"};
    case Comparison::has_key:
      return {"", "A JSON map with this key.", "response_data($.checks) has_key database"};
    case Comparison::not_has_key:
      return {"", "A JSON map without it.", "response_data($) not_has_key error"};
    case Comparison::has_value:
      return {"", "A JSON list or map with this value.", "response_data($.nodes) has_value db1"};
    case Comparison::not_has_value:
      return {"", "A JSON list or map without it.", "response_data($.states) not_has_value failed"};
    case Comparison::is_null:
      return {"", "JSON null, or there is no such thing.", "response_data($.error) is_null"};
    case Comparison::not_null:
      return {"", "There is one.", "tls_version not_null"};
  }
  return {};
}

// Asked of the same function that judges a configuration.
bool fits(AssertionSource source, Comparison comparison) {
  const bool takes_target = comparison_takes_target(comparison);
  return check_assertion({.source = source,
                          .property = {},
                          .comparison = comparison,
                          .target = std::string(takes_target ? words_of(source).value : "")})
      .has_value();
}

std::string spelling(Comparison comparison) {
  const std::string_view sign = words_of(comparison).sign;
  return code(sign.empty() ? comparison_name(comparison) : sign);
}

std::string fitting_comparisons(AssertionSource source) {
  std::string text;
  uint8_t count = 0;
  for (uint8_t value = 1; value <= kComparisonLast; ++value) {
    const auto comparison = static_cast<Comparison>(value);
    if (fits(source, comparison)) {
      text += (text.empty() ? "" : ", ") + spelling(comparison);
      ++count;
    }
  }
  return count == kComparisonLast ? "all" : text;
}

// Bytes that nobody reads by their names.
std::string goodbye_words(const Preset& preset) {
  constexpr std::array kBinary = {
      std::pair<std::string_view, std::string_view>{"ldap", "UnbindRequest"},
      std::pair<std::string_view, std::string_view>{"ldaps", "UnbindRequest"},
      std::pair<std::string_view, std::string_view>{"mqtt", "DISCONNECT"},
      std::pair<std::string_view, std::string_view>{"mysql", "a login that is refused"}};
  const auto* const named =
      std::ranges::find(kBinary, preset.id, &std::pair<std::string_view, std::string_view>::first);
  if (preset.goodbye.empty()) {
    return "-";
  }
  return named == kBinary.end() ? code(preset.goodbye) : std::string(named->second);
}

}  // namespace

std::string source_table() {
  std::string table = table_head({"source", "meaning", "comparisons", "example"});
  for (uint8_t value = 1; value <= kSourceLast; ++value) {
    const auto source = static_cast<AssertionSource>(value);
    const SourceWords words = words_of(source);
    table += table_row({code(source_name(source)), words.meaning, fitting_comparisons(source),
                        code(words.example)});
  }
  return table;
}

std::string comparison_table() {
  std::string table = table_head({"comparison", "short", "meaning", "target", "example"});
  for (uint8_t value = 1; value <= kComparisonLast; ++value) {
    const auto comparison = static_cast<Comparison>(value);
    const ComparisonWords words = words_of(comparison);
    table += table_row({code(comparison_name(comparison)), code(words.sign), words.meaning,
                        comparison_takes_target(comparison) ? "yes" : "no", code(words.example)});
  }
  return table;
}

std::string preset_table() {
  std::string table = table_head({"preset", "service", "port", "goodbye", "service probe"});
  for (const Preset& preset : presets()) {
    table += table_row({code(preset.id), preset.name, fmt::format("{}", preset.port),
                        goodbye_words(preset), preset.help});
  }
  return table;
}

std::string unavailable_list() {
  std::string list;
  for (const std::string_view section : later_sections()) {
    list += fmt::format("- {} is not available in this version\n", section);
  }
  return list;
}

}  // namespace tocsin
