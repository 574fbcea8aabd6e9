#include "probe/epoll_io.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/check.h"
#include "base/unique_fd.h"
#include "probe/foreign_watches.h"
#include "probe/probe_socket.h"

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
  EpollIo(const Clock& clock, UniqueFd epoll, UniqueFd wake, size_t slots)
      : clock_(clock), epoll_(std::move(epoll)), wake_(std::move(wake)), slots_(slots) {}

  [[nodiscard]] size_t capacity() const override { return slots_.size(); }
  void connect(SlotIndex index, const SocketAddress& to, const ConnectOptions& options) override;
  void send(SlotIndex index, std::span<const char> bytes) override;
  void receive(SlotIndex index, std::span<char> buffer) override;
  void shutdown_write(SlotIndex index) override;
  void close(SlotIndex index, CloseMode mode) override;
  [[nodiscard]] KernelFacts facts(SlotIndex index) override;
  [[nodiscard]] bool poll_now(SlotIndex index) override;
  void wait(SteadyTime until, std::vector<IoEvent>& events) override;
  [[nodiscard]] bool was_interrupted() const override { return was_interrupted_; }
  [[nodiscard]] std::optional<Duration> since_last_data(SlotIndex index) override;
  void wake() override;
  void watch(int fd, bool read, bool write, std::function<void(bool, bool)> ready) override {
    watches_.watch(fd, read, write, std::move(ready));
  }

 private:
  struct Slot {
    UniqueFd fd;
    UniqueFd parked;  // of the last quiet close: reset, still in epoll, ready to connect again
    Family parked_family = Family::v4;
    uint32_t generation = 0;  // grows with every connect and close: tells late events apart
    uint32_t key_generation =
        0;  // the one in the epoll key of the descriptor, which may outlive a connection
    bool accept_less = false;
    bool is_unix = false;
    bool connecting = false;
    bool connect_failed = false;
    bool readable = false;    // an edge was seen and not yet read to its end
    bool peer_ended = false;  // the end of its stream stands behind the bytes not yet read
    bool receiving = false;
    bool sending = false;
    int reset = 0;  // errno of a reset that came before anybody read; the kernel tells it only once
    size_t sent = 0;
    SteadyTime readable_at{};
    std::span<char> buffer;
    std::span<const char> unsent;
  };
  struct Pending {
    IoEvent event;
    uint32_t generation = 0;
  };
  void emit(SlotIndex index, IoKind kind, int error, size_t bytes, SteadyTime at);
  int connect_again(Slot& slot, const SocketAddress& to);
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
  bool has_pwait2_ = true;
  bool was_interrupted_ = false;
  std::vector<Slot> slots_;
  std::vector<Pending> pending_;
  ForeignWatches watches_{epoll_.get(), kForeign};
  std::array<epoll_event, kEventsMax> ready_{};
};

void EpollIo::emit(SlotIndex index, IoKind kind, int error, size_t bytes, SteadyTime at) {
  pending_.push_back({{index, kind, error, bytes, at}, slots_[index].generation});
}

void EpollIo::connect(SlotIndex index, const SocketAddress& to, const ConnectOptions& options) {
  Slot& slot = slots_[index];
  CHECK(!slot.fd.valid(), "a slot is closed before it is used again");
  Slot next;
  next.generation = (slot.generation + 1) & kGenerationMask;
  next.is_unix = to.is_unix();
  next.accept_less = options.accept_less && !options.source && !to.is_unix();
  const bool fits = slot.parked.valid() && next.accept_less && slot.parked_family == to.ip.family;
  next.parked = fits ? std::move(slot.parked) : UniqueFd();
  next.key_generation = fits ? slot.key_generation : next.generation;
  next.parked_family = to.ip.family;
  slot = std::move(next);
  const int error = fits ? connect_again(slot, to) : connect_anew(index, to, options);
  slot.connecting = error == EINPROGRESS;
  if (!slot.connecting) {
    slot.connect_failed = error != 0;
    emit(index, IoKind::connected, error, 0, clock_.steady_now());
  }
}

// Quiet checks spend most of their time in making and destroying sockets: one that was only reset
// connects again for half the price (and stays registered with epoll).
int EpollIo::connect_again(Slot& slot, const SocketAddress& to) {
  slot.fd = std::move(slot.parked);
  return connect_probe_socket(slot.fd.get(), to, true);
}

