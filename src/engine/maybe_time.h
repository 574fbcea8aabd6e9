// MaybeTime: an optional wall time in eight bytes.
#pragma once

#include <optional>

#include "base/time.h"

namespace tocsin {

class MaybeTime {
 public:
  MaybeTime() = default;
  MaybeTime& operator=(SystemTime at) {
    at_ = at;
    return *this;
  }
  void reset() { at_ = kNone; }
  explicit operator bool() const { return at_ != kNone; }
  SystemTime operator*() const { return at_; }
  [[nodiscard]] std::optional<SystemTime> get() const {
    return at_ != kNone ? std::optional(at_) : std::nullopt;
  }

 private:
  static constexpr SystemTime kNone = SystemTime::min();
  SystemTime at_ = kNone;
};

}  // namespace tocsin
