// SHA-256 and HMAC-SHA256 (RFC 2104), one call each.
#pragma once

#include <string>
#include <string_view>

namespace tocsin {

std::string sha256_hex(std::string_view bytes);                         // 64 lower-case hex digits
std::string hmac_sha256(std::string_view key, std::string_view bytes);  // 32 raw bytes

}  // namespace tocsin
