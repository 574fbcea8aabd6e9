// API tokens: "tocsin_" + 43 characters base64url of 32 random bytes + 6 characters of checksum.
// The checksum finds mistyped and cut tokens before the store is asked, and lets a scanner of
// leaked secrets tell a real one; it protects nothing. Kept is only the SHA-256.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tocsin {

inline constexpr size_t kTokenBytes = 7 + 43 + 6;

// The text for these random bytes.
std::string token_text(const std::array<uint8_t, 32>& random);
// A new one from the system's cryptographic source.
Result<std::string> make_token();
// True for what token_text can have written.
bool is_token_text(std::string_view text);

// Hex SHA-256, what TokenRow.hash holds.
std::string token_hash(std::string_view token);
// Its public name: the first 12 digits of the hash. Shown in lists and logs.
std::string token_id(std::string_view hash);
// Takes the same time wherever the texts differ.
bool same_secret(std::string_view a, std::string_view b);

}  // namespace tocsin
