// Whole numbers in as few bytes as they need: seven bits a byte, lowest first, the high bit set on
// all but the last (LEB128).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tocsin {

void append_varint(std::string& out, uint64_t value);
// Takes one from the front of `bytes`; nothing when it is cut off, longer than needed or over 64
// bits.
std::optional<uint64_t> take_varint(std::string_view& bytes);

}  // namespace tocsin
