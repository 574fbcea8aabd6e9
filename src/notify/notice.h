// NoticeFacts: everything a message may say about one event, frozen when the event is decided, so
// that a delivery repeated after days or a restart says the same. Channels turn it into their own
// payload (notify/<channel>/payload.h), purely.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/monitor.h"
#include "model/result.h"
#include "model/status.h"

namespace tocsin {

struct NoticeFacts {
  AlertEvent event;
  std::string monitor_id, monitor_name, target, project, runbook, description;
  std::vector<std::string> tags;
  std::string incident_url;
  std::string error_sentence;  // explain_error's, empty without error
  std::string evidence;        // what was found out about the failure; empty: nothing by then
  std::optional<Duration> response_time;
  Phases phases;
  std::optional<Duration> down_for;  // of a recovery
  std::string received_excerpt;      // escaped, at most 300 bytes
  bool store_volatile = false;       // the store could not keep this event
};

std::string to_json(const NoticeFacts& facts);
// Reads what to_json wrote; keys it does not know are passed over, so that an older Tocsin sends
// what a newer one stored. Anything that is not such a text is `corrupt`.
Result<NoticeFacts> notice_from_json(std::string_view json);

// One line: "DOWN: Redis sessions (127.0.0.1:6379): connection refused".
std::string notice_title(const NoticeFacts& facts);
// Several lines of plain text: what, why, since when, phase times, what to try, link.
std::string notice_text(const NoticeFacts& facts);

}  // namespace tocsin
