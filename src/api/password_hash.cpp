#include "api/password_hash.h"

#include <sodium.h>

#include <array>

#include "api/secret_text.h"
#include "base/check.h"

namespace tocsin {

PasswordHasher::PasswordHasher(PasswordCost cost) : cost_(cost) {
  CHECK(sodium_init() >= 0, "libsodium starts");
  nobodys_hash_ = hash(make_secret_text().value_or("nobody knows this one")).value_or("");
}

Result<std::string> PasswordHasher::hash(const std::string& password) const {
  std::array<char, crypto_pwhash_STRBYTES> text{};
  const int failed =
      crypto_pwhash_str_alg(text.data(), password.data(), password.size(), cost_.passes,
                            cost_.memory_bytes, crypto_pwhash_ALG_ARGON2ID13);
  if (failed != 0) {
    return fail(ErrorKind::unavailable, "There is no memory to hash a password.");
  }
  return std::string(text.data());
}

PasswordVerdict PasswordHasher::check(const std::optional<std::string>& known,
                                      const std::string& password) const {
  // The library reads a whole buffer of this size.
  std::array<char, crypto_pwhash_STRBYTES> text{};
  const std::string& stored = known ? *known : nobodys_hash_;
  if (stored.size() >= text.size()) {
    return {};
  }
  stored.copy(text.data(), stored.size());
  const bool is_same = crypto_pwhash_str_verify(text.data(), password.data(), password.size()) == 0;
  if (!is_same || !known) {
    return {};
  }
  PasswordVerdict verdict{.is_right = true, .renewed_hash = {}};
  if (crypto_pwhash_str_needs_rehash(text.data(), cost_.passes, cost_.memory_bytes) != 0) {
    verdict.renewed_hash = hash(password).value_or("");
  }
  return verdict;
}

}  // namespace tocsin
