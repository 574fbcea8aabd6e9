// The results around one result.
#pragma once

#include "store/sqlite.h"
#include "store/store.h"

namespace tocsin {

Result<Neighbours> find_neighbours(sqlite::Database& database, const ResultId& id);

}  // namespace tocsin
