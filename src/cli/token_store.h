// Makes a token for a server that is not running: takes its lock, opens the store and writes the
// row.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"

namespace tocsin::cli {

// The token's text. busy when somebody holds the lock.
Result<std::string> create_token_in_store(const std::filesystem::path& data,
                                          const std::string& scope, const std::string& name);

}  // namespace tocsin::cli
