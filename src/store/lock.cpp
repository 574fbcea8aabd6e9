// The lock is the kernel's (flock), so it cannot be left behind by a crash; the process id in the
// file is for the message only.
#include <fcntl.h>
#include <fmt/format.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/stat.h>
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

std::string user_text(uid_t user) {
  std::array<char, 4096> buffer{};  // a line of the user database
  passwd entry{};
  passwd* found = nullptr;
  const bool is_known =
      ::getpwuid_r(user, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr;
  return is_known ? found->pw_name : fmt::format("uid {}", user);
}

// "/var/lib/tocsin belongs to tocsin, and this program runs as alice; ...": which of the two is
// wrong only the operator knows. The directory counts when the file cannot be seen or is not there.
std::string owner_hint(const std::filesystem::path& dir, const std::filesystem::path& file) {
  struct stat seen{};
  const bool sees_file = ::lstat(file.c_str(), &seen) == 0;
  if (!sees_file && ::stat(dir.c_str(), &seen) != 0) {
    return {};
  }
  const std::string place = (sees_file ? file : dir).string();
  const std::string self = user_text(::geteuid());
  if (seen.st_uid == ::geteuid()) {
    return fmt::format("; {} belongs to {}, who runs this program: chmod u+rwX {}", place, self,
                       place);
  }
  const std::string owner = user_text(seen.st_uid);
  return fmt::format(
      "; {} belongs to {}, and this program runs as {}: run it as {}, or use another data "
      "directory",
      place, owner, self, owner);
}

Error cannot_open(const std::filesystem::path& dir, const std::filesystem::path& file,
                  int system_error) {
  Error error = system_error_about(fmt::format("{} cannot be opened", file.string()), system_error);
  if (system_error == EACCES) {
    error.message += owner_hint(dir, file);
  }
  return error;
}

}  // namespace

Result<std::unique_ptr<StoreLock>> StoreLock::acquire(const std::filesystem::path& dir) {
  if (Result<void> made = make_data_directory(dir); !made) {
    return std::unexpected(made.error());
  }
  const std::filesystem::path file = dir / "lock";
  UniqueFd fd(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kLockMode));
  if (!fd.valid()) {
    return std::unexpected(cannot_open(dir, file, errno));
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
