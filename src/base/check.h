// CHECK(condition, why): ends the process when an invariant of ours is broken; stays on in release.
// A supervisor restarts us and the store recovers. Never for anything that comes from the network,
// the disk or a user: that is an Error.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace tocsin::detail {
[[noreturn]] inline void check_failed(const char* file, int line, const char* condition,
                                      const char* why) {
  std::fprintf(stderr, "%s:%d: broken invariant: %s (%s)\n", file, line, why, condition);
  std::abort();
}
}  // namespace tocsin::detail

#define CHECK(condition, why)                                              \
  do {                                                                     \
    if (!(condition)) {                                                    \
      ::tocsin::detail::check_failed(__FILE__, __LINE__, #condition, why); \
    }                                                                      \
  } while (false)
