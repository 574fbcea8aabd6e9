// Asks the kernel to run this thread soon after something happens for it.
#pragma once

#include <string>

namespace tocsin {

// For the thread of the loop. Timers wake it exactly, not up to 50 us later (prctl(2),
// PR_SET_TIMERSLACK), and it asks for short turns of a processor, which come sooner when others
// want it too (sched_setattr(2), sched_runtime; Linux 6.12, without effect before). No privilege is
// needed; where it is refused all runs as it would without.
void prefer_promptness();

// For the same thread, in its place: it runs before all that has no real-time priority
// (SCHED_FIFO), and what it starts afterwards does not inherit that. Empty: done; else why it is
// not permitted (CAP_SYS_NICE or LimitRTPRIO= is needed).
std::string prefer_realtime();

}  // namespace tocsin
