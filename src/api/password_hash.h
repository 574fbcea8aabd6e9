// Passwords as argon2id hashes (libsodium, known to this unit only). The text of a hash says its
// own parameters, so that older ones still verify and can be renewed when the parameters rise.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"

namespace tocsin {

// OWASP's figures for argon2id: 19 MiB, two passes, one lane; about 40 ms of one core.
struct PasswordCost {
  uint64_t passes = 2;
  size_t memory_bytes = 19'922'944;
};

// What came of looking at a password.
struct PasswordVerdict {
  bool is_right = false;
  std::string renewed_hash;  // not empty: the right password's hash at today's cost
};

// Thread-safe. Each call takes as long and as much memory as the cost says.
class PasswordHasher {
 public:
  explicit PasswordHasher(PasswordCost cost = {});

  // unavailable: no memory for it.
  [[nodiscard]] Result<std::string> hash(const std::string& password) const;
  // Without a hash (nobody has that name) the same work is done for nothing, so that the time says
  // nothing of which names exist.
  [[nodiscard]] PasswordVerdict check(const std::optional<std::string>& hash,
                                      const std::string& password) const;

 private:
  PasswordCost cost_;
  std::string nobodys_hash_;
};

}  // namespace tocsin
