// Counts over all live monitors, for the first look: in all, by tag, by group. Read on the loop, a
// piece at a time (Engine::read_on).
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "model/status.h"

namespace tocsin {

struct MonitorEntry;

// How many monitors have each status.
struct StatusCounts {
  size_t monitors = 0;
  std::array<size_t, 6> by_status{};

  void add(StatusKind kind);
  [[nodiscard]] size_t of(StatusKind kind) const;
};

struct Overview {
  StatusCounts all;
  size_t muted = 0, open_incidents = 0;
  size_t place = 0;  // where the next piece begins
};

enum class NameKind : uint8_t { tag, group };

struct NameCounts {
  NameKind of = NameKind::tag;
  std::map<std::string, StatusCounts> counts = {};
  size_t place = 0;  // where the next piece begins
};

void count(Overview& overview, const MonitorEntry& entry);
// A monitor without a group is in none.
void count(NameCounts& names, const MonitorEntry& entry);

}  // namespace tocsin
