#include "probe/epoll_io.h"

#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>

#include "base/check.h"
#include "base/unique_fd.h"
#include "probe/first_router.h"
#include "probe/foreign_watches.h"
#include "probe/probe_socket.h"
#include "probe/slot_pages.h"
#include "probe/slot_socket.h"

namespace tocsin {
namespace {

constexpr size_t kEventsMax = 512;  // of one epoll_wait; more are taken by the next
constexpr uint64_t kForeign = uint64_t{1} << 63;
constexpr uint64_t kWake = kForeign | UINT32_MAX;
constexpr uint32_t kGenerationMask = 0x7fffffffU;

uint64_t key_of(uint32_t number, uint32_t generation) {
  return (uint64_t{generation} << 32) | number;
}

class EpollIo final : public ProbeIo {
 public:
  EpollIo(const Clock& clock, UniqueFd epoll, UniqueFd wake, size_t slots,
          const OwnPorts& own_ports)
      : clock_(clock),
        epoll_(std::move(epoll)),
        wake_(std::move(wake)),
        own_ports_(own_ports),
        slots_(slots) {}

  [[nodiscard]] size_t capacity() const override { return slots_.size(); }
  void connect(SlotIndex index, const SocketAddress& to, const ConnectOptions& options) override;
  void send(SlotIndex index, std::span<const char> bytes) override;
  void receive(SlotIndex index, std::span<char> buffer) override;
  void shutdown_write(SlotIndex index) override;
  void close(SlotIndex index, CloseMode mode) override;
  void let_go(SlotIndex index) override { slots_[index].parked.reset(); }
  [[nodiscard]] KernelFacts facts(SlotIndex index) override { return slots_[index].facts(); }
  [[nodiscard]] std::optional<SocketAddress> local_address(SlotIndex index) override {
    return slots_[index].local_address();
  }
  [[nodiscard]] bool poll_now(SlotIndex index) override;
  void wait(SteadyTime until, std::vector<IoEvent>& events) override;
  void nap(SteadyTime until) override;
  [[nodiscard]] bool was_interrupted() const override { return was_interrupted_; }
  [[nodiscard]] int route_error(const SocketAddress& to,
                                const std::optional<IpAddress>& source) override {
    return tocsin::route_error(to, source);
  }
  [[nodiscard]] std::optional<FirstRouter> first_router(
      const SocketAddress& to, const std::optional<IpAddress>& source) override {
    return tocsin::first_router(to, source);
  }
  [[nodiscard]] std::optional<Duration> since_last_data(SlotIndex index) override {
    return slots_[index].since_last_data();
  }
  void wake() override;
  void watch(int fd, bool read, bool write, std::function<void(bool, bool)> ready) override {
    watches_.watch(fd, read, write, std::move(ready));
  }

 private:
  struct Slot : SlotSocket {  // what it parks is still in epoll
    uint32_t generation = 0;  // grows with every connect and close: tells late events apart
    uint32_t key_generation =
        0;  // the one in the epoll key of the descriptor, which may outlive a connection
    bool readable = false;    // an edge was seen and not yet read to its end
    bool peer_ended = false;  // the end of its stream stands behind the bytes not yet read
    bool receiving = false;
    bool sending = false;
    size_t sent = 0;
    SteadyTime readable_at{};
    std::span<char> buffer;
    std::span<const char> unsent;
  };
  static_assert(sizeof(Slot) == kEpollSlotBytes);
  struct Pending {
    IoEvent event;
    uint32_t generation = 0;
  };
  void emit(SlotIndex index, IoKind kind, int error, size_t bytes, SteadyTime at);
  int connect_anew(SlotIndex index, const SocketAddress& to, const ConnectOptions& options);
  int poll_kernel(SteadyTime until);
  void dispatch(const epoll_event& event, SteadyTime at);
  void on_socket(SlotIndex index, uint32_t what, SteadyTime at);
  void finish_connect(SlotIndex index, uint32_t what, SteadyTime at);
  void try_send(SlotIndex index, SteadyTime at);
  void try_receive(SlotIndex index, SteadyTime at);

