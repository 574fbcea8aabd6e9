#include "core/varint.h"

namespace tocsin {
namespace {

constexpr unsigned kBits = 7;
constexpr uint64_t kMore = 0x80;
constexpr unsigned kShiftMax = 63;  // of the tenth byte, which holds the last bit

}  // namespace

void append_varint(std::string& out, uint64_t value) {
  while (value >= kMore) {
    out.push_back(static_cast<char>((value & (kMore - 1)) | kMore));
    value >>= kBits;
  }
  out.push_back(static_cast<char>(value));
}

std::optional<uint64_t> take_varint(std::string_view& bytes) {
  uint64_t value = 0;
  for (unsigned shift = 0; shift <= kShiftMax && !bytes.empty(); shift += kBits) {
    const auto byte = static_cast<uint8_t>(bytes.front());
    bytes.remove_prefix(1);
    if (shift == kShiftMax && byte > 1) {
      return std::nullopt;
    }
    value |= (byte & (kMore - 1)) << shift;
    if ((byte & kMore) == 0) {
      // A last byte of 0 says nothing: the same number would have two forms.
      return byte == 0 && shift != 0 ? std::nullopt : std::optional(value);
    }
  }
  return std::nullopt;
}

}  // namespace tocsin
