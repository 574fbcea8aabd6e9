// The query of GET monitors/{id}/results, and its page. Pure.
#pragma once

#include <expected>
#include <span>
#include <string>

#include "api/problem.h"
#include "store/store.h"

namespace tocsin {

// Without the monitor, which the path names. `limit` is the page's.
std::expected<ResultQuery, FieldProblem> read_result_query(const ApiRequest& request);
std::string result_page(std::span<const StoredResult> rows, size_t limit);

}  // namespace tocsin
