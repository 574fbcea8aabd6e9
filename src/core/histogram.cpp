#include "core/histogram.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "core/varint.h"

namespace tocsin {
namespace {

constexpr char kVersion = 1;
constexpr unsigned kSubBits = 5;  // 32 buckets to a doubling
constexpr uint64_t kExactBelow = uint64_t{2}
                                 << kSubBits;  // microseconds; below it a bucket is 1 µs wide
constexpr uint64_t kValueMax = 120'000'000;    // microseconds; the longest timeout of a monitor

uint64_t saturating_sum(uint64_t a, uint64_t b) {
  return a > std::numeric_limits<uint64_t>::max() - b ? std::numeric_limits<uint64_t>::max()
                                                      : a + b;
}

// 0-63 are themselves; then 32 for each doubling.
constexpr uint16_t bucket_of(uint64_t value) {
  if (value < kExactBelow) {
    return static_cast<uint16_t>(value);
  }
  const auto doubling = static_cast<unsigned>(std::bit_width(value)) - 1 - kSubBits;  // 1, 2, ...
  return static_cast<uint16_t>((uint64_t{doubling} << kSubBits) + (value >> doubling));
}

// The middle of a bucket, which is nowhere further from a value in it than 1/64 of that value.
constexpr uint64_t middle_of(uint16_t bucket) {
  if (bucket < kExactBelow) {
    return bucket;
  }
  const unsigned doubling = (bucket >> kSubBits) - 1U;
  const uint64_t lowest = (bucket - (uint64_t{doubling} << kSubBits)) << doubling;
  return lowest + (((uint64_t{1} << doubling) - 1) / 2);
}

constexpr uint16_t kLastBucket = bucket_of(kValueMax);
static_assert(bucket_of(63) == 63 && bucket_of(64) == 64 && bucket_of(66) == 65);
static_assert(bucket_of(127) == 95 && bucket_of(128) == 96);
static_assert(middle_of(96) == 129 && bucket_of(middle_of(kLastBucket)) == kLastBucket);

Error damaged(std::string_view why) {
  return Error{ErrorKind::corrupt, "stored histogram: " + std::string(why)};
}

}  // namespace

// The count of a bucket, which is made when missing.
uint64_t& Histogram::bucket(uint16_t number) {
  const auto at =
      std::ranges::lower_bound(buckets_, number, {}, &std::pair<uint16_t, uint64_t>::first);
  return at != buckets_.end() && at->first == number ? at->second
                                                     : buckets_.insert(at, {number, 0})->second;
}

void Histogram::add(Duration value, uint64_t count) {
  if (count == 0) {
    return;
  }
  const auto microseconds =
      std::min(static_cast<uint64_t>(std::max<int64_t>(value.count(), 0)), kValueMax);
  uint64_t& counted = bucket(bucket_of(microseconds));
  counted = saturating_sum(counted, count);
}

void Histogram::merge(const Histogram& other) {
  for (const auto& [number, count] : other.buckets_) {
    uint64_t& counted = bucket(number);
    counted = saturating_sum(counted, count);
  }
}

uint64_t Histogram::count() const {
  uint64_t sum = 0;
  for (const auto& [number, count] : buckets_) {
    sum = saturating_sum(sum, count);
  }
  return sum;
}

std::optional<Duration> Histogram::quantile(uint32_t per_thousand) const {
  const uint64_t total = count();
  if (total == 0) {
    return std::nullopt;
  }
  // ceil(total x per_thousand / 1000) without leaving 64 bits.
  const uint64_t share = std::clamp<uint64_t>(per_thousand, 1, 1000);
  const uint64_t rank =
      std::max<uint64_t>((total / 1000 * share) + ((total % 1000 * share + 999) / 1000), 1);
  uint64_t passed = 0;
  for (const auto& [number, count] : buckets_) {
    passed = saturating_sum(passed, count);
    if (passed >= rank) {
      return Duration(static_cast<int64_t>(std::min(middle_of(number), kValueMax)));
    }
  }
  return Duration(static_cast<int64_t>(kValueMax));
}

std::string Histogram::pack() const {
  std::string out(1, kVersion);
  unsigned next = 0;
  for (const auto& [number, count] : buckets_) {
    append_varint(out, number - next);
    append_varint(out, count);
    next = number + 1U;
  }
  return out;
}

Result<Histogram> Histogram::unpack(std::string_view packed) {
  if (packed.empty() || packed.front() != kVersion) {
    return std::unexpected(damaged("its first byte is not 1"));
  }
  packed.remove_prefix(1);
  Histogram histogram;
  uint64_t next = 0;
  while (!packed.empty()) {
    const std::optional<uint64_t> skipped = take_varint(packed);
    const std::optional<uint64_t> count = take_varint(packed);
    if (!skipped || !count) {
      return std::unexpected(damaged("a number is cut off or too long"));
    }
    if (*skipped > kLastBucket || next + *skipped > kLastBucket || *count == 0) {
      return std::unexpected(damaged("a bucket is empty or beyond the last"));
    }
    next += *skipped;
    histogram.buckets_.emplace_back(static_cast<uint16_t>(next), *count);
    ++next;
  }
  return histogram;
}

}  // namespace tocsin
