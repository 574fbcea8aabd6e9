// One comparison of an assertion, ready to judge any number of subjects: its pattern is compiled
// once.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "core/assert_subject.h"
#include "core/pattern.h"
#include "model/assertion.h"

namespace tocsin {

class Comparer {
 public:
  static Result<Comparer> make(const Assertion& assertion);

  // Empty when the subject satisfies it, else a sentence: `Expected "-ERR" to contain "+PONG".`
  [[nodiscard]] std::string why_not(const Subject& subject) const;

 private:
  explicit Comparer(const Assertion& assertion) : assertion_(assertion) {}
  [[nodiscard]] bool holds(const Subject& subject, std::string& remark) const;
  [[nodiscard]] bool compares_as_number(const Subject& subject, std::string& remark) const;
  [[nodiscard]] bool equals(const Subject& subject) const;

  Assertion assertion_;
  std::optional<Pattern> pattern_;
};

bool is_time(AssertionSource source);  // compared in microseconds

}  // namespace tocsin
