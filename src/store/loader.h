// What a start needs of the store: every monitor with its state, open incidents, waiting
// deliveries, channels, the clock.
#pragma once

#include "base/result.h"
#include "store/secret_box.h"
#include "store/sqlite.h"
#include "store/store.h"

namespace tocsin {

// corrupt: a row that cannot be read; the message names it.
Result<LoadedStore> load_store(sqlite::Database& database, const SecretBox& box);

}  // namespace tocsin