  const Clock& clock_;
  UniqueFd epoll_;
  UniqueFd wake_;
  OwnPorts own_ports_;
  bool has_pwait2_ = true;
  bool was_interrupted_ = false;
  SlotPages<Slot> slots_;
  std::vector<Pending> pending_;
  ForeignWatches watches_{epoll_.get(), kForeign};
  std::array<epoll_event, kEventsMax> ready_{};
};

void EpollIo::emit(SlotIndex index, IoKind kind, int error, size_t bytes, SteadyTime at) {
  pending_.push_back({{index, kind, error, bytes, at}, slots_[index].generation});
}

void EpollIo::connect(SlotIndex index, const SocketAddress& to, const ConnectOptions& options) {
  Slot& slot = slots_[index];
  const uint32_t generation = (slot.generation + 1) & kGenerationMask;
  const uint32_t last_key = slot.key_generation;
  slot = Slot{SlotSocket::next(slot, to, options, own_ports_), generation, generation};
  int error = 0;
  if (slot.fd.valid()) {
    slot.key_generation = last_key;  // it is in epoll still
    error = connect_probe_socket(slot.fd.get(), to);
  } else {
    error = connect_anew(index, to, options);
  }
  if (slot.has_few_ports) {
    own_ports_.learn(error);
  }
  slot.connecting = error == EINPROGRESS;
  if (!slot.connecting) {
    slot.connect_failed = error != 0;
    emit(index, IoKind::connected, error, 0, clock_.steady_now());
  }
}

int EpollIo::connect_anew(SlotIndex index, const SocketAddress& to, const ConnectOptions& options) {
  Slot& slot = slots_[index];
  OpenedSocket made = make_probe_socket(to, options);
  slot.take(std::move(made.fd), own_ports_);
  const int error = made.error != 0 ? made.error : connect_probe_socket(slot.fd.get(), to);
  if (error != 0 && error != EINPROGRESS) {
    return error;
  }
  // Once for the life of the descriptor; an edge that is there already is told at once.
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.u64 = key_of(index, slot.key_generation);
  const bool is_added = ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, slot.fd.get(), &event) == 0;
  return is_added ? error : errno;
}

void EpollIo::send(SlotIndex index, std::span<const char> bytes) {
  Slot& slot = slots_[index];
  CHECK(slot.fd.valid() && !slot.sending, "one send at a time on an open slot");
  slot.sending = true;
  slot.unsent = bytes;
  slot.sent = 0;
  try_send(index, clock_.steady_now());
}

void EpollIo::try_send(SlotIndex index, SteadyTime at) {
  Slot& slot = slots_[index];
  while (!slot.unsent.empty()) {
    const ssize_t count =
        ::send(slot.fd.get(), slot.unsent.data(), slot.unsent.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      if (errno == EAGAIN) {
        return;
      }
      const int error = slot.error_of(errno);
      slot.sending = false;
      emit(index, IoKind::sent, error, slot.sent, at);
      return;
    }
    slot.sent += static_cast<size_t>(count);
    slot.unsent = slot.unsent.subspan(static_cast<size_t>(count));
  }
  slot.sending = false;
  emit(index, IoKind::sent, 0, slot.sent, at);
}

void EpollIo::receive(SlotIndex index, std::span<char> buffer) {
  Slot& slot = slots_[index];
  CHECK(slot.fd.valid() && !slot.receiving && !buffer.empty(),
        "one receive at a time on an open slot");
  slot.receiving = true;
  slot.buffer = buffer;
  if (slot.readable) {
    try_receive(index, slot.readable_at);
  }
}

void EpollIo::try_receive(SlotIndex index, SteadyTime at) {
  Slot& slot = slots_[index];
  ssize_t count = -1;
  do {
    count = ::recv(slot.fd.get(), slot.buffer.data(), slot.buffer.size(), 0);
  } while (count < 0 && errno == EINTR);
  if (count < 0 && errno == EAGAIN) {
    slot.readable = false;
    return;
  }
  const int error = count > 0 ? 0 : slot.error_of(count < 0 ? errno : 0);
  slot.heard_end = slot.heard_end || count == 0;
  // A short read has taken all there was, and more comes with a new edge; an end that was told with
  // this one does not.
  slot.readable = slot.peer_ended || count == static_cast<ssize_t>(slot.buffer.size());
  slot.readable_at = clock_.steady_now();
  slot.receiving = false;
  emit(index, IoKind::received, error, count > 0 ? static_cast<size_t>(count) : 0, at);
}

void EpollIo::shutdown_write(SlotIndex index) { slots_[index].say_end(); }

void EpollIo::close(SlotIndex index, CloseMode mode) {
  Slot& slot = slots_[index];
  slot.generation = (slot.generation + 1) & kGenerationMask;
  if (slot.fd.valid()) {
    slot.park_or_reset(mode);
  }
  slot.fd.reset();
  slot.connecting = slot.receiving = slot.sending = false;
}

bool EpollIo::poll_now(SlotIndex index) {
  const Slot& slot = slots_[index];
  const bool is_told = std::ranges::any_of(pending_, [&](const Pending& each) {
    return each.event.slot == index && each.generation == slot.generation;
  });
  if (is_told || !slot.fd.valid()) {
    return is_told;
  }
  return slot.is_ready();
}

// epoll_wait until `until`, in nanoseconds where the kernel can (5.11), else in whole milliseconds
// rounded up.
int EpollIo::poll_kernel(SteadyTime until) {
  const int events_max = static_cast<int>(kEventsMax);
  const bool is_endless = until == kNever;
  const SteadyTime now = clock_.steady_now();
  const Duration left = is_endless ? Duration::max() : until <= now ? Duration(0) : until - now;
  if (has_pwait2_) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
    const timespec timeout{.tv_sec = seconds.count(),
                           .tv_nsec = std::chrono::nanoseconds(left - seconds).count()};
    const int count = ::epoll_pwait2(epoll_.get(), ready_.data(), events_max,
                                     is_endless ? nullptr : &timeout, nullptr);
    if (count >= 0 || (errno != ENOSYS && errno != EPERM)) {
      return count;
    }
    has_pwait2_ = false;  // an old kernel, or a seccomp filter that does not know it
  }
  const auto milliseconds =
      std::chrono::ceil<std::chrono::milliseconds>(std::min<Duration>(left, 1h));
  return ::epoll_wait(epoll_.get(), ready_.data(), events_max,
                      static_cast<int>(milliseconds.count()));
}

