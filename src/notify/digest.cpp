#include "notify/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <climits>

#include "base/bytes.h"
#include "base/check.h"

namespace tocsin {
namespace {

// OpenSSL counts in unsigned char, we keep bytes in char; the two may alias.
const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

using Digest = std::array<unsigned char, EVP_MAX_MD_SIZE>;

std::string raw(const Digest& digest, unsigned size) {
  return {reinterpret_cast<const char*>(digest.data()), size};
}

}  // namespace

std::string sha256_hex(std::string_view bytes) {
  Digest digest{};
  unsigned size = 0;
  const int ok =
      EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr);
  CHECK(ok == 1, "SHA-256 is always available");
  return to_hex(raw(digest, size));
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  CHECK(key.size() <= INT_MAX, "a key is short");
  Digest digest{};
  unsigned size = 0;
  const unsigned char* const made = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                                         bytes_of(bytes), bytes.size(), digest.data(), &size);
  CHECK(made != nullptr, "HMAC-SHA256 is always available");
  return raw(digest, size);
}

}  // namespace tocsin
