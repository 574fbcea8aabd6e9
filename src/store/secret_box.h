// SecretBox: secrets sealed for the disk, so that a copy of the store alone gives none away.
// libsodium's secretbox (XSalsa20-Poly1305) under one key in DIR/key: 32 bytes, mode 0600, made at
// first use. Sealed: a random nonce of 24 bytes, then the ciphertext with its tag.
//
// The key is read at each call and held no longer: what was sealed can be opened by whoever has the
// file as it stands, now and after a restart. Not for several threads at once.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tocsin {

class SecretBox {
 public:
  explicit SecretBox(const std::filesystem::path& dir) : file_(dir / "key") {}

  // What to do where there is no key: make one, or, where one is known to have been, refuse.
  enum class NoKey : uint8_t { make, refuse };

  // disk_full: no space for a key; conflict: there is none, or what stands in its place is no key
  // or cannot be read.
  Result<std::string> seal(std::string_view plain, NoKey no_key = NoKey::make);
  // not_found: there is no key; corrupt: it is another key than the one that sealed this, or the
  // bytes are damaged; conflict: as above. The message says so and no more: what to do about it is
  // for whoever knows what is at stake.
  [[nodiscard]] Result<std::string> open(std::string_view sealed) const;

 private:
  std::filesystem::path file_;
};

}  // namespace tocsin
