// A pass of a monitor that is up, of which nothing is awaited and nothing open: nearly every
// result. combine, advance and decide would move three fields and find nothing to tell; here that
// is done without them.
#pragma once

#include "model/monitor.h"
#include "model/status.h"
#include "model/verdict.h"

namespace tocsin {

// True when combine, advance and decide together do no more of a final, passed `run` of `monitor`
// than pass_steadily().
bool is_steady(const Monitor& monitor, const MonitorState& state, const Run& run);
void pass_steadily(MonitorState& state, Run run);

}  // namespace tocsin
