#include "engine/interval_stretch.h"

#include <algorithm>

namespace tocsin {
namespace {

constexpr uint32_t kWindowsBehind = 2;
constexpr uint32_t kWindowsCalm = 4;

}  // namespace

bool IntervalStretch::turned(SteadyTime now, Duration waited) {
  if (since_ == SteadyTime{}) {
    since_ = now;
  }
  waited_ += waited;
  const Duration length = now - since_;
  if (length < kWindow) {
    return false;
  }
  const double share = static_cast<double>(waited_.count()) / static_cast<double>(length.count());
  busy_ = std::clamp(1.0 - share, 0.0, 1.0);
  const bool has_changed = judge();
  since_ = now;
  waited_ = late_sum_ = Duration(0);
  ticks_ = late_ticks_ = 0;
  return has_changed;
}

bool IntervalStretch::judge() {
  const Duration mean = ticks_ == 0 ? Duration(0) : late_sum_ / static_cast<int64_t>(ticks_);
  const bool is_late = ticks_ > 0 && 2 * late_ticks_ >= ticks_;
  const bool is_catching_up = mean < last_mean_ * 9 / 10;
  const bool is_behind = is_late && busy_ >= kBusy && !is_catching_up;
  const bool is_calm = late_ticks_ == 0 && busy_ < kSpare;
  last_mean_ = mean;
  behind_ = is_behind ? behind_ + 1 : 0;
  calm_ = is_calm ? calm_ + 1 : 0;
  if (behind_ >= kWindowsBehind && factor_ < kMax) {
    factor_ *= 2;
    behind_ = 0;
    return true;
  }
  if (calm_ >= kWindowsCalm && factor_ > 1) {
    factor_ /= 2;
    calm_ = 0;
    return true;
  }
  return false;
}

}  // namespace tocsin
