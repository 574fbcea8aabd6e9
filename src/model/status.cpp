#include "model/status.h"

#include "model/name_table.h"

namespace tocsin {
namespace {

constexpr std::array kStatuses = {
    NamedValue{StatusKind::pending, "pending"},   NamedValue{StatusKind::up, "up"},
    NamedValue{StatusKind::degraded, "degraded"}, NamedValue{StatusKind::down, "down"},
    NamedValue{StatusKind::unknown, "unknown"},   NamedValue{StatusKind::paused, "paused"}};

constexpr std::array kEvents = {NamedValue{EventType::down, "monitor.down"},
                                NamedValue{EventType::degraded, "monitor.degraded"},
                                NamedValue{EventType::recovered, "monitor.recovered"},
                                NamedValue{EventType::reminder, "monitor.reminder"},
                                NamedValue{EventType::escalated, "monitor.escalated"},
                                NamedValue{EventType::flapping, "monitor.flapping"},
                                NamedValue{EventType::group, "monitor.group"},
                                NamedValue{EventType::location_unknown, "location.unknown"},
                                NamedValue{EventType::self, "self"},
                                NamedValue{EventType::test, "test"}};
constexpr std::string_view kMonitorPrefix = "monitor.";

constexpr std::array kTimelineKinds = {
    NamedValue{TimelineKind::first_failure, "first_failure"},
    NamedValue{TimelineKind::confirmed, "confirmed"},
    NamedValue{TimelineKind::delivery, "delivery"},
    NamedValue{TimelineKind::acknowledged, "acknowledged"},
    NamedValue{TimelineKind::note, "note"},
    NamedValue{TimelineKind::config_changed, "config_changed"},
    NamedValue{TimelineKind::recovered, "recovered"},
    NamedValue{TimelineKind::reminder, "reminder"},
    NamedValue{TimelineKind::escalated, "escalated"},
    NamedValue{TimelineKind::suppressed, "suppressed"},
    NamedValue{TimelineKind::removed, "removed"},
    NamedValue{TimelineKind::severity_changed, "severity_changed"},
    NamedValue{TimelineKind::flapping, "flapping"},
    NamedValue{TimelineKind::evidence, "evidence"}};

}  // namespace

std::string_view status_name(StatusKind kind) { return name_in(kStatuses, kind); }
std::optional<StatusKind> status_from_name(std::string_view name) {
  return value_in(kStatuses, name);
}

std::string_view event_type_name(EventType type) { return name_in(kEvents, type); }

// In a channel's `send` people leave out "monitor."; both spellings are read.
std::optional<EventType> event_type_from_name(std::string_view name) {
  for (const NamedValue<EventType>& row : kEvents) {
    const bool has_prefix = row.name.starts_with(kMonitorPrefix);
    if (row.name == name || (has_prefix && row.name.substr(kMonitorPrefix.size()) == name)) {
      return row.value;
    }
  }
  return std::nullopt;
}

std::string_view timeline_kind_name(TimelineKind kind) { return name_in(kTimelineKinds, kind); }

}  // namespace tocsin
