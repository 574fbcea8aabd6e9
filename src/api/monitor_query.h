// The query of GET monitors as a filter, and its page. Pure.
#pragma once

#include <expected>
#include <span>
#include <string>
#include <vector>

#include "api/problem.h"
#include "engine/views.h"

namespace tocsin {

struct MonitorQuery {
  MonitorFilter filter;             // `limit` is the page's; ask for rows_to_ask(limit) of them
  std::vector<std::string> fields;  // names of the row to tell; empty: all
};
std::expected<MonitorQuery, FieldProblem> read_monitor_query(const ApiRequest& request);
// {"data": [...], "next_cursor": ...} of the first `limit` views.
std::string monitor_page(std::span<const MonitorView> views, size_t limit,
                         std::span<const std::string> fields);

}  // namespace tocsin
