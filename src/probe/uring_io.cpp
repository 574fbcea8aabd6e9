#include "probe/uring_io.h"

#include <fmt/format.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/check.h"
#include "base/unique_fd.h"
#include "probe/first_router.h"
#include "probe/probe_socket.h"
#include "probe/slot_pages.h"
#include "probe/slot_socket.h"
#include "probe/uring_ring.h"
#include "probe/uring_watches.h"

namespace tocsin {
namespace {

constexpr uint64_t kForeign = uint64_t{1} << 63;
constexpr uint32_t kGenerationMask = 0x0fffffffU;

enum class Operation : uint8_t { connect, send, receive };

uint64_t key_of(SlotIndex index, uint32_t generation, Operation operation) {
  return (static_cast<uint64_t>(operation) << 60) | (uint64_t{generation} << 32) | index;
}

bool is_of(uint64_t key, SlotIndex index, uint32_t generation) {
  return (key & kForeign) == 0 && static_cast<SlotIndex>(key) == index &&
         ((key >> 32) & kGenerationMask) == generation;
}

// What a turn does at once are calls that io_uring has not (getsockopt of TCP), hands to a thread
// of its own (shutdown) or does for more (close). The rest waits for the end of the turn.
//
// A connection may be closed with operations under way: a connect is called off and its end, whose
// key is of an earlier generation, dropped. A send and a receive have memory of the caller's, so
// close() lasts until the kernel is done with it; that is rare, as what ends well has received its
// end.
class UringIo final : public ProbeIo {
 public:
  UringIo(const Clock& clock, std::unique_ptr<UringRing> ring, UniqueFd wake, size_t slots,
          const OwnPorts& own_ports);
  ~UringIo() override;

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
  struct Slot : SlotSocket {
    uint32_t generation = 0;  // grows with every connect and close: tells late ends apart
    bool receiving = false;
    bool sending = false;
    bool has_more = false;  // a receive is worth a try at once
    size_t sent = 0;
    std::span<char> buffer;
    std::span<const char> unsent;
  };
  static_assert(sizeof(Slot) == kUringSlotBytes);
  struct Pending {
    IoEvent event;
    uint32_t generation = 0;
  };
  void emit(SlotIndex index, IoKind kind, int error, size_t bytes, SteadyTime at);
  int make_socket(Slot& slot, const SocketAddress& to, const ConnectOptions& options);
  void ask_connect(SlotIndex index, const SocketAddress& to);
  void ask_send(SlotIndex index);
  void ask_receive(SlotIndex index);
  void call_off(SlotIndex index);
  void take_back(uint64_t key);
  [[nodiscard]] bool has_ended(uint64_t key) const;
  void look();
  void rest(SteadyTime until);
  void on_ended(const UringCompletion& ended, SteadyTime at);
  void on_connected(SlotIndex index, int error, SteadyTime at);
  void on_sent(SlotIndex index, int result, SteadyTime at);
  void on_received(SlotIndex index, const UringCompletion& ended, SteadyTime at);

