// A WriteBatch as rows, within the caller's transaction.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "store/rollup.h"
#include "store/secret_box.h"
#include "store/sqlite.h"
#include "store/store.h"

namespace tocsin {

// Writes everything in `batch`; the attempts that were new are counted in `rollup` too, secrets are
// sealed by `box`. The number of new attempts.
Result<uint64_t> write_rows(sqlite::Database& database, const WriteBatch& batch, Rollup& rollup,
                            SecretBox& box);

}  // namespace tocsin
