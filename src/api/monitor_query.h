// The query of GET monitors as a filter, and its page. Pure.
#pragma once

#include <expected>
#include <span>
#include <string>

#include "api/problem.h"
#include "engine/views.h"

namespace tocsin {

// `limit` of the filter is the page's; ask for rows_to_ask(limit) of them.
std::expected<MonitorFilter, FieldProblem> read_monitor_filter(const ApiRequest& request);
// {"data": [...], "next_cursor": ...} of the first `limit` views.
std::string monitor_page(std::span<const MonitorView> views, size_t limit);

}  // namespace tocsin
