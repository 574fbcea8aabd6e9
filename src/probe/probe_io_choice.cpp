#include "probe/probe_io_choice.h"

#include <utility>

#include "probe/epoll_io.h"
#include "probe/uring_io.h"

namespace tocsin {

Result<ChosenIo> make_probe_io(const Clock& clock, size_t slots_wanted, size_t reserved,
                               IoBackend wanted) {
  std::string why_not;
  if (wanted != IoBackend::epoll) {
    auto ring = make_uring_io(clock, slots_wanted, reserved);
    if (ring) {
      return ChosenIo{std::move(*ring), IoBackend::io_uring, {}};
    }
    why_not = std::move(ring.error().message);
  }
  auto epoll = make_epoll_io(clock, slots_wanted, reserved);
  if (!epoll) {
    return std::unexpected(epoll.error());
  }
  return ChosenIo{std::move(*epoll), IoBackend::epoll, std::move(why_not)};
}

}  // namespace tocsin
