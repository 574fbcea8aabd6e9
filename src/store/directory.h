// The data directory: made for us alone, and what a failing system call about it says to an
// operator.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.h"

namespace tocsin {

// Makes `dir` (0700) and its parents when missing; a directory that exists is left as it is.
Result<void> make_data_directory(const std::filesystem::path& dir);

// A power cut must not take a new name away with what was made durable under it. SQLite does the
// same for its own files.
void sync_directory(const std::filesystem::path& dir);

// "WHAT: REASON" with the kind that `system_error` (an errno) stands for: disk_full or io.
Error system_error_about(std::string_view what, int system_error);

}  // namespace tocsin
