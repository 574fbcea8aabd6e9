// Secrets that we make ourselves: 32 random bytes as 43 characters of base64url. Session ids and
// the set-up token are such; API tokens (token.h) wrap one.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tocsin {

inline constexpr size_t kSecretBytes = 32;           // 256 bits: nobody guesses one
inline constexpr size_t kSecretTextCharacters = 43;  // without padding

// RFC 4648 section 5, without padding.
std::string base64url(std::string_view bytes);

// A new one from the system's cryptographic source; unavailable when that gives nothing.
Result<std::string> make_secret_text();
// True for 43 characters of the alphabet. Cheap; says nothing of whether anybody knows it.
bool is_secret_text(std::string_view text);

}  // namespace tocsin