void EpollIo::wait(SteadyTime until, std::vector<IoEvent>& events) {
  int count = poll_kernel(pending_.empty() ? until : SteadyTime::min());
  was_interrupted_ = count < 0 && errno == EINTR;
  if (was_interrupted_) {
    count = poll_kernel(SteadyTime::min());  // what came while we were stopped
  }
  const SteadyTime at = clock_.steady_now();
  for (int i = 0; i < count; ++i) {
    dispatch(ready_[static_cast<size_t>(i)], at);
  }
  for (const Pending& each : pending_) {
    if (each.generation == slots_[each.event.slot].generation) {
      events.push_back(each.event);
    }
  }
  pending_.clear();
}

void EpollIo::nap(SteadyTime until) {
  was_interrupted_ = false;
  const auto time = until.time_since_epoch();
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
  const timespec at{.tv_sec = seconds.count(),
                    .tv_nsec = std::chrono::nanoseconds(time - seconds).count()};
  // Cut short by a signal it only looks too early.
  ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, nullptr);
}

void EpollIo::dispatch(const epoll_event& event, SteadyTime at) {
  const uint64_t key = event.data.u64;
  if (key == kWake) {
    uint64_t count = 0;
    [[maybe_unused]] const ssize_t ignored = ::read(wake_.get(), &count, sizeof count);
    return;
  }
  if ((key & kForeign) != 0) {
    watches_.on_event(key, event.events);
    return;
  }
  const auto index = static_cast<SlotIndex>(key);
  if (slots_[index].fd.valid() && slots_[index].key_generation == key >> 32) {
    on_socket(index, event.events, at);
  }
}

void EpollIo::on_socket(SlotIndex index, uint32_t what, SteadyTime at) {
  Slot& slot = slots_[index];
  if (slot.connecting) {
    if ((what & (EPOLLOUT | EPOLLERR | EPOLLHUP)) == 0) {
      return;
    }
    finish_connect(index, what, at);
    if (slot.connect_failed) {
      return;
    }
  }
  if ((what & (EPOLLIN | EPOLLRDHUP | EPOLLERR | EPOLLHUP)) != 0) {
    slot.readable = true;
    slot.peer_ended = slot.peer_ended || (what & ~(EPOLLIN | EPOLLOUT)) != 0;
    slot.readable_at = at;
    if (slot.receiving) {
      try_receive(index, at);
    }
  }
  if (slot.sending) {
    try_send(index, at);
  }
}

void EpollIo::finish_connect(SlotIndex index, uint32_t what, SteadyTime at) {
  Slot& slot = slots_[index];
  int error = 0;
  if ((what & (EPOLLERR | EPOLLHUP)) != 0) {
    socklen_t length = sizeof error;
    ::getsockopt(slot.fd.get(), SOL_SOCKET, SO_ERROR, &error, &length);
  }
  emit(index, IoKind::connected, slot.finish_connect(error), 0, at);
}

void EpollIo::wake() {
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t ignored = ::write(wake_.get(), &one, sizeof one);
}

}  // namespace

Result<std::unique_ptr<ProbeIo>> make_epoll_io(const Clock& clock, size_t slots_wanted,
                                               size_t reserved, const OwnPorts& own_ports) {
  const Result<size_t> slots = probe_slots(slots_wanted, reserved);
  if (!slots) {
    return std::unexpected(slots.error());
  }
  UniqueFd epoll(::epoll_create1(EPOLL_CLOEXEC));
  UniqueFd wake(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  if (!epoll.valid() || !wake.valid()) {
    return fail(ErrorKind::io,
                fmt::format("cannot make an epoll instance: {}", std::strerror(errno)));
  }
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = kWake;
  if (::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, wake.get(), &event) != 0) {
    return fail(ErrorKind::io,
                fmt::format("cannot watch the wake descriptor: {}", std::strerror(errno)));
  }
  return std::make_unique<EpollIo>(clock, std::move(epoll), std::move(wake), *slots, own_ports);
}

}  // namespace tocsin
