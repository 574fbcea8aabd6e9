// The tables, as the steps that lead to them from an empty file. A step that was released is never
// edited: a change is a new step at the end. docs/formats/store.md explains every table and column.
#pragma once

#include <cstdint>
#include <span>

namespace tocsin {

// In the header of the file (PRAGMA application_id), so that `file` and we know whose it is:
// "TOCS".
inline constexpr int64_t kApplicationId = 0x544F4353;

// Step n (from 1) leads from version n - 1 to n; the version of a file is PRAGMA user_version.
std::span<const char* const> schema_steps();
int64_t schema_version();

// The tables that a start rests on; they are checked page by page when the file is opened.
std::span<const char* const> tables_of_decisions();

}  // namespace tocsin
