#include "core/assert_subject.h"

#include <fmt/format.h>

#include <utility>

#include "base/bytes.h"
#include "core/json_path.h"
#include "core/pattern.h"
#include "core/pattern_text.h"

namespace tocsin {
namespace {

constexpr size_t kShownPropertyMax = 100;  // bytes of a property in a reason

Subject text_subject(std::string text) {
  return {.text = text, .shown = std::move(text), .is_text = true, .absent = false, .json = {}};
}

Subject number_subject(int64_t value) {
  const std::string text = fmt::format("{}", value);
  return {.text = text, .shown = text, .is_text = false, .absent = false, .json = {}};
}

Subject time_subject(Duration value) {
  return {.text = fmt::format("{}", value.count()),
          .shown = exact_ms(value),
          .is_text = false,
          .absent = false,
          .json = {}};
}

Subject absent_subject() {
  return {.text = {}, .shown = {}, .is_text = true, .absent = true, .json = {}};
}

std::string absent_reason(AssertionSource source) {
  switch (source) {
    case AssertionSource::dns_time:
      return "There is no dns_time: no name was resolved in this attempt.";
    case AssertionSource::connect_time:
      return "There is no connect_time: no connection was made in this attempt.";
    case AssertionSource::tls_time:
    case AssertionSource::cert_days_left:
      return fmt::format("There is no {}: this attempt had no TLS.", source_name(source));
    case AssertionSource::response_time:
    case AssertionSource::response_data:
    case AssertionSource::resolved_ip:
    case AssertionSource::tls_version:
    case AssertionSource::bytes_received:
    case AssertionSource::error_code:
      break;
  }
  return fmt::format("There is no {} in this attempt.", source_name(source));
}

std::string finds_nothing(std::string_view what, const std::string& property) {
  return fmt::format("The {} \"{}\" finds nothing in the answer.", what,
                     pattern_text(property, kShownPropertyMax));
}

Result<std::vector<Subject>> json_subjects(const Assertion& assertion, ParsedAnswer& answer) {
  const Result<JsonValue>& document = answer.json();
  if (!document) {
    return fail(ErrorKind::invalid_input,
                fmt::format("The answer cannot be read as JSON: {}.", document.error().message));
  }
  Result<std::vector<JsonValue>> values = json_path_select(assertion.property, *document);
  if (!values) {
    return std::unexpected(values.error());
  }
  if (values->empty()) {
    return fail(ErrorKind::not_found, finds_nothing("JSON path", assertion.property));
  }
  std::vector<Subject> subjects;
  for (JsonValue& value : *values) {
    Subject subject = text_subject(value.shown());
    subject.is_text = value.kind == JsonKind::text;
    subject.json = std::move(value);
    subjects.push_back(std::move(subject));
  }
  return subjects;
}

Result<std::vector<Subject>> data_subjects(const Assertion& assertion, ParsedAnswer& answer) {
  const std::string& received = answer.result().received;
  if (assertion.property.empty()) {
    return std::vector{text_subject(received)};
  }
  if (assertion.property.starts_with('$')) {
    return json_subjects(assertion, answer);
  }
  const Result<Pattern> pattern = Pattern::compile(assertion.property);
  if (!pattern) {
    return std::unexpected(pattern.error());
  }
  const std::optional<std::string_view> group = pattern->first_group(received);
  if (!group) {
    return fail(ErrorKind::not_found, finds_nothing("pattern", assertion.property));
  }
  return std::vector{text_subject(std::string(*group))};
}

// Whole days; a certificate that ends in 14 days and 5 hours has 14 days left, one that ended an
// hour ago has -1.
int64_t days_until(SystemTime end, SystemTime now) {
  return std::chrono::floor<std::chrono::days>(end - now).count();
}

Subject time_or_absent(const std::optional<Duration>& time) {
  return time ? time_subject(*time) : absent_subject();
}

Subject plain_subject(AssertionSource source, const ProbeResult& result, SystemTime now) {
  switch (source) {
    case AssertionSource::response_time:
      return time_subject(result.response_time);
    case AssertionSource::connect_time:
      return time_or_absent(result.phases.connect);
    case AssertionSource::dns_time:
      return time_or_absent(result.phases.dns);
    case AssertionSource::tls_time:
      return time_or_absent(result.phases.tls);
    case AssertionSource::bytes_received:
      return number_subject(static_cast<int64_t>(result.bytes_received));
    case AssertionSource::cert_days_left:
      return result.tls ? number_subject(days_until(result.tls->not_after, now)) : absent_subject();
    case AssertionSource::tls_version:
      return result.tls ? text_subject(result.tls->version) : absent_subject();
    case AssertionSource::resolved_ip:
      return result.remote && !result.remote->is_unix() ? text_subject(result.remote->ip.text())
                                                        : absent_subject();
    case AssertionSource::error_code:
      return result.error ? text_subject(std::string(error_name(result.error->code)))
                          : absent_subject();
    case AssertionSource::response_data:
      break;
  }
  return absent_subject();
}

bool is_numeric(AssertionSource source) {
  return source != AssertionSource::resolved_ip && source != AssertionSource::tls_version &&
         source != AssertionSource::error_code && source != AssertionSource::response_data;
}

}  // namespace

const Result<JsonValue>& ParsedAnswer::json() {
  if (!json_) {
    json_ = parse_json(result_.received);
  }
  return *json_;
}

Result<std::vector<Subject>> subjects_of(const Assertion& assertion, ParsedAnswer& answer,
                                         SystemTime now) {
  if (assertion.source == AssertionSource::response_data) {
    return data_subjects(assertion, answer);
  }
  Subject subject = plain_subject(assertion.source, answer.result(), now);
  // An absent text compares as the empty text (`error_code != timeout` holds without error); an
  // absent number cannot be compared.
  const bool asks_for_null =
      assertion.comparison == Comparison::is_null || assertion.comparison == Comparison::not_null;
  if (subject.absent && is_numeric(assertion.source) && !asks_for_null) {
    return fail(ErrorKind::not_found, absent_reason(assertion.source));
  }
  return std::vector{std::move(subject)};
}

std::string exact_ms(Duration value) {
  std::string text = fmt::format("{:.3f}", static_cast<double>(value.count()) / 1000.0);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) {
    text.pop_back();
  }
  return text + " ms";
}

}  // namespace tocsin
