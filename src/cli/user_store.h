// Makes a user, or sets a password, for a server that is not running.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"

namespace tocsin::cli {

// Both: busy when somebody holds the lock of `data`.
// conflict: there is a user of this name.
Result<void> create_user_in_store(const std::filesystem::path& data, const std::string& name,
                                  const std::string& password);
// Ends all sessions of the user. not_found: there is no such user.
Result<void> set_password_in_store(const std::filesystem::path& data, const std::string& name,
                                   const std::string& password);

}  // namespace tocsin::cli
