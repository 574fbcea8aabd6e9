// Results as a file: one row a line, newest first. Pure.
#pragma once

#include <span>
#include <string>

#include "api/accept.h"
#include "store/store.h"

namespace tocsin {

// What stands before the first row; empty for all but CSV.
std::string export_head(ListForm form);
// The rows; JSON objects are those of the list.
std::string export_rows(ListForm form, std::span<const StoredResult> rows);

}  // namespace tocsin
