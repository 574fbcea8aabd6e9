// A column of whole numbers in few bytes: the shortest of a few ways to write it, which its first
// byte names. docs/formats/store.md has the form.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace tocsin {

inline constexpr size_t kColumnValuesMax = 128;

// A column of no values is no bytes.
void append_column(std::string& out, std::span<const uint64_t> values);
// Takes as many values as there is room for from the front of `bytes`; false when they are cut off
// or written in a way that is none.
[[nodiscard]] bool take_column(std::string_view& bytes, std::span<uint64_t> values);

// A number with a sign as one without that is small when it lies near 0: 0, -1, 1, -2 are 0, 1, 2,
// 3.
constexpr uint64_t zigzag(int64_t value) {
  return (static_cast<uint64_t>(value) << 1U) ^ (value < 0 ? ~uint64_t{0} : 0);
}
constexpr int64_t from_zigzag(uint64_t value) {
  return static_cast<int64_t>((value >> 1U) ^ ((value & 1U) != 0 ? ~uint64_t{0} : 0));
}

}  // namespace tocsin
