// DestinationLoad: what we do to one address and port: how many attempts are under way, how many
// connections we closed there lately, each of which holds a local port in TIME_WAIT (RFC 9293
// 3.6.1; Linux: 60 s).
//
// A table of counters, not of destinations: its size does not grow with the monitors, and one look
// costs one cache line. Two destinations may share a counter; with limits far above what one
// counter sees of many small destinations, that delays nobody.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "probe/local_ports.h"

namespace tocsin {

class Target;

class DestinationLoad {
 public:
  using Cell = uint32_t;

  // `slots`: attempts that can be under way at once; the table is as large as they need.
  DestinationLoad(const LocalPorts& ports, size_t slots);

  [[nodiscard]] Cell cell_of(const Target& target) const;

  // It is looked at in a moment.
  void expect(Cell cell) const { __builtin_prefetch(&cells_[cell]); }
  void begin(Cell cell) { add_one(cells_[cell].in_flight); }
  // `took_port`: we closed a connection there, and its port rests.
  void end(Cell cell, bool took_port, SteadyTime now);
  [[nodiscard]] uint32_t in_flight(Cell cell) const { return cells_[cell].in_flight; }
  // Connections closed there in about the time that a port rests.
  [[nodiscard]] uint32_t resting(Cell cell, SteadyTime now) const;
  // How many may rest before the kernel has to search for a free one.
  [[nodiscard]] uint32_t resting_max() const;
  [[nodiscard]] const LocalPorts& ports() const { return ports_; }

 private:
  // Of two windows, each as long as a port rests. Half as large, twice as many are in the cache; no
  // number of ports, and none of attempts at one place, is larger.
  struct Count {
    uint16_t window = 0;
    uint16_t now = 0, before = 0;
    uint16_t in_flight = 0;
  };
  static_assert(sizeof(Count) == 8);
  [[nodiscard]] uint16_t window_of(SteadyTime now) const {
    return static_cast<uint16_t>(now.time_since_epoch() / ports_.rest);
  }

  static void add_one(uint16_t& count) {
    if (count < UINT16_MAX) {
      ++count;
    }
  }

  LocalPorts ports_;
  std::vector<Count> cells_;
};

}  // namespace tocsin
