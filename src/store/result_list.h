// Lists of results: numbers and details of one monitor, newest first.
#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "store/sqlite.h"
#include "store/store.h"

namespace tocsin {

Result<std::vector<StoredResult>> list_results(sqlite::Database& database,
                                               const ResultQuery& query);
Result<std::optional<StoredResult>> find_result(sqlite::Database& database, const ResultId& id);

}  // namespace tocsin
