// Asks memory for what a check looks at, ahead of its turn: a monitor's cache lines were not
// touched since its last check.
#pragma once

#include <cstddef>
#include <cstdint>

#include "model/monitor.h"

namespace tocsin {

// In place: a call that only fetches is one without effect to the compiler (g++ 12 drops it).
[[gnu::always_inline]] inline void fetch(const void* object, size_t bytes) {
  constexpr size_t kCacheLine = 64;
  const auto* const begin = static_cast<const char*>(object);
  const char* line = begin - reinterpret_cast<uintptr_t>(object) % kCacheLine;
  for (; line < begin + bytes; line += kCacheLine) {
    __builtin_prefetch(line);
  }
}

// Of one object, from the first to before the last.
template <class First, class Last>
[[gnu::always_inline]] inline void fetch_members(const First& first, const Last& last) {
  const auto* const begin = reinterpret_cast<const char*>(&first);
  fetch(begin, static_cast<size_t>(reinterpret_cast<const char*>(&last) - begin));
}

// What a check looks at, in the order of model/monitor.h, and the count of owners, which
// std::make_shared puts before it.
[[gnu::always_inline]] inline void fetch_for_check(const Monitor& monitor) {
  constexpr size_t kOwners = 16;
  fetch(reinterpret_cast<const char*>(&monitor) - kOwners, kOwners);
  fetch_members(monitor.target, monitor.preset);
  fetch_members(monitor.ip_family, monitor.proxy);
  fetch_members(monitor.request, monitor.tls.protocol);
  fetch_members(monitor.assertions, monitor.locations);
  fetch_members(monitor.close, monitor.secrets);
  fetch(&monitor.origin.author, sizeof(ReachRole));
}

}  // namespace tocsin
