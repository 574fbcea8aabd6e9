// The list of monitors as a table for people. Pure: the API's JSON in, lines out.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "cli/style.h"

namespace tocsin::cli {

struct MonitorTableRow {
  std::string status, id, target, reason;
  std::optional<Duration> response_time;
  std::optional<SystemTime> since;
};

struct MonitorPage {
  std::vector<MonitorTableRow> rows;
  std::string next_cursor;        // empty: the last page
  std::vector<std::string> json;  // each monitor as it came, compact
};

// One page of GET /api/v1/monitors; unavailable when it is not what that answers.
Result<MonitorPage> read_monitor_page(std::string_view body);

// The table, or the sentence that says there is none and what to do.
std::string monitor_table(const std::vector<MonitorTableRow>& rows, bool filtered, SystemTime now,
                          const Style& style);

}  // namespace tocsin::cli
