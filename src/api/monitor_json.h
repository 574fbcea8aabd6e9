// Monitors as the API shows them. Pure. Bytes a monitor sends are told by their number only: they
// may hold a password (${env:...} is resolved by then), and secrets are write-only in every
// interface.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/json_writer.h"
#include "config/monitor_writer.h"
#include "engine/views.h"

namespace tocsin {

// The top-level names of a row of the list, in order.
std::vector<std::string_view> monitor_row_names();

// `with_definition`: the definition too, every field under "definition" and as written under
// "config". `wanted`: these names of the row, beside id and uid; empty: all. `own`: whether the
// config shows what a monitor made over the API sends.
void write_monitor(JsonWriter& json, const MonitorView& view, bool with_definition,
                   std::span<const std::string> wanted = {}, SentBytes own = SentBytes::show);

}  // namespace tocsin
