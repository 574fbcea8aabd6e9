// One incident from first to last event. Its timeline is what people read afterwards, so the
// beginning and the end are kept when it grows too long.
//
// Worked example with room for 500 entries and a monitor that flaps for a week:
//
//   entries 1-50      first failure, confirmation, first notices: never dropped
//   entry 51          "137 entries left out here"
//   entries 52-500    the newest 449
//   suppressed event  an entry too, with its reason: "why was I not alerted?" is answered here
//   recovered         closes the incident, unless it was suppressed as flapping
#include "core/incident.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "core/alert_flapping.h"
#include "core/evaluate.h"

namespace tocsin {
namespace {

constexpr size_t kTimelineMax = 500;
constexpr size_t kTimelineHead = 50;
constexpr std::string_view kGapText = " entries left out here";

TimelineKind kind_of(EventType type) {
  switch (type) {
    case EventType::recovered:
      return TimelineKind::recovered;
    case EventType::reminder:
      return TimelineKind::reminder;
    case EventType::escalated:
      return TimelineKind::escalated;
    case EventType::flapping:
      return TimelineKind::flapping;
    case EventType::down:
    case EventType::degraded:
      return TimelineKind::confirmed;
    case EventType::group:
    case EventType::location_unknown:
    case EventType::self:
    case EventType::test:
      break;
  }
  return TimelineKind::note;
}

std::string escalation_text(const AlertEvent& event) {
  return event.channels.empty()
             ? event.reason
             : fmt::format("Escalated to {}. {}", fmt::join(event.channels, ", "), event.reason);
}

TimelineEntry entry_of(const AlertEvent& event) {
  const std::string text =
      event.type == EventType::escalated ? escalation_text(event) : event.reason;
  if (event.suppressed.empty()) {
    return {.at = event.at, .kind = kind_of(event.type), .text = text};
  }
  return {.at = event.at,
          .kind = TimelineKind::suppressed,
          .text = fmt::format("{} not sent ({}): {}", event_type_name(event.type), event.suppressed,
                              text)};
}

// How many entries the gap at `entry` stands for; 0: it is no gap.
uint64_t left_out(const TimelineEntry& entry) {
  if (entry.kind != TimelineKind::note || !entry.text.ends_with(kGapText)) {
    return 0;
  }
  uint64_t count = 0;
  const char* const end = entry.text.data() + entry.text.size() - kGapText.size();
  const auto read = std::from_chars(entry.text.data(), end, count);
  return read.ec == std::errc() && read.ptr == end ? count : 0;
}

void append(Incident& incident, TimelineEntry entry) {
  std::vector<TimelineEntry>& timeline = incident.timeline;
  timeline.push_back(std::move(entry));
  if (timeline.size() <= kTimelineMax) {
    return;
  }
  const auto gap = timeline.begin() + kTimelineHead;
  const uint64_t before = left_out(*gap);
  const auto first_dropped = before == 0 ? gap : gap + 1;
  const SystemTime at = first_dropped->at;
  if (before == 0) {
    // The gap entry takes a place itself, so the first time two entries make room for it.
    timeline.erase(gap + 1);
    *gap = {.at = at, .kind = TimelineKind::note, .text = fmt::format("{}{}", 2, kGapText)};
    return;
  }
  timeline.erase(first_dropped);
  timeline[kTimelineHead] = {
      .at = at, .kind = TimelineKind::note, .text = fmt::format("{}{}", before + 1, kGapText)};
}

Incident open_from(const Monitor& monitor, const AlertEvent& event) {
  Incident incident{.id = event.incident,
                    .monitor = event.monitor,
                    .project = monitor.project,
                    .monitor_id = monitor.id,
                    .monitor_name = monitor.name.empty() ? monitor.id : monitor.name,
                    .target = monitor.target.text(),
                    .severity = event.severity,
                    .error = event.error,
                    .reason = event.reason,
                    .began = event.began.value_or(event.at),
                    .opened = event.at};
  append(incident, {.at = incident.began,
                    .kind = TimelineKind::first_failure,
                    .text = event.error ? error_text(*event.error) : "The check failed."});
  append(incident, {.at = event.at, .kind = TimelineKind::confirmed, .text = event.reason});
  if (!event.suppressed.empty()) {
    append(incident, entry_of(event));
  }
  return incident;
}

// A later down or degraded: another severity, or the same told again (after maintenance, after
// flapping).
void fold_failure(Incident& incident, const AlertEvent& event) {
  if (event.severity != incident.severity) {
    append(incident,
           {.at = event.at, .kind = TimelineKind::severity_changed, .text = event.reason});
    if (event.severity == Verdict::failed) {
      incident.acknowledged.reset();
    }
    incident.severity = event.severity;
    if (!event.suppressed.empty()) {
      append(incident, entry_of(event));
    }
  } else {
    append(incident, entry_of(event));
  }
  incident.error = event.error;
  incident.reason = event.reason;
}

}  // namespace

Incident fold(std::optional<Incident> incident, const Monitor& monitor, const AlertEvent& event) {
  if (!incident) {
    return open_from(monitor, event);
  }
  if (event.type == EventType::down || event.type == EventType::degraded) {
    fold_failure(*incident, event);
    return *std::move(incident);
  }
  append(*incident, entry_of(event));
  if (event.type == EventType::recovered && event.suppressed != kFlappingReason) {
    // A recovery that was kept quiet is a recovery all the same.
    if (!event.suppressed.empty()) {
      append(*incident, {.at = event.at, .kind = TimelineKind::recovered, .text = event.reason});
    }
    incident->closed = event.at;
    incident->close_reason = "recovered";
  }
  return *std::move(incident);
}

Incident acknowledge(Incident incident, std::string by, std::string note, SystemTime now) {
  append(incident, {.at = now,
                    .kind = TimelineKind::acknowledged,
                    .text = note.empty() ? fmt::format("Acknowledged by {}.", by)
                                         : fmt::format("Acknowledged by {}: {}", by, note)});
  // The first to take it stays its owner; whoever comes later is in the timeline.
  if (!incident.acknowledged && !incident.closed) {
    incident.acknowledged = now;
    incident.acknowledged_by = std::move(by);
    incident.acknowledge_note = std::move(note);
  }
  return incident;
}

Incident add_note(Incident incident, std::string_view by, std::string_view text, SystemTime now) {
  append(incident,
         {.at = now, .kind = TimelineKind::note, .text = fmt::format("{}: {}", by, text)});
  return incident;
}

Incident close_removed(Incident incident, SystemTime now) {
  if (incident.closed) {
    return incident;
  }
  incident.closed = now;
  incident.close_reason = "removed";
  append(incident, {.at = now,
                    .kind = TimelineKind::removed,
                    .text = "The monitor was removed from the configuration."});
  return incident;
}

Incident add_timeline(Incident incident, TimelineEntry entry) {
  append(incident, std::move(entry));
  return incident;
}

Incident add_evidence(Incident incident, SystemTime at, std::string summary) {
  TimelineEntry entry{.at = at, .kind = TimelineKind::evidence, .text = std::move(summary)};
  std::vector<TimelineEntry>& timeline = incident.timeline;
  const auto place = std::ranges::upper_bound(timeline, at, {}, &TimelineEntry::at);
  // In a long one the middle may be a gap; the end is always right.
  if (timeline.size() < kTimelineHead) {
    timeline.insert(place, std::move(entry));
  } else {
    append(incident, std::move(entry));
  }
  return incident;
}

Incident note_change(Incident incident, const Monitor& before, const Monitor& after,
                     SystemTime now) {
  const std::string was = before.target.text(), is = after.target.text();
  append(incident, {.at = now,
                    .kind = TimelineKind::config_changed,
                    .text = was == is ? "The configuration of the monitor changed."
                                      : fmt::format("The target changed from {} to {}.", was, is)});
  return incident;
}

std::vector<TimelineEntry> timeline_with(const Incident& incident,
                                         std::span<const Delivery> deliveries) {
  std::vector<TimelineEntry> timeline = incident.timeline;
  for (const Delivery& delivery : deliveries) {
    const bool is_told = delivery.state == DeliveryState::delivered;
    // One that was suppressed has its entry from the event itself; one that waits has not ended.
    if (delivery.finished && (is_told || delivery.state == DeliveryState::dead)) {
      const auto place =
          std::ranges::upper_bound(timeline, *delivery.finished, {}, &TimelineEntry::at);
      timeline.insert(place, {.at = *delivery.finished,
                              .kind = TimelineKind::delivery,
                              .text = fmt::format("{} {} of {} (attempt {}: {})", delivery.channel,
                                                  is_told ? "was told" : "could not be told",
                                                  event_type_name(delivery.event.type),
                                                  delivery.attempts, delivery.last_result)});
    }
  }
  return timeline;
}

}  // namespace tocsin
