// While a monitor flaps its incident stays open, so that one incident holds the whole story and
// keyed channels see one alert; the single downs and recoveries are kept as suppressed events.
//
// Worked example, a change every 2 minutes from 10:00 (D down, R recovered):
//
//   10:00 D ... 10:06 R   each of the four told
//   10:08 D               the fifth change in 10 min: suppressed, one .flapping goes out
//   10:10 R ... 10:20 R   suppressed ("flapping"); the incident of 10:08 stays open
//   10:23                 15 min since the message and still changing: the next .flapping message
//   10:35                 15 min since the last change: it is up, so .recovered is told and closes
#include "core/alert_flapping.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"

namespace tocsin {
namespace {

constexpr int64_t kFlappingChanges = 5;        // product.md, "Flapping"
constexpr Duration kFlappingInterval = 15min;  // between messages, and without change until it ends
// Without change: the end is near, a message before it would be noise.
constexpr Duration kFlappingCalm = 5min;
constexpr size_t kChangesKept = 16;  // more than the five that decide; bounds the stored row

SystemTime last_change(const AlertState& state) {
  return state.changes.empty() ? *state.flapping_since : state.changes.back();
}

}  // namespace

bool note_change(AlertState& state, SystemTime now) {
  state.changes.push_back(now);
  if (state.changes.size() > kChangesKept) {
    state.changes.erase(state.changes.begin());
  }
  const auto recent = std::ranges::count_if(
      state.changes, [&](SystemTime at) { return at >= now - kFlappingWindow; });
  if (state.flapping_since || recent < kFlappingChanges) {
    return false;
  }
  state.flapping_since = now;
  return true;
}

void tell_flapping(AlertStep& step, const AlertContext& context) {
  AlertState& state = step.after;
  const auto recent = std::ranges::count_if(
      state.changes, [&](SystemTime at) { return at >= context.now - kFlappingInterval; });
  std::string suppressed = silence_reason(context);
  if (!suppressed.empty() && !state.told_down) {
    state.held = suppressed;
  }
  state.flapping_told = context.now;
  add_event(
      step, context, EventType::flapping,
      fmt::format("Changes too often: {} changes in the last {}. Single changes are not told "
                  "until it is steady for {}.",
                  recent, human_duration(kFlappingInterval), human_duration(kFlappingInterval)),
      std::move(suppressed));
}

SystemTime flapping_due(const AlertState& state) {
  CHECK(state.flapping_since.has_value(), "asked only while flapping");
  const SystemTime last = last_change(state);
  const SystemTime end = last + kFlappingInterval;
  const SystemTime message =
      state.flapping_told.value_or(*state.flapping_since) + kFlappingInterval;
  return last >= message - kFlappingCalm ? std::max(message, last) : end;
}

void flapping_by_time(AlertStep& step, const AlertContext& context) {
  AlertState& state = step.after;
  if (context.now < flapping_due(state)) {
    return;
  }
  if (context.now < last_change(state) + kFlappingInterval) {
    tell_flapping(step, context);
    return;
  }
  state.flapping_since.reset();
  state.flapping_told.reset();
  state.severity = severity_of(context.status, context.monitor.alert);
  if (state.severity == Verdict::passed) {
    recover(step, context, std::nullopt);
    return;
  }
  tell_failure(step, context,
               fmt::format("Steady for {}, and it is {}. {}", human_duration(kFlappingInterval),
                           status_name(context.status.kind), failure_reason(context)),
               silence_reason(context));
}

}  // namespace tocsin
