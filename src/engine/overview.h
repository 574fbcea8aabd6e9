// Counts over all live monitors, for the first look: in all, by tag, by group. Copies, made on the
// loop.
#pragma once

#include <array>
#include <map>
#include <string>

#include "model/status.h"

namespace tocsin {

class MonitorTable;

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
};

Overview overview_of(const MonitorTable& table);
std::map<std::string, StatusCounts> counts_by_tag(const MonitorTable& table);
// Monitors without a group are in none.
std::map<std::string, StatusCounts> counts_by_group(const MonitorTable& table);

}  // namespace tocsin
