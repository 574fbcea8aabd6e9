#include "probe/destination_load.h"

#include <algorithm>
#include <bit>
#include <functional>

#include "model/target.h"

namespace tocsin {
namespace {

// Of the ports that the kernel may take. It looks at every second one first (Linux,
// __inet_hash_connect): once half of them rest, each connect searches thousands.
constexpr uint32_t kShareDivisor = 5;
constexpr uint32_t kShareParts = 2;

// A power of two each: a hash is cut to it.
constexpr size_t kCellsMin = 256;
constexpr size_t kCellsMax = size_t{1} << 16;

// Windows are counted modulo 2^16.
bool follows(uint16_t window, uint16_t other) { return window == static_cast<uint16_t>(other + 1); }

}  // namespace

DestinationLoad::DestinationLoad(const LocalPorts& ports, size_t slots)
    : ports_(ports), cells_(std::bit_ceil(std::clamp(4 * slots, kCellsMin, kCellsMax))) {}

DestinationLoad::Cell DestinationLoad::cell_of(const Target& target) const {
  const std::string_view where = target.is_unix() ? target.unix_path() : target.host();
  const size_t hash = std::hash<std::string_view>()(where) + target.port() * 0x9e3779b97f4a7c15U;
  return static_cast<Cell>((hash ^ (hash >> 32)) & (cells_.size() - 1));
}

void DestinationLoad::end(Cell cell, bool took_port, SteadyTime now) {
  Count& count = cells_[cell];
  if (count.in_flight > 0) {
    --count.in_flight;
  }
  if (!took_port) {
    return;
  }
  const uint16_t window = window_of(now);
  if (count.window != window) {
    count.before = follows(window, count.window) ? count.now : 0;
    count.now = 0;
    count.window = window;
  }
  add_one(count.now);
}

// Of the window before, the part that is not yet over its rest.
uint32_t DestinationLoad::resting(Cell cell, SteadyTime now) const {
  const Count& count = cells_[cell];
  const uint16_t window = window_of(now);
  if (count.window != window && !follows(window, count.window)) {
    return 0;
  }
  const bool is_current = count.window == window;
  const uint32_t before = is_current ? count.before : count.now;
  const auto into = now.time_since_epoch() % ports_.rest;
  const auto left = static_cast<uint64_t>((ports_.rest - into).count());
  const auto rests =
      static_cast<uint32_t>(before * left / static_cast<uint64_t>(ports_.rest.count()));
  return (is_current ? count.now : 0) + rests;
}

uint32_t DestinationLoad::resting_max() const {
  return std::max(1U, ports_.count / kShareDivisor * kShareParts);
}

}  // namespace tocsin