int EpollIo::connect_anew(SlotIndex index, const SocketAddress& to, const ConnectOptions& options) {
  Slot& slot = slots_[index];
  OpenedSocket opened = open_probe_socket(to, options);
  slot.fd = std::move(opened.fd);
  if (opened.error != 0 && opened.error != EINPROGRESS) {
    return opened.error;
  }
  // Once for the life of the descriptor; an edge that is there already is told at once.
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.u64 = key_of(index, slot.key_generation);
  const bool is_added = ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, slot.fd.get(), &event) == 0;
  return is_added ? opened.error : errno;
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
      const int error = slot.reset != 0 ? slot.reset : errno;
      if (error == EAGAIN) {
        return;
      }
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
  int error = count < 0 ? errno : 0;
  if (error == EAGAIN) {
    slot.readable = false;
    return;
  }
  if (count <= 0 && slot.reset != 0) {
    error = slot.reset;  // the kernel told the reset with the connect; a read now looks like an
                         // orderly end
  }
  // A short read has taken all there was, and more comes with a new edge; an end that was told with
  // this one does not.
  slot.readable = slot.peer_ended || count == static_cast<ssize_t>(slot.buffer.size());
  slot.readable_at = clock_.steady_now();
  slot.receiving = false;
  emit(index, IoKind::received, error, count > 0 ? static_cast<size_t>(count) : 0, at);
}

void EpollIo::shutdown_write(SlotIndex index) { ::shutdown(slots_[index].fd.get(), SHUT_WR); }

void EpollIo::close(SlotIndex index, CloseMode mode) {
  Slot& slot = slots_[index];
  slot.generation = (slot.generation + 1) & kGenerationMask;
  const bool is_open = slot.fd.valid() && !slot.connecting && !slot.connect_failed;
  if (is_open && mode == CloseMode::quiet && slot.accept_less &&
      reset_probe_socket(slot.fd.get())) {
    slot.parked = std::move(slot.fd);
  } else if (slot.fd.valid() && mode != CloseMode::fin && !slot.is_unix) {
    const linger reset{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(slot.fd.get(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  }
  slot.fd.reset();
  slot.connecting = slot.receiving = slot.sending = false;
}

KernelFacts EpollIo::facts(SlotIndex index) {
  const Slot& slot = slots_[index];
  if (!slot.fd.valid() || slot.is_unix) {
    return {};
  }
  return socket_facts(slot.fd.get(), slot.connecting       ? ConnectState::under_way
                                     : slot.connect_failed ? ConnectState::failed
                                                           : ConnectState::open);
}

std::optional<Duration> EpollIo::since_last_data(SlotIndex index) {
  const Slot& slot = slots_[index];
  return slot.fd.valid() && !slot.is_unix ? socket_data_age(slot.fd.get()) : std::nullopt;
}

bool EpollIo::poll_now(SlotIndex index) {
  const Slot& slot = slots_[index];
  const bool is_told = std::ranges::any_of(pending_, [&](const Pending& each) {
    return each.event.slot == index && each.generation == slot.generation;
  });
  if (is_told || !slot.fd.valid()) {
    return is_told;
  }
  pollfd one{.fd = slot.fd.get(),
             .events = static_cast<short>(slot.connecting ? POLLOUT : POLLIN),
             .revents = 0};
  return ::poll(&one, 1, 0) > 0;
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
  slot.connecting = false;
  int error = 0;
  if ((what & (EPOLLERR | EPOLLHUP)) != 0) {
    socklen_t length = sizeof error;
    ::getsockopt(slot.fd.get(), SOL_SOCKET, SO_ERROR, &error, &length);
  }
  // A reset to our SYN is ECONNREFUSED; these two mean that the connection was open and was reset
  // before we looked.
  if (error == ECONNRESET || error == EPIPE) {
    slot.reset = error;
    error = 0;
  }
  slot.connect_failed = error != 0;
  emit(index, IoKind::connected, error, 0, at);
}

void EpollIo::wake() {
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t ignored = ::write(wake_.get(), &one, sizeof one);
}

}  // namespace

Result<std::unique_ptr<ProbeIo>> make_epoll_io(const Clock& clock, size_t slots_wanted,
                                               size_t reserved) {
  const size_t descriptors = raise_descriptor_limit();
  if (descriptors <= reserved) {
    return fail(
        ErrorKind::io,
        fmt::format("RLIMIT_NOFILE is {}, and {} descriptors are kept for the store and the API: "
                    "none is left "
                    "for probes. Raise it (LimitNOFILE= in the unit, ulimit -n in a shell).",
                    descriptors, reserved));
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
  const size_t slots = std::min(slots_wanted, descriptors - reserved);
  return std::make_unique<EpollIo>(clock, std::move(epoll), std::move(wake), slots);
}

}  // namespace tocsin
