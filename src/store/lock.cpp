// The lock is the kernel's (flock), so it cannot be left behind by a crash; the process id in the
// file is for the message only.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <string_view>

#include "base/unique_fd.h"
#include "store/directory.h"
#include "store/sqlite_store.h"

namespace tocsin {
namespace {

constexpr mode_t kLockMode = 0600;

class FileLock final : public StoreLock {
 public:
  explicit FileLock(UniqueFd fd) : fd_(std::move(fd)) {}

 private:
  UniqueFd fd_;  // closing it lets go of the lock; the file stays, because removing it would race
                 // with the next owner
};

// " (process 1234)", or nothing when the file does not say: its owner may just be writing it.
std::string owner_of(int fd) {
  std::array<char, 20> text{};
  const ssize_t size = ::pread(fd, text.data(), text.size(), 0);
  std::string_view digits(text.data(), size > 0 ? static_cast<size_t>(size) : 0);
  digits = digits.substr(0, digits.find('\n'));
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos) {
    return {};
  }
  return fmt::format(" (process {})", digits);
}

// A full disk must not keep us from starting, so a failure to write is none.
void write_owner(int fd) {
  const std::string text = fmt::format("{}\n", ::getpid());
  if (::ftruncate(fd, 0) == 0) {
    static_cast<void>(::pwrite(fd, text.data(), text.size(), 0) == 0);
  }
}

}  // namespace

Result<std::unique_ptr<StoreLock>> StoreLock::acquire(const std::filesystem::path& dir) {
  if (Result<void> made = make_data_directory(dir); !made) {
    return std::unexpected(made.error());
  }
  const std::filesystem::path file = dir / "lock";
  UniqueFd fd(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kLockMode));
  if (!fd.valid()) {
    return std::unexpected(
        system_error_about(fmt::format("{} cannot be opened", file.string()), errno));
  }
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) {
      return std::unexpected(
          system_error_about(fmt::format("{} cannot be locked", file.string()), errno));
    }
    return fail(
        ErrorKind::busy,
        fmt::format("another Tocsin{} is using {}: stop it first, or use another data directory",
                    owner_of(fd.get()), dir.string()));
  }
  write_owner(fd.get());
  return std::make_unique<FileLock>(std::move(fd));
}

}  // namespace tocsin
