#include "api/password_rules.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/bytes.h"

namespace tocsin {

std::optional<std::string> password_problem(std::string_view password) {
  if (password.size() < kPasswordBytesMin || password.size() > kPasswordBytesMax) {
    return fmt::format("A password has {} to {} bytes; this one has {}.", kPasswordBytesMin,
                       kPasswordBytesMax, password.size());
  }
  return std::nullopt;
}

// Names stand in logs, in the timeline of incidents and in addresses of the API, where "." and ".."
// mean something else.
std::optional<std::string> user_name_problem(std::string_view name) {
  const bool is_control = std::ranges::any_of(name, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
  const bool is_dots = name.find_first_not_of('.') == std::string_view::npos;  // or empty
  if (is_dots || is_control || name.size() > kUserNameBytesMax || name.front() == ' ' ||
      name.back() == ' ' || !is_valid_utf8(name)) {
    return fmt::format(
        "A user name is one line of 1 to {} bytes without spaces at its ends, like \"ann\".",
        kUserNameBytesMax);
  }
  return std::nullopt;
}

}  // namespace tocsin
