// One attempt as a row of numbers (table results) and, where kept, in full (table failures).
#pragma once

#include "base/result.h"
#include "store/sqlite.h"
#include "store/store.h"

namespace tocsin {

// Inserts it; false when a result of this id is there already (a repeated one changes nothing).
Result<bool> insert_result(sqlite::Database& database, const StoredAttempt& attempt);

// Beside the details of its attempt; nothing when there are none.
Result<void> write_evidence(sqlite::Database& database, const StoredEvidence& row);

// From the present row of a `SELECT * FROM results`; `corrupt` when a number is none that
// we write.
Result<StoredResult> read_result_row(const sqlite::Rows& rows);

// Of the columns `verdict`, `error` and `probe_error`; nothing when it is none that we write.
std::optional<Verdict> verdict_of_column(int64_t number);
std::optional<ProbeError> error_of_column(int64_t number);

// True when the attempt is to be stored in full.
bool keeps_details(const StoredAttempt& attempt);

}  // namespace tocsin
