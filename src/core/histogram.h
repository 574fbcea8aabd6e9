// Histogram of durations that can be merged without loss: log-linear buckets, 32 to a doubling, so
// that any quantile is within 2 % of the true value (1/64 at most) from 1 µs to 120 s. Shorter
// counts as 0, longer as 120 s. Below 64 µs every microsecond has a bucket of its own. The idea is
// HdrHistogram's; the packed form is ours:
//
//   0x01, then for each bucket that is not empty, lowest first: varint(buckets skipped since the
//   last one), varint(count)
//
// Do not change the bucket borders: they are on disk.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace tocsin {

class Histogram {
 public:
  void add(Duration value, uint64_t count = 1);
  // Sums; a count that would not fit stays at its highest value.
  void merge(const Histogram& other);

  [[nodiscard]] uint64_t count() const;
  // The value below or at which `per_thousand` of 1000 values lie (nearest rank; 1 - 1000); nothing
  // when empty.
  [[nodiscard]] std::optional<Duration> quantile(uint32_t per_thousand) const;

  [[nodiscard]] std::string pack() const;
  // Reads what pack() wrote and nothing else; `corrupt` otherwise.
  static Result<Histogram> unpack(std::string_view packed);

  bool operator==(const Histogram&) const = default;

 private:
  uint64_t& bucket(uint16_t number);

  // Number of the bucket and its count (never 0), in order; a monitor fills about twenty of 736.
  std::vector<std::pair<uint16_t, uint64_t>> buckets_;
};

}  // namespace tocsin
