// A WriteBatch as rows, within the caller's transaction.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "store/pass_log.h"
#include "store/rollup.h"
#include "store/secret_box.h"
#include "store/sqlite.h"
#include "store/store.h"

namespace tocsin {

// Where results go besides their rows.
struct ResultSinks {
  Rollup& rollup;   // counts the rows that were new
  PassLog& passes;  // takes the plain passes
};

// Writes everything in `batch`, secrets sealed by `box`. The number of new attempts.
Result<uint64_t> write_rows(sqlite::Database& database, const WriteBatch& batch,
                            const ResultSinks& sinks, SecretBox& box);

}  // namespace tocsin
