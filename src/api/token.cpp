#include "api/token.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include "api/secret_text.h"
#include "base/bytes.h"

namespace tocsin {
namespace {

constexpr std::string_view kPrefix = "tocsin_";
constexpr size_t kSecretCharacters = 43;  // 32 bytes in base64url without padding
constexpr size_t kChecksumCharacters = 6;

std::string sha256(std::string_view bytes) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
  return {digest.begin(), digest.end()};
}

// Of prefix and secret, under a name of its own so that it says nothing about the stored hash.
std::string checksum(std::string_view prefix_and_secret) {
  return base64url(sha256("checksum:" + std::string(prefix_and_secret)))
      .substr(0, kChecksumCharacters);
}

}  // namespace

std::string token_text(const std::array<uint8_t, 32>& random) {
  const std::string bytes(random.begin(), random.end());
  const std::string secret = std::string(kPrefix) + base64url(bytes);
  return secret + checksum(secret);
}

Result<std::string> make_token() {
  std::array<uint8_t, 32> random{};
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1) {
    return fail(ErrorKind::unavailable, "The system has no random bytes to make a token from.");
  }
  std::string token = token_text(random);
  OPENSSL_cleanse(random.data(), random.size());
  return token;
}

bool is_token_text(std::string_view text) {
  if (text.size() != kTokenBytes || !text.starts_with(kPrefix)) {
    return false;
  }
  // 43 characters hold 258 bits: of the last one only 16 values occur. Reading the secret back
  // refuses the others.
  std::string secret(text.substr(kPrefix.size(), kSecretCharacters));
  for (char& c : secret) {
    if (c == '+' || c == '/') {
      return false;
    }
    c = c == '-' ? '+' : c == '_' ? '/' : c;
  }
  const auto bytes = from_base64(secret + "=");
  if (!bytes || bytes->size() != 32) {
    return false;
  }
  std::array<uint8_t, 32> random{};
  for (size_t i = 0; i < random.size(); ++i) {
    random[i] = static_cast<uint8_t>((*bytes)[i]);
  }
  return same_secret(token_text(random), text);
}

std::string token_hash(std::string_view token) { return to_hex(sha256(token)); }

std::string token_id(std::string_view hash) { return std::string(hash.substr(0, 12)); }

bool same_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace tocsin
