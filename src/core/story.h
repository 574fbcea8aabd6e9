// Tests only: outcomes as letters, one a minute. P passed, D degraded, F failed, ? unknown.
//
//   StatusStory story(policy);
//   story.play("F?FP");   story.status().kind ...
#pragma once

#include <string_view>

#include "core/advance.h"

namespace tocsin::story {

inline constexpr SystemTime kStart{Duration(1795255200LL * 1000000)};  // 2026-11-21 10:00:00 UTC
inline constexpr Duration kInterval = 60s;

inline ProbeError refused() { return {ErrorCode::tcp_refused, Phase::connect, ""}; }
inline ProbeError slow() { return {ErrorCode::too_slow, Phase::data, ""}; }

inline Outcome outcome_at(char letter, SystemTime slot, uint32_t epoch = 0) {
  Outcome outcome{.clock_epoch = epoch, .slot = slot};
  switch (letter) {
    case 'P':
      outcome.verdict = Verdict::passed;
      break;
    case 'D':
      outcome.verdict = Verdict::degraded;
      outcome.error = slow();
      break;
    case 'F':
      outcome.verdict = Verdict::failed;
      outcome.error = refused();
      break;
    default:
      break;
  }
  return outcome;
}

class StatusStory {
 public:
  explicit StatusStory(AlertPolicy policy) : policy_(std::move(policy)) {}

  // The step of the last letter.
  StatusStep play(std::string_view letters) {
    StatusStep step{.after = status_, .transition = {}};
    for (const char letter : letters) {
      step = advance(status_, policy_, outcome_at(letter, next_));
      status_ = step.after;
      next_ += kInterval;
    }
    return step;
  }
  StatusStep at_time(SystemTime now) {
    StatusStep step = advance_by_time(status_, policy_, kInterval, now);
    status_ = step.after;
    return step;
  }
  StatusStep take(const StatusStep& step) {
    status_ = step.after;
    return step;
  }
  [[nodiscard]] const Status& status() const { return status_; }
  [[nodiscard]] std::optional<SystemTime> next_time() const {
    return next_by_time(status_, policy_, kInterval);
  }

 private:
  AlertPolicy policy_;
  Status status_;
  SystemTime next_ = kStart;
};

}  // namespace tocsin::story
