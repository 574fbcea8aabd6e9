// Random: the only source of chance; seeded in the simulator.
#pragma once

#include <cstdint>

namespace tocsin {

class Random {
 public:
  virtual ~Random() = default;
  virtual uint64_t next() = 0;  // 64 random bits; the real one is cryptographic
};

}  // namespace tocsin
