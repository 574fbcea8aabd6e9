// The parts of a monitor that a change over the API is about: its configuration as written, who
// owns it, and the revision that tells one state of it from the next. Pure.
#pragma once

#include <string>

#include "api/json_writer.h"
#include "config/monitor_writer.h"
#include "engine/views.h"

namespace tocsin {

// 16 hex digits of the definition, paused and muted: what one person can change under another. What
// the checks find does not count, or every look would be out of date at once.
std::string monitor_revision(const MonitorView& view);

// "config": what the body of a PUT would be. Sent bytes of a project's monitor are hidden: they may
// come from a secret of its files. `own`: whether those of one made over the API are shown.
void write_config(JsonWriter& json, const Monitor& monitor, SentBytes own);
// "owner": {"kind": "ui" | "project", "project", "file", "line"}
void write_owner(JsonWriter& json, const Monitor& monitor);

}  // namespace tocsin
