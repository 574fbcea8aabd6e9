// Status of a monitor, the alert state beside it, and the incident that joins them. A change is
// stored in one transaction with the result that made it, so a restart goes on exactly where it
// stopped (docs/adr/0004-store-one-writer.md).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "base/error_code.h"
#include "base/ids.h"
#include "base/time.h"
#include "model/verdict.h"

namespace tocsin {

// Do not change the values: they are on disk.
enum class StatusKind : uint8_t {
  pending = 1,
  up = 2,
  degraded = 3,
  down = 4,
  unknown = 5,
  paused = 6
};
std::string_view status_name(StatusKind kind);
std::optional<StatusKind> status_from_name(std::string_view name);

// State of the confirmation machine (core/advance.h).
struct Status {
  StatusKind kind = StatusKind::pending;
  // The last kind that was not unknown or paused; what a streak is measured against.
  StatusKind known = StatusKind::pending;
  SystemTime since{};  // when `kind` last changed
  // Consecutive failed outcomes (with `strict`: failed or degraded).
  uint32_t bad_streak = 0;
  // Consecutive degraded or failed outcomes (with `strict`: degraded ones alone).
  uint32_t degraded_streak = 0;
  uint32_t good_streak = 0;  // consecutive passed outcomes while down or degraded
  // First of the failed outcomes: the time-based clock; kept until down ends.
  std::optional<SystemTime> first_bad_slot;
  // First of the outcomes that were not passed; kept until recovery.
  std::optional<SystemTime> first_degraded_slot;
  // The time-based clock ended and one extra run was asked for.
  bool run_asked = false;
  std::optional<SystemTime> last_known;  // newest outcome that was not unknown
  uint32_t clock_epoch = 0;              // of the newest outcome
  // Of the newest outcome; a restart never runs it again.
  SystemTime slot{};
  std::optional<ProbeError> error;  // of the newest bad outcome
  bool confirming = false;          // bad outcomes seen, not yet enough
  bool recovering = false;          // good outcomes seen, not yet enough
  bool operator==(const Status&) const = default;
};

// What has been said about the open incident, and what is due.
struct AlertState {
  IncidentId incident;  // empty: none open
  // Failed or degraded while open; passed when flapping holds it open.
  Verdict severity = Verdict::passed;
  std::optional<SystemTime> opened;
  std::optional<SystemTime> began;  // first bad outcome of the open incident
  std::optional<SystemTime> acknowledged;
  uint32_t reminders_sent = 0;
  uint32_t escalations_done = 0;  // steps already told or skipped
  // Events of this incident so far; the next one has this number + 1.
  uint32_t events = 0;
  // A notice of this incident was decided (recovery needs one).
  bool told_down = false;
  // Why the opening notice was not sent; empty once this incident was told.
  std::string held;
  std::vector<SystemTime> changes;  // newest changes of status, for flapping; at most 16
  std::optional<SystemTime> flapping_since;
  std::optional<SystemTime> flapping_told;  // when the last flapping message went out
  bool operator==(const AlertState&) const = default;
};

enum class EventType : uint8_t {
  down = 1,
  degraded = 2,
  recovered = 3,
  reminder = 4,
  escalated = 5,
  flapping = 6,
  group = 7,
  location_unknown = 8,
  self = 9,
  test = 10,
};
// "monitor.down", ".degraded", ".recovered", ".reminder", ".escalated", ".flapping", ".group",
// "location.unknown", "self", "test"
std::string_view event_type_name(EventType type);
std::optional<EventType> event_type_from_name(std::string_view name);

// One thing worth telling, decided by core/alert.h. Suppressed events are kept too, with the
// reason: "why was I not alerted?".
struct AlertEvent {
  EventType type = EventType::down;
  MonitorUid monitor;
  IncidentId incident;
  uint32_t number = 0;  // 1, 2, ... within the incident
  SystemTime at{};
  StatusKind status = StatusKind::down;
  Verdict severity = Verdict::failed;
  std::optional<ProbeError> error;
  std::string reason;               // a plain sentence
  std::optional<SystemTime> began;  // first failed outcome of the incident
  // For an escalation step: its own; empty: the monitor's.
  std::vector<std::string> channels;
  std::string suppressed;  // not empty: not to be sent, and why ("muted", "maintenance",
                           // "acknowledged", ...)
  bool operator==(const AlertEvent&) const = default;
};

// Do not change the values: they are on disk.
enum class TimelineKind : uint8_t {
  first_failure = 1,
  confirmed = 2,
  delivery = 3,
  acknowledged = 4,
  note = 5,
  config_changed = 6,
  recovered = 7,
  reminder = 8,
  escalated = 9,
  suppressed = 10,
  removed = 11,
  severity_changed = 12,
  flapping = 13,
  evidence = 14,  // what was found out about the failure
};
std::string_view timeline_kind_name(TimelineKind kind);
struct TimelineEntry {
  SystemTime at{};
  TimelineKind kind = TimelineKind::note;
  std::string text;
  bool operator==(const TimelineEntry&) const = default;
};

struct Incident {
  IncidentId id;
  MonitorUid monitor;
  std::string project, monitor_id, monitor_name, target;  // as they were when it opened
  Verdict severity = Verdict::failed;
  std::optional<ProbeError> error;
  std::string reason;
  SystemTime began{};   // slot of the first failed outcome
  SystemTime opened{};  // confirmation
  std::optional<SystemTime> acknowledged;
  std::string acknowledged_by, acknowledge_note;
  std::optional<SystemTime> closed;
  std::string close_reason;  // "recovered", "removed"
  // At most 500: the first 50 and the newest, with a count of those between.
  std::vector<TimelineEntry> timeline;
  bool operator==(const Incident&) const = default;
};

// What is remembered of the addresses of a name (core/address_watch.h).
struct AddressMemory {
  std::vector<IpAddress> told;  // the set that counts
  SystemTime since{};           // since when it does
  std::vector<IpAddress> seen;  // another set that might take its place
  SystemTime seen_since{};
  std::vector<SystemTime> moves;        // newest last; at most kMovesRemembered
  std::optional<AddressMove> newest{};  // the last that was told
  bool operator==(const AddressMemory&) const = default;
};

// Few monitors have one, so that those without pay for a pointer. Never changed once it is made:
// the table and a row on its way to the disk share it.
struct KeptAddresses {
  std::shared_ptr<const AddressMemory> memory;
  bool operator==(const KeptAddresses& other) const {
    return memory == other.memory || (memory && other.memory && *memory == *other.memory);
  }
};

// Everything remembered about one monitor between two ticks; one row of the store.
struct MonitorState {
  Status status;
  AlertState alert;
  std::map<uint16_t, Run> newest;  // newest final Run per location, for combine
  KeptAddresses addresses;
  uint64_t skipped_in_progress = 0;  // skips since the monitor exists
  uint64_t skipped_missed = 0;
  uint64_t skipped_overload = 0;
  bool paused = false;  // state set by people, kept over reloads
  bool muted = false;
  bool operator==(const MonitorState&) const = default;
};

}  // namespace tocsin