  const Clock& clock_;
  UniqueFd wake_;
  OwnPorts own_ports_;
  bool was_interrupted_ = false;
  SlotPages<Slot> slots_;
  std::vector<sockaddr_storage> addresses_{UringRing::kPlaces};  // of connects not yet submitted
  std::vector<UringCompletion> ended_;                           // not yet told
  std::vector<Pending> pending_;
  std::unique_ptr<UringRing> ring_;
  UringWatches watches_{*ring_, kForeign};
};

UringIo::UringIo(const Clock& clock, std::unique_ptr<UringRing> ring, UniqueFd wake, size_t slots,
                 const OwnPorts& own_ports)
    : clock_(clock),
      wake_(std::move(wake)),
      own_ports_(own_ports),
      slots_(slots),
      ring_(std::move(ring)) {
  watches_.watch(wake_.get(), true, false, [this](bool, bool) {
    uint64_t count = 0;
    [[maybe_unused]] const ssize_t ignored = ::read(wake_.get(), &count, sizeof count);
  });
}

UringIo::~UringIo() {
  slots_.for_each([this](size_t index) { call_off(static_cast<SlotIndex>(index)); });
  ring_->submit();
}

void UringIo::emit(SlotIndex index, IoKind kind, int error, size_t bytes, SteadyTime at) {
  pending_.push_back({{index, kind, error, bytes, at}, slots_[index].generation});
}

// --- connect

void UringIo::connect(SlotIndex index, const SocketAddress& to, const ConnectOptions& options) {
  Slot& slot = slots_[index];
  const uint32_t generation = (slot.generation + 1) & kGenerationMask;
  slot = Slot{SlotSocket::next(slot, to, options, own_ports_), generation};
  int error = slot.fd.valid() ? 0 : make_socket(slot, to, options);
  if (error == 0 && slot.is_unix) {
    error = connect_probe_socket(slot.fd.get(), to);  // done when the call returns
  } else if (error == 0) {
    ask_connect(index, to);
    return;
  }
  slot.connect_failed = error != 0;
  emit(index, IoKind::connected, error, 0, clock_.steady_now());
}

// Connects that were given up hold their descriptors until the end of the turn.
int UringIo::make_socket(Slot& slot, const SocketAddress& to, const ConnectOptions& options) {
  OpenedSocket made = make_probe_socket(to, options);
  if (made.error == EMFILE || made.error == ENFILE) {
    ring_->submit();
    made = make_probe_socket(to, options);
  }
  slot.take(std::move(made.fd), own_ports_);
  return made.error;
}

void UringIo::ask_connect(SlotIndex index, const SocketAddress& to) {
  Slot& slot = slots_[index];
  slot.connecting = true;
  io_uring_sqe& asked =
      ring_->ask(IORING_OP_CONNECT, key_of(index, slot.generation, Operation::connect));
  sockaddr_storage& address = addresses_[ring_->place_of(asked)];
  asked.fd = slot.fd.get();
  asked.off = to.to_sockaddr(address);
  asked.addr = reinterpret_cast<uint64_t>(&address);
}

void UringIo::on_connected(SlotIndex index, int error, SteadyTime at) {
  Slot& slot = slots_[index];
  if (slot.has_few_ports) {
    own_ports_.learn(error);
  }
  emit(index, IoKind::connected, slot.finish_connect(error), 0, at);
}

// --- bytes

void UringIo::send(SlotIndex index, std::span<const char> bytes) {
  Slot& slot = slots_[index];
  CHECK(slot.fd.valid() && !slot.sending, "one send at a time on an open slot");
  slot.sending = true;
  slot.unsent = bytes;
  slot.sent = 0;
  ask_send(index);
}

void UringIo::ask_send(SlotIndex index) {
  const Slot& slot = slots_[index];
  io_uring_sqe& asked = ring_->ask(IORING_OP_SEND, key_of(index, slot.generation, Operation::send));
  asked.fd = slot.fd.get();
  asked.addr = reinterpret_cast<uint64_t>(slot.unsent.data());
  asked.len = static_cast<uint32_t>(slot.unsent.size());
  asked.msg_flags = MSG_NOSIGNAL;
}

void UringIo::on_sent(SlotIndex index, int result, SteadyTime at) {
  Slot& slot = slots_[index];
  if (result > 0) {
    slot.sent += static_cast<size_t>(result);
    slot.unsent = slot.unsent.subspan(static_cast<size_t>(result));
  }
  const bool is_again = result == -EINTR || result == -EAGAIN;
  if (is_again || (result > 0 && !slot.unsent.empty())) {
    ask_send(index);
    return;
  }
  slot.sending = false;
  const int error = result >= 0 ? 0 : slot.error_of(-result);
  emit(index, IoKind::sent, error, slot.sent, at);
}

void UringIo::receive(SlotIndex index, std::span<char> buffer) {
  Slot& slot = slots_[index];
  CHECK(slot.fd.valid() && !slot.receiving && !buffer.empty(),
        "one receive at a time on an open slot");
  slot.receiving = true;
  slot.buffer = buffer;
  ask_receive(index);
}

void UringIo::ask_receive(SlotIndex index) {
  const Slot& slot = slots_[index];
  io_uring_sqe& asked =
      ring_->ask(IORING_OP_RECV, key_of(index, slot.generation, Operation::receive));
  asked.fd = slot.fd.get();
  asked.addr = reinterpret_cast<uint64_t>(slot.buffer.data());
  asked.len = static_cast<uint32_t>(slot.buffer.size());
  asked.ioprio = !slot.has_more && ring_->can_poll_first() ? IORING_RECVSEND_POLL_FIRST : 0;
}

void UringIo::on_received(SlotIndex index, const UringCompletion& ended, SteadyTime at) {
  Slot& slot = slots_[index];
  if (ended.result == -EINTR || ended.result == -EAGAIN) {
    ask_receive(index);
    return;
  }
  slot.receiving = false;
  slot.has_more = (ended.flags & IORING_CQE_F_SOCK_NONEMPTY) != 0;
  slot.heard_end = slot.heard_end || ended.result == 0;
  const int error = ended.result > 0 ? 0 : slot.error_of(-ended.result);
  emit(index, IoKind::received, error, ended.result > 0 ? static_cast<size_t>(ended.result) : 0,
       at);
}

void UringIo::shutdown_write(SlotIndex index) { slots_[index].say_end(); }

// --- close

void UringIo::close(SlotIndex index, CloseMode mode) {
  Slot& slot = slots_[index];
  call_off(index);
  slot.generation = (slot.generation + 1) & kGenerationMask;
  if (slot.fd.valid() && !slot.park_or_reset(mode)) {
    if (slot.connecting) {  // perhaps not even submitted: its number must not be another's by then
      ring_->ask(IORING_OP_CLOSE, kNobody).fd = slot.fd.release();
    }
    slot.fd.reset();
  }
  slot.connecting = false;
}

// Ends what is under way; what has memory of the caller's, before it returns.
void UringIo::call_off(SlotIndex index) {
  Slot& slot = slots_[index];
  if (slot.connecting) {
    ring_->ask(IORING_OP_ASYNC_CANCEL, kNobody).addr =
        key_of(index, slot.generation, Operation::connect);
  }
  if (slot.receiving) {
    take_back(key_of(index, slot.generation, Operation::receive));
  }
  if (slot.sending) {
    take_back(key_of(index, slot.generation, Operation::send));
  }
  slot.receiving = slot.sending = false;
}

void UringIo::take_back(uint64_t key) {
  look();
  while (!has_ended(key)) {
    ring_->ask(IORING_OP_ASYNC_CANCEL, kNobody).addr = key;
    look();
    if (!has_ended(key)) {
      ring_->wait(1, 1ms);
      ring_->take(ended_);
    }
  }
}

bool UringIo::has_ended(uint64_t key) const {
  return std::ranges::find(ended_, key, &UringCompletion::key) != ended_.end();
}

bool UringIo::poll_now(SlotIndex index) {
  const Slot& slot = slots_[index];
  const bool is_told = std::ranges::any_of(pending_, [&](const Pending& each) {
    return each.event.slot == index && each.generation == slot.generation;
  });
  if (is_told || !slot.fd.valid()) {
    return is_told;
  }
  look();
  return std::ranges::any_of(ended_,
                             [&](const UringCompletion& each) {
                               return is_of(each.key, index, slot.generation);
                             }) ||
         slot.is_ready();
}

// --- time

// What is there without waiting.
void UringIo::look() {
  if (ring_->asked() > 0 || ring_->holds_back()) {
    ring_->submit();
  }
  ring_->take(ended_);
}

void UringIo::rest(SteadyTime until) {
  if (until == kNever) {
    was_interrupted_ = !ring_->wait(1, std::nullopt);
  } else if (const SteadyTime now = clock_.steady_now(); now < until) {
    was_interrupted_ = !ring_->wait(1, until - now);
  }
  if (was_interrupted_) {
    ring_->submit();  // what came while we were stopped
  }
  ring_->take(ended_);
}

void UringIo::wait(SteadyTime until, std::vector<IoEvent>& events) {
  was_interrupted_ = false;
  ring_->take(ended_);  // of a nap
  if (ring_->asked() > 0 || (ended_.empty() && pending_.empty())) {
    look();
  }
  if (ended_.empty() && pending_.empty()) {
    rest(until);
  }
  const SteadyTime at = clock_.steady_now();
  // By number: a watch may close a slot, which takes what has ended meanwhile.
  size_t next = 0;
  while (next < ended_.size()) {
    UringCompletion ended{.key = kNobody};
    std::swap(ended, ended_[next++]);
    on_ended(ended, at);
  }
  ended_.clear();
  for (const Pending& each : pending_) {
    if (each.generation == slots_[each.event.slot].generation) {
      events.push_back(each.event);
    }
  }
  pending_.clear();
}

void UringIo::on_ended(const UringCompletion& ended, SteadyTime at) {
  if ((ended.key & kForeign) != 0) {
    watches_.on_ended(ended);
    return;
  }
  const auto index = static_cast<SlotIndex>(ended.key);
  if (!is_of(ended.key, index, slots_[index].generation)) {
    return;
  }
  switch (static_cast<Operation>(ended.key >> 60)) {
    case Operation::connect:
      on_connected(index, -ended.result, at);
      return;
    case Operation::send:
      on_sent(index, ended.result, at);
      return;
    case Operation::receive:
      on_received(index, ended, at);
      return;
  }
}

// All that ends meanwhile is left to the kernel until the time is up: so it costs one call.
void UringIo::nap(SteadyTime until) {
  was_interrupted_ = false;
  if (const SteadyTime now = clock_.steady_now(); now < until) {
    ring_->wait(UringRing::kEndedMax, until - now);
  }
}

void UringIo::wake() {
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t ignored = ::write(wake_.get(), &one, sizeof one);
}

}  // namespace

Result<std::unique_ptr<ProbeIo>> make_uring_io(const Clock& clock, size_t slots_wanted,
                                               size_t reserved, const OwnPorts& own_ports) {
  const Result<size_t> slots = probe_slots(slots_wanted, reserved);
  if (!slots) {
    return std::unexpected(slots.error());
  }
  auto ring = UringRing::make();
  if (!ring) {
    return std::unexpected(ring.error());
  }
  UniqueFd wake(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  if (!wake.valid()) {
    return fail(ErrorKind::io, fmt::format("no wake descriptor: {}", std::strerror(errno)));
  }
  return std::make_unique<UringIo>(clock, std::move(*ring), std::move(wake), *slots, own_ports);
}

}  // namespace tocsin
