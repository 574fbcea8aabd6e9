// LastAttempt: the newest attempt of a monitor as views show it, in few bytes as long as it is a
// pass of which nothing but numbers is to be known.
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "model/plain_pass.h"
#include "model/verdict.h"

namespace tocsin {

class LastAttempt {
 public:
  void set(const PlainPass& pass) {
    pass_ = pass;
    whole_.reset();
  }
  void set(Attempt attempt) { whole_ = std::make_unique<Attempt>(std::move(attempt)); }

  [[nodiscard]] bool is_good() const {
    return whole_ ? whole_->evaluation.verdict == Verdict::passed : pass_.monitor.value > 0;
  }
  // Nothing: there was none yet.
  [[nodiscard]] std::optional<Attempt> get() const {
    if (whole_) {
      return *whole_;
    }
    return pass_.monitor.value > 0 ? std::optional(attempt_of(pass_)) : std::nullopt;
  }

 private:
  PlainPass pass_;  // monitor 0: none
  std::unique_ptr<const Attempt> whole_;
};

}  // namespace tocsin
