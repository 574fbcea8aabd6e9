#include "data_directory.h"

#include <fmt/format.h>

#include <system_error>

namespace tocsin {

std::optional<std::string> mode_open_to_others(const std::filesystem::path& dir) {
  using std::filesystem::perms;
  std::error_code trouble;
  const perms mode = std::filesystem::status(dir, trouble).permissions();
  if (trouble || mode == perms::unknown ||
      (mode & (perms::group_write | perms::others_write)) == perms::none) {
    return std::nullopt;
  }
  return fmt::format("{:04o}", static_cast<unsigned>(mode & perms::mask));
}

}  // namespace tocsin
