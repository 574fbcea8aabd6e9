#include "store/reserve.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <system_error>

#include "base/unique_fd.h"
#include "store/directory.h"

namespace tocsin {
namespace {

constexpr mode_t kReserveMode = 0600;

}  // namespace

ReserveFile::ReserveFile(const std::filesystem::path& dir, size_t bytes)
    : file_(dir / "reserve"), bytes_(bytes) {}

bool ReserveFile::exists() const {
  std::error_code error;
  const auto size = std::filesystem::file_size(file_, error);
  return bytes_ > 0 && !error && size >= bytes_;
}

Result<void> ReserveFile::make() {
  if (exists() || bytes_ == 0) {
    return {};
  }
  std::error_code error;
  const std::filesystem::space_info space = std::filesystem::space(file_.parent_path(), error);
  // Without the margin a disk that stays just full would see the reserve come and go.
  if (!error && space.available < 2 * bytes_) {
    return fail(ErrorKind::disk_full,
                fmt::format("{}: only {} bytes are free", file_.string(), space.available));
  }
  const UniqueFd fd(::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kReserveMode));
  if (!fd.valid()) {
    return std::unexpected(system_error_about(file_.string(), errno));
  }
  if (const int code = ::posix_fallocate(fd.get(), 0, static_cast<off_t>(bytes_)); code != 0) {
    free();
    return std::unexpected(system_error_about(file_.string(), code));
  }
  return {};
}

void ReserveFile::free() {
  std::error_code ignored;
  std::filesystem::remove(file_, ignored);
}

}  // namespace tocsin
