#include "promptness.h"

#include <linux/sched/types.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

namespace tocsin {
namespace {

// The shortest that the kernel takes.
constexpr uint64_t kTurnNs = 100'000;

}  // namespace

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
