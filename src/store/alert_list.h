// Deliveries of all incidents in one list, newest first.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/sqlite.h"
#include "store/store.h"

namespace tocsin {

Result<std::vector<Delivery>> list_alerts(sqlite::Database& database, const AlertQuery& query);
Result<std::optional<Delivery>> find_alert(sqlite::Database& database, const std::string& key);

}  // namespace tocsin
