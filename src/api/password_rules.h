// What a user name and a password may be. Length is what makes a password strong; rules about
// kinds of characters make people write bad ones, so there are none (NIST SP 800-63B 5.1.1). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tocsin {

inline constexpr size_t kPasswordBytesMin = 10;
inline constexpr size_t kPasswordBytesMax = 1024;  // a passphrase; bounds what is hashed
inline constexpr size_t kUserNameBytesMax = 100;

// What is wrong, as a sentence; nothing: it is fit.
std::optional<std::string> password_problem(std::string_view password);
std::optional<std::string> user_name_problem(std::string_view name);

}  // namespace tocsin
