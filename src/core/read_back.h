// read_back: a stored result moves the state that was stored before it. A result that changes
// nothing asks for no commit of the state, so after a restart the newest one is ahead of it.
#pragma once

#include "model/status.h"
#include "model/verdict.h"

namespace tocsin {

// Moves the slot and the newest run of `state` to `final_attempt`, which is of its monitor and
// newer than what the state has seen. What the outcome made of the status is not decided again:
// that was stored when it changed anything.
void read_back(const Attempt& final_attempt, MonitorState& state);

}  // namespace tocsin
