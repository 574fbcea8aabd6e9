// What an assertion looks at: the value, or the several values, that its source and property pick
// from a result.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/json_value.h"
#include "model/assertion.h"
#include "model/result.h"

namespace tocsin {

struct Subject {
  std::string text;               // what is compared; times in microseconds
  std::string shown;              // for people: "312.5 ms", or the text
  bool is_text = true;            // shown in quotes
  bool absent = false;            // the attempt had no such thing (no TLS, no name to resolve)
  std::optional<JsonValue> json;  // when a JSON path found it
};

// One result's answer, parsed as JSON at most once however many assertions ask for it.
class ParsedAnswer {
 public:
  explicit ParsedAnswer(const ProbeResult& result) : result_(result) {}
  [[nodiscard]] const ProbeResult& result() const { return result_; }
  const Result<JsonValue>& json();

 private:
  const ProbeResult& result_;
  std::optional<Result<JsonValue>> json_;
};

// At least one subject, or an Error that says why there is none: a property that finds nothing, a
// phase that did not happen.
Result<std::vector<Subject>> subjects_of(const Assertion& assertion, ParsedAnswer& answer,
                                         SystemTime now);

// "312.5 ms": exact to the microsecond, so that a value beside its limit never looks equal to it.
std::string exact_ms(Duration value);

}  // namespace tocsin
