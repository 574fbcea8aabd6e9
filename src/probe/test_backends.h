// For tests: the backends of ProbeIo that this machine's kernel offers; tests run on each.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <ostream>

#include "base/result.h"
#include "ports/clock.h"
#include "ports/probe_io.h"
#include "probe/epoll_io.h"
#include "probe/uring_io.h"

namespace tocsin {

struct Backend {
  const char* name;
  Result<std::unique_ptr<ProbeIo>> (*make_with)(const Clock& clock, size_t slots, size_t reserved,
                                                const OwnPorts& own_ports);
  [[nodiscard]] auto make(const Clock& clock, size_t slots, size_t reserved) const {
    return make_with(clock, slots, reserved, OwnPorts::read());
  }
};
inline void PrintTo(const Backend& backend, std::ostream* out) { *out << backend.name; }

inline constexpr std::array kBackends{Backend{"Epoll", make_epoll_io},
                                      Backend{"Uring", make_uring_io}};

inline std::string backend_name(const testing::TestParamInfo<Backend>& info) {
  return info.param.name;
}

}  // namespace tocsin
