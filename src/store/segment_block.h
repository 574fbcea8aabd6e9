// A block of a segment: up to kBlockPasses passes in the order of monitors and slots, column by
// column. Knows neither checksums nor other blocks.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>

#include "model/plain_pass.h"
#include "store/segment_column.h"

namespace tocsin {

// Longer blocks save a little space, shorter ones decode less for one monitor.
inline constexpr size_t kBlockPasses = kColumnValuesMax;

// What a block counts from; stands outside of it.
struct BlockStart {
  MonitorUid monitor;  // of its first pass
  SystemTime slot{};   // no pass lies before it
};

// The order of passes: by monitor, slot, location, clock_epoch. Equal in all four: the same
// attempt.
inline bool is_before(const PlainPass& a, const PlainPass& b) {
  if (a.monitor != b.monitor) {
    return a.monitor < b.monitor;
  }
  if (a.slot != b.slot) {
    return a.slot < b.slot;
  }
  return std::tie(a.location, a.clock_epoch) < std::tie(b.location, b.clock_epoch);
}

// `passes`, of which there are 1 - kBlockPasses, are well-formed and in order.
void append_block(std::string& out, const BlockStart& start, std::span<PlainPass> passes);

// Reads exactly as many passes as `passes` has room for, which must be all that `bytes` holds and
// well-formed; false otherwise. With `only` the block is left after its first column when it has no
// pass of this monitor: `passes` holds nothing of use then, and `found` is false.
struct BlockReading {
  bool is_whole = false;
  bool found = false;
};
BlockReading read_block(std::string_view bytes, const BlockStart& start,
                        std::optional<MonitorUid> only, std::span<PlainPass> passes);

}  // namespace tocsin
