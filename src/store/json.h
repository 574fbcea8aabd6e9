// Values of the model as stored JSON and back. Enumerations stand by their wire names, times as
// whole microseconds with the unit in the key, bytes that are not UTF-8 as {"base64": ...}.
// docs/formats/store.md is the page about it.
//
// Reading: an unknown key is ignored (a newer step of the same schema may write it), a missing one
// leaves the default of the type, a value of the wrong type or an unknown name is `corrupt` and the
// message says which. What was read writes the same text again. No secret of a channel is
// written: its form is in channel_form.h.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/delivery.h"
#include "model/evidence.h"
#include "model/monitor.h"
#include "model/status.h"
#include "model/verdict.h"

namespace tocsin {

std::string to_json(const Monitor& monitor);
std::string to_json(const MonitorState& state);
std::string to_json(const Incident& incident);
std::string to_json(const AlertEvent& event);
std::string to_json(const Delivery& delivery);
std::string to_json(const Attempt& attempt);
std::string to_json(const Evidence& evidence);

Result<Monitor> monitor_from_json(std::string_view text);
Result<MonitorState> monitor_state_from_json(std::string_view text);
// The same, read in place; after an error the value is of no use.
Result<void> read_monitor(std::string_view text, Monitor& monitor);
Result<void> read_monitor_state(std::string_view text, MonitorState& state);

// Reads many states one after the other, as read_monitor_state does; quicker where they are alike.
class StateReader {
 public:
  StateReader();
  ~StateReader();
  // Into a state as its type makes it.
  Result<void> read(std::string_view text, MonitorState& state);

 private:
  struct Memory;
  std::unique_ptr<Memory> memory_;
};

Result<Incident> incident_from_json(std::string_view text);
Result<AlertEvent> alert_event_from_json(std::string_view text);
Result<Delivery> delivery_from_json(std::string_view text);
Result<Attempt> attempt_from_json(std::string_view text);
Result<Evidence> evidence_from_json(std::string_view text);
// Of the text of an attempt, where it stands under "evidence"; most have none.
Result<std::optional<Evidence>> evidence_of_details(std::string_view text);

}  // namespace tocsin
