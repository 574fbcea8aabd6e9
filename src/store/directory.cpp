#include "store/directory.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "base/unique_fd.h"

namespace tocsin {
namespace {

constexpr mode_t kDirectoryMode = 0700;

}  // namespace

void sync_directory(const std::filesystem::path& dir) {
  const UniqueFd fd(::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.valid()) {
    // Some file systems cannot do it for a directory, and a store there is better than none.
    static_cast<void>(::fsync(fd.get()));
  }
}

Error system_error_about(std::string_view what, int system_error) {
  const bool is_full = system_error == ENOSPC || system_error == EDQUOT || system_error == EFBIG;
  return Error{is_full ? ErrorKind::disk_full : ErrorKind::io,
               fmt::format("{}: {}", what, std::strerror(system_error))};
}

Result<void> make_data_directory(const std::filesystem::path& dir) {
  std::error_code error;
  if (std::filesystem::is_directory(dir, error)) {
    return {};
  }
  const std::filesystem::path absolute = std::filesystem::absolute(dir, error);
  if (absolute.has_parent_path()) {
    std::filesystem::create_directories(absolute.parent_path(), error);
  }
  const bool made = !error && ::mkdir(absolute.c_str(), kDirectoryMode) == 0;
  if (made) {
    sync_directory(absolute.parent_path());
  }
  if (made || (!error && errno == EEXIST)) {
    if (std::filesystem::is_directory(absolute, error)) {
      return {};
    }
    return fail(ErrorKind::io,
                fmt::format("the data directory {} is not a directory", dir.string()));
  }
  Error cause =
      system_error_about(fmt::format("the data directory {} cannot be made", dir.string()),
                         error ? error.value() : errno);
  cause.message +=
      "; make it yourself and give it to the user that runs Tocsin, or choose another one";
  return std::unexpected(std::move(cause));
}

}  // namespace tocsin
