// Monitors as the API shows them. Pure. Bytes a monitor sends are told by their number only: they
// may hold a password (${env:...} is resolved by then), and secrets are write-only in every
// interface.
#pragma once

#include "api/json_writer.h"
#include "engine/views.h"

namespace tocsin {

// `with_definition`: every field of the definition too, under "definition".
void write_monitor(JsonWriter& json, const MonitorView& view, bool with_definition);

}  // namespace tocsin
