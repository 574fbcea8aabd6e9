#include "store/secret_box.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "base/unique_fd.h"
#include "store/directory.h"

namespace tocsin {
namespace {

constexpr mode_t kKeyMode = 0600;
constexpr size_t kNonceBytes = crypto_secretbox_NONCEBYTES;
constexpr size_t kTagBytes = crypto_secretbox_MACBYTES;

// Wiped when it goes.
class Key {
 public:
  Key() = default;
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;
  ~Key() { sodium_memzero(bytes_.data(), bytes_.size()); }

  unsigned char* data() { return bytes_.data(); }
  [[nodiscard]] static constexpr size_t size() { return crypto_secretbox_KEYBYTES; }

 private:
  std::array<unsigned char, crypto_secretbox_KEYBYTES> bytes_{};
};

unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Result<void> ready() {
  if (sodium_init() < 0) {
    return fail(ErrorKind::conflict, "libsodium cannot be started; secrets cannot be kept");
  }
  return {};
}

// A wrong key file is never written over: it may be the right one of another directory.
Error no_key_file(const std::filesystem::path& file, std::string_view why) {
  return {ErrorKind::conflict, fmt::format("{} {}", file.string(), why)};
}

Result<void> read_key(const std::filesystem::path& file, Key& key) {
  const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!fd.valid() && errno == ENOENT) {
    return fail(ErrorKind::not_found, file.string() + " is gone");
  }
  if (!fd.valid()) {
    return std::unexpected(
        no_key_file(file, fmt::format("cannot be read ({})", std::strerror(errno))));
  }
  unsigned char one_more = 0;
  if (::read(fd.get(), key.data(), Key::size()) != static_cast<ssize_t>(Key::size()) ||
      ::read(fd.get(), &one_more, 1) != 0) {
    return std::unexpected(no_key_file(file, fmt::format("is not a key of {} bytes", Key::size())));
  }
  return {};
}

// Under another name first: a crash leaves no half of a key.
Result<void> make_key(const std::filesystem::path& file, Key& key) {
  randombytes_buf(key.data(), Key::size());
  const std::string fresh = file.string() + ".new";
  const UniqueFd fd(
      ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, kKeyMode));
  const bool made =
      fd.valid() && ::fchmod(fd.get(), kKeyMode) == 0 &&
      ::write(fd.get(), key.data(), Key::size()) == static_cast<ssize_t>(Key::size()) &&
      ::fsync(fd.get()) == 0 && ::rename(fresh.c_str(), file.c_str()) == 0;
  if (!made) {
    const Error cause = system_error_about(file.string() + " cannot be made", errno);
    return fail(cause.kind == ErrorKind::disk_full ? cause.kind : ErrorKind::conflict,
                cause.message);
  }
  sync_directory(file.parent_path());
  return {};
}

}  // namespace

Result<std::string> SecretBox::seal(std::string_view plain, NoKey no_key) {
  Key key;
  Result<void> got = ready();
  if (got) {
    got = read_key(file_, key);
  }
  if (!got && got.error().kind == ErrorKind::not_found) {
    got = no_key == NoKey::make
              ? make_key(file_, key)
              : fail(ErrorKind::conflict,
                     got.error().message +
                         ", and other channels' secrets are sealed with it: put it back");
  }
  if (!got) {
    return std::unexpected(got.error());
  }
  std::string sealed(kNonceBytes + kTagBytes + plain.size(), '\0');
  randombytes_buf(sealed.data(), kNonceBytes);
  crypto_secretbox_easy(bytes_of(sealed) + kNonceBytes, bytes_of(plain), plain.size(),
                        bytes_of(sealed), key.data());
  return sealed;
}

Result<std::string> SecretBox::open(std::string_view sealed) const {
  Key key;
  Result<void> got = ready();
  if (got) {
    got = read_key(file_, key);
  }
  if (!got) {
    return std::unexpected(got.error());
  }
  if (sealed.size() < kNonceBytes + kTagBytes) {
    return fail(ErrorKind::corrupt, "what was sealed is cut off");
  }
  std::string plain(sealed.size() - kNonceBytes - kTagBytes, '\0');
  if (crypto_secretbox_open_easy(bytes_of(plain), bytes_of(sealed) + kNonceBytes,
                                 sealed.size() - kNonceBytes, bytes_of(sealed), key.data()) != 0) {
    return fail(ErrorKind::corrupt,
                file_.string() + " is not the key they were sealed with, or they are damaged");
  }
  return plain;
}

}  // namespace tocsin
