#include "base/ids.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace tocsin {
namespace {

constexpr uint64_t kFnvStart = 0xCBF29CE484222325;
constexpr uint64_t kFnvPrime = 0x00000100000001B3;

constexpr uint64_t fnv1a(uint64_t hash, uint8_t byte) { return (hash ^ byte) * kFnvPrime; }

// FNV-1a alone leaves the low bits of short, similar words alike; a phase is taken modulo an
// interval, so they matter.
constexpr uint64_t splitmix64(uint64_t value) {
  value += 0x9E3779B97F4A7C15;
  value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9;
  value = (value ^ (value >> 27U)) * 0x94D049BB133111EB;
  return value ^ (value >> 31U);
}

// Reads a plain number that result_id_text would have written: digits only, no leading zero.
template <class Number>
bool read_number(std::string_view text, Number& value) {
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  return parsed.ec == std::errc() && parsed.ptr == end && text.front() != '-' &&
         (text.size() == 1 || text.front() != '0');
}

}  // namespace

std::string result_id_text(const ResultId& id) {
  return fmt::format("{}-{}-{}-{}-{}", id.monitor.value, id.location, id.clock_epoch,
                     id.slot.time_since_epoch().count(), id.attempt);
}

std::optional<ResultId> result_id_from_text(std::string_view text) {
  std::array<std::string_view, 5> parts;
  for (size_t i = 0; i < parts.size(); ++i) {
    const size_t dash = i + 1 < parts.size() ? text.find('-') : text.size();
    if (dash == std::string_view::npos || dash == 0) {
      return std::nullopt;
    }
    parts[i] = text.substr(0, dash);
    text.remove_prefix(std::min(dash + 1, text.size()));
  }
  ResultId id;
  int64_t slot = 0;
  if (!read_number(parts[0], id.monitor.value) || !read_number(parts[1], id.location) ||
      !read_number(parts[2], id.clock_epoch) || !read_number(parts[3], slot) ||
      !read_number(parts[4], id.attempt)) {
    return std::nullopt;
  }
  id.slot = SystemTime(Duration(slot));
  return id;
}

uint64_t stable_hash(std::string_view bytes) {
  uint64_t hash = kFnvStart;
  for (const char c : bytes) {
    hash = fnv1a(hash, static_cast<uint8_t>(c));
  }
  return splitmix64(hash);
}

uint64_t stable_hash(uint64_t value) {
  uint64_t hash = kFnvStart;
  for (unsigned shift = 0; shift < 64; shift += 8) {
    hash = fnv1a(hash, static_cast<uint8_t>(value >> shift));
  }
  return splitmix64(hash);
}

std::string uuid7(SystemTime at, uint64_t random_high, uint64_t random_low) {
  const int64_t since_1970 =
      std::chrono::floor<std::chrono::milliseconds>(at).time_since_epoch().count();
  const uint64_t milliseconds =
      static_cast<uint64_t>(std::max<int64_t>(since_1970, 0)) & 0xFFFF'FFFF'FFFFU;
  const uint64_t random_a = random_high & 0xFFFU;
  const uint64_t random_b = random_low & 0x3FFF'FFFF'FFFF'FFFFU;
  return fmt::format("{:08x}-{:04x}-7{:03x}-{:04x}-{:012x}", milliseconds >> 16U,
                     milliseconds & 0xFFFFU, random_a, 0x8000U | (random_b >> 48U),
                     random_b & 0xFFFF'FFFF'FFFFU);
}

}  // namespace tocsin
