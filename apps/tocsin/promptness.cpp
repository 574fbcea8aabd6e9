#include "promptness.h"

#include <linux/sched/types.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>

namespace tocsin {
namespace {

// The shortest that the kernel takes.
constexpr uint64_t kTurnNs = 100'000;

// The lowest but a few: watchdogs and the kernel's own threads of the kind stand above.
constexpr uint32_t kRealtimePriority = 10;
constexpr uint32_t kFifo = 1;         // SCHED_FIFO
constexpr uint64_t kResetOnFork = 1;  // SCHED_FLAG_RESET_ON_FORK

}  // namespace

std::string prefer_realtime() {
  sched_attr attributes{};
  attributes.size = sizeof attributes;
  attributes.sched_policy = kFifo;
  attributes.sched_flags = kResetOnFork;
  attributes.sched_priority = kRealtimePriority;
  return ::syscall(SYS_sched_setattr, 0, &attributes, 0U) == 0 ? "" : std::strerror(errno);
}

void prefer_promptness() {
  static_cast<void>(::prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL));
  sched_attr attributes{};
  attributes.size = sizeof attributes;
  attributes.sched_policy = 0;  // SCHED_OTHER, as every thread
  attributes.sched_nice = ::getpriority(PRIO_PROCESS, 0);
  attributes.sched_runtime = kTurnNs;
  static_cast<void>(::syscall(SYS_sched_setattr, 0, &attributes, 0U));
}

}  // namespace tocsin
