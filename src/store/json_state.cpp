// The stored forms of what is remembered about a monitor and of what was told: state, incident,
// event, delivery.
#include <memory>
#include <utility>

#include "store/json.h"
#include "store/json_archive.h"
#include "store/json_numbers.h"
#include "store/json_shared.h"

namespace tocsin::stored {

template <class Archive, Is<Status> V>
void describe(Archive& archive, V& status) {
  archive.field("kind", status.kind);
  archive.field("known", status.known);
  archive.sparse("since_us", status.since);
  archive.sparse("bad_streak", status.bad_streak);
  archive.sparse("degraded_streak", status.degraded_streak);
  archive.sparse("good_streak", status.good_streak);
  archive.field("first_bad_slot_us", status.first_bad_slot);
  archive.field("first_degraded_slot_us", status.first_degraded_slot);
  archive.sparse("run_asked", status.run_asked);
  archive.field("last_known_us", status.last_known);
  archive.sparse("clock_epoch", status.clock_epoch);
  archive.sparse("slot_us", status.slot);
  archive.field("error", status.error);
  archive.sparse("confirming", status.confirming);
  archive.sparse("recovering", status.recovering);
}

template <class Archive, Is<AlertState> V>
void describe(Archive& archive, V& alert) {
  archive.sparse("incident", alert.incident.value);
  archive.field("severity", alert.severity);
  archive.field("opened_us", alert.opened);
  archive.field("began_us", alert.began);
  archive.field("acknowledged_us", alert.acknowledged);
  archive.sparse("reminders_sent", alert.reminders_sent);
  archive.sparse("escalations_done", alert.escalations_done);
  archive.sparse("events", alert.events);
  archive.sparse("told_down", alert.told_down);
  archive.sparse("held", alert.held);
  archive.sparse("changes_us", alert.changes);
  archive.field("flapping_since_us", alert.flapping_since);
  archive.field("flapping_told_us", alert.flapping_told);
}

template <class Archive, Is<AddressMemory> V>
void describe(Archive& archive, V& memory) {
  archive.sparse("told", memory.told);
  archive.sparse("since_us", memory.since);
  archive.sparse("seen", memory.seen);
  archive.sparse("seen_since_us", memory.seen_since);
  archive.sparse("moves_us", memory.moves);
  archive.field("newest", memory.newest);
}

template <class Archive, Is<MonitorState> V>
void describe(Archive& archive, V& state) {
  archive.field("status", state.status);
  archive.field("alert", state.alert);
  archive.sparse("newest", state.newest);
  if constexpr (Archive::kReads) {
    AddressMemory memory;
    archive.sparse("addresses", memory);
    if (!(memory == AddressMemory{})) {
      state.addresses.memory = std::make_shared<const AddressMemory>(std::move(memory));
    }
  } else if (state.addresses.memory) {
    archive.field("addresses", *state.addresses.memory);
  }
  archive.sparse("skipped_in_progress", state.skipped_in_progress);
  archive.sparse("skipped_missed", state.skipped_missed);
  archive.sparse("skipped_overload", state.skipped_overload);
  archive.sparse("paused", state.paused);
  archive.sparse("muted", state.muted);
}

template <class Archive, Is<TimelineEntry> V>
void describe(Archive& archive, V& entry) {
  archive.field("at_us", entry.at);
  archive.field("kind", entry.kind);
  archive.sparse("text", entry.text);
}

template <class Archive, Is<Incident> V>
void describe(Archive& archive, V& incident) {
  archive.field("id", incident.id.value);
  archive.field("monitor", incident.monitor.value);
  archive.sparse("project", incident.project);
  archive.sparse("monitor_id", incident.monitor_id);
  archive.sparse("monitor_name", incident.monitor_name);
  archive.sparse("target", incident.target);
  archive.field("severity", incident.severity);
  archive.field("error", incident.error);
  archive.sparse("reason", incident.reason);
  archive.field("began_us", incident.began);
  archive.field("opened_us", incident.opened);
  archive.field("acknowledged_us", incident.acknowledged);
  archive.sparse("acknowledged_by", incident.acknowledged_by);
  archive.sparse("acknowledge_note", incident.acknowledge_note);
  archive.field("closed_us", incident.closed);
  archive.sparse("close_reason", incident.close_reason);
  archive.sparse("timeline", incident.timeline);
}

template <class Archive, Is<AlertEvent> V>
void describe(Archive& archive, V& event) {
  archive.field("type", event.type);
  archive.field("monitor", event.monitor.value);
  archive.sparse("incident", event.incident.value);
  archive.field("number", event.number);
  archive.field("at_us", event.at);
  archive.field("status", event.status);
  archive.field("severity", event.severity);
  archive.field("error", event.error);
  archive.sparse("reason", event.reason);
  archive.field("began_us", event.began);
  archive.sparse("channels", event.channels);
  archive.sparse("suppressed", event.suppressed);
}

template <class Archive, Is<Delivery> V>
void describe(Archive& archive, V& delivery) {
  archive.field("key", delivery.key);
  archive.sparse("incident_key", delivery.incident_key);
  archive.field("channel", delivery.channel);
  archive.field("event", delivery.event);
  archive.sparse("payload", delivery.payload);
  archive.field("state", delivery.state);
  archive.sparse("attempts", delivery.attempts);
  archive.field("created_us", delivery.created);
  archive.sparse("next_attempt_us", delivery.next_attempt);
  archive.field("finished_us", delivery.finished);
  archive.sparse("last_result", delivery.last_result);
}

}  // namespace tocsin::stored

namespace tocsin {

std::string to_json(const MonitorState& state) { return stored::write_json(state); }
std::string to_json(const Incident& incident) { return stored::write_json(incident); }
std::string to_json(const AlertEvent& event) { return stored::write_json(event); }
std::string to_json(const Delivery& delivery) { return stored::write_json(delivery); }

Result<MonitorState> monitor_state_from_json(std::string_view text) {
  return stored::read_json<MonitorState>(text, "monitor state");
}
Result<void> read_monitor_state(std::string_view text, MonitorState& state) {
  return stored::read_json(text, "monitor state", state);
}

struct StateReader::Memory {
  std::optional<stored::NumberCuts> cuts;
  MonitorState state;
  std::vector<int64_t> numbers;
  size_t misses = 0;  // in a row
};

StateReader::StateReader() : memory_(std::make_unique<Memory>()) {}
StateReader::~StateReader() = default;

Result<void> StateReader::read(std::string_view text, MonitorState& state) {
  Memory& last = *memory_;
  if (last.cuts && last.cuts->read(text, last.numbers)) {
    last.misses = 0;
    state = last.state;
    stored::NumberArchive archive(last.numbers);
    describe(archive, state);
    if (archive.is_whole()) {
      return {};
    }
    state = MonitorState();
  }
  if (Result<void> read = read_monitor_state(text, state); !read) {
    return read;
  }
  // One that is unlike its neighbours is not worth remembering; nor is one that holds what is
  // shared, or is not as it would be written today.
  if (++last.misses > 1 && !state.addresses.memory && !text.contains('\\') &&
      to_json(state) == text) {
    last.cuts = stored::NumberCuts(std::string(text));
    last.state = state;
  }
  return {};
}

Result<Incident> incident_from_json(std::string_view text) {
  return stored::read_json<Incident>(text, "incident");
}
Result<AlertEvent> alert_event_from_json(std::string_view text) {
  return stored::read_json<AlertEvent>(text, "event");
}
Result<Delivery> delivery_from_json(std::string_view text) {
  return stored::read_json<Delivery>(text, "delivery");
}

}  // namespace tocsin
