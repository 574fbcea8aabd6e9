#include "core/assert_compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/address.h"
#include "base/bytes.h"
#include "core/number_text.h"
#include "core/pattern_text.h"

namespace tocsin {
namespace {

constexpr size_t kShownBytesMax = 80;  // of a value in a reason

std::string_view verb_of(Comparison comparison) {
  constexpr std::array<std::string_view, 17> verbs = {"",
                                                      "to equal",
                                                      "not to equal",
                                                      "to be below",
                                                      "to be above",
                                                      "to contain",
                                                      "not to contain",
                                                      "to match",
                                                      "not to match",
                                                      "to be empty",
                                                      "not to be empty",
                                                      "to have the key",
                                                      "not to have the key",
                                                      "to have the value",
                                                      "not to have the value",
                                                      "to be null",
                                                      "not to be null"};
  return verbs.at(static_cast<size_t>(comparison));
}

std::string in_quotes(std::string_view bytes) {
  return fmt::format("\"{}\"", escape_for_display(bytes, kShownBytesMax));
}

std::string shown_subject(const Subject& subject) {
  if (subject.absent) {
    return "nothing";
  }
  return subject.is_text ? in_quotes(subject.shown)
                         : escape_for_display(subject.shown, kShownBytesMax);
}

bool asks_pattern(Comparison comparison) {
  return comparison == Comparison::matches || comparison == Comparison::not_matches;
}

std::string shown_target(const Assertion& assertion) {
  int64_t value = 0;
  const std::string& target = assertion.target;
  const auto read = std::from_chars(target.data(), target.data() + target.size(), value);
  if (is_time(assertion.source) && read.ec == std::errc()) {
    return exact_ms(Duration(value));
  }
  if (asks_pattern(assertion.comparison)) {
    return fmt::format("\"{}\"", pattern_text(target, kShownBytesMax));
  }
  return is_number(target) ? escape_for_display(target, kShownBytesMax) : in_quotes(target);
}

// The subject as JSON: what a path found, or the text read as a document.
Result<JsonValue> json_of(const Subject& subject) {
  return subject.json ? Result<JsonValue>(*subject.json) : parse_json(subject.text);
}

bool same_value(std::string_view a, std::string_view b) {
  const std::optional<std::partial_ordering> order = compare_numbers(a, b);
  return order ? std::is_eq(*order) : a == b;
}

bool has_value(const JsonValue& json, const std::string& target) {
  return std::ranges::any_of(
      json.items, [&](const JsonValue& item) { return same_value(item.shown(), target); });
}

bool is_empty(const Subject& subject) {
  const bool container = subject.json && (subject.json->kind == JsonKind::array ||
                                          subject.json->kind == JsonKind::object);
  return container ? subject.json->items.empty() : subject.text.empty();
}

// Null is JSON's null, and an answer that did not come at all.
bool is_null(const Subject& subject) {
  if (subject.absent || (!subject.json && subject.text.empty())) {
    return true;
  }
  const Result<JsonValue> json = json_of(subject);
  return json && json->kind == JsonKind::null;
}

}  // namespace

bool is_time(AssertionSource source) {
  return source == AssertionSource::response_time || source == AssertionSource::connect_time ||
         source == AssertionSource::dns_time || source == AssertionSource::tls_time;
}

Result<Comparer> Comparer::make(const Assertion& assertion) {
  Comparer comparer(assertion);
  if (asks_pattern(assertion.comparison)) {
    Result<Pattern> pattern = Pattern::compile(assertion.target);
    if (!pattern) {
      return std::unexpected(pattern.error());
    }
    comparer.pattern_ = *std::move(pattern);
  }
  if (assertion.source == AssertionSource::resolved_ip) {
    // An address has many spellings; the result's is the canonical one.
    if (const std::optional<IpAddress> address = IpAddress::parse(assertion.target)) {
      comparer.assertion_.target = address->text();
    }
  }
  return comparer;
}

bool Comparer::equals(const Subject& subject) const {
  return same_value(subject.text, assertion_.target);
}

bool Comparer::compares_as_number(const Subject& subject, std::string& remark) const {
  const std::optional<std::partial_ordering> order =
      compare_numbers(subject.text, assertion_.target);
  if (!order) {
    remark = ", but it is not a number";
    return false;
  }
  return assertion_.comparison == Comparison::less_than ? std::is_lt(*order) : std::is_gt(*order);
}

bool Comparer::holds(const Subject& subject, std::string& remark) const {
  const std::string& target = assertion_.target;
  switch (assertion_.comparison) {
    case Comparison::equals:
      return equals(subject);
    case Comparison::not_equals:
      return !equals(subject);
    case Comparison::less_than:
    case Comparison::greater_than:
      return compares_as_number(subject, remark);
    case Comparison::contains:
      return subject.text.find(target) != std::string::npos;
    case Comparison::not_contains:
      return subject.text.find(target) == std::string::npos;
    case Comparison::matches:
      return pattern_->found_in(subject.text);
    case Comparison::not_matches:
      return !pattern_->found_in(subject.text);
    case Comparison::is_empty:
      return is_empty(subject);
    case Comparison::not_empty:
      return !is_empty(subject);
    case Comparison::is_null:
      return is_null(subject);
    case Comparison::not_null:
      return !is_null(subject);
    case Comparison::has_key:
    case Comparison::not_has_key:
    case Comparison::has_value:
    case Comparison::not_has_value:
      break;
  }
  // Without JSON neither "has" nor "has not" can be claimed.
  const Result<JsonValue> json = json_of(subject);
  if (!json) {
    remark = ", but " + json.error().message;
    return false;
  }
  switch (assertion_.comparison) {
    case Comparison::has_key:
      return json->member(target) != nullptr;
    case Comparison::not_has_key:
      return json->member(target) == nullptr;
    case Comparison::has_value:
      return has_value(*json, target);
    default:
      return !has_value(*json, target);
  }
}

std::string Comparer::why_not(const Subject& subject) const {
  std::string remark;
  if (holds(subject, remark)) {
    return {};
  }
  std::string reason =
      fmt::format("Expected {} {}", shown_subject(subject), verb_of(assertion_.comparison));
  if (comparison_takes_target(assertion_.comparison)) {
    reason += ' ' + shown_target(assertion_);
  }
  return reason + remark + '.';
}

}  // namespace tocsin
