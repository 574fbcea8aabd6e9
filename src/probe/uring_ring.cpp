#include "probe/uring_ring.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>

#include "base/check.h"

namespace tocsin {
namespace {

// Linux 6.15: who waits for the network is idle, not waiting for a disk. The headers of Debian 12
// do not know it.
constexpr uint32_t kFeatureNoIowait = 1U << 17;
constexpr uint32_t kEnterNoIowait = 1U << 7;

constexpr uint32_t kFeaturesNeeded =
    IORING_FEAT_SINGLE_MMAP | IORING_FEAT_NODROP | IORING_FEAT_EXT_ARG;
constexpr std::array<uint8_t, 6> kOperationsNeeded{IORING_OP_CONNECT,  IORING_OP_SEND,
                                                   IORING_OP_RECV,     IORING_OP_CLOSE,
                                                   IORING_OP_POLL_ADD, IORING_OP_ASYNC_CANCEL};

// How a ring is made, best first: work is done when we ask for it (6.1), when we call the kernel
// for anything (5.19), or by interrupting us.
constexpr uint32_t kCooperative =
    IORING_SETUP_CQSIZE | IORING_SETUP_SUBMIT_ALL | IORING_SETUP_TASKRUN_FLAG;
constexpr std::array<uint32_t, 3> kSetups{kCooperative | IORING_SETUP_SINGLE_ISSUER |
                                              IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_R_DISABLED,
                                          kCooperative | IORING_SETUP_COOP_TASKRUN,
                                          IORING_SETUP_CQSIZE};

int register_with(int fd, unsigned what, void* argument, unsigned count) {
  return static_cast<int>(::syscall(SYS_io_uring_register, fd, what, argument, count));
}

unsigned load(unsigned* shared) {
  return std::atomic_ref<unsigned>(*shared).load(std::memory_order_acquire);
}

void store(unsigned* shared, unsigned value) {
  std::atomic_ref<unsigned>(*shared).store(value, std::memory_order_release);
}

Error why_not(int error) {
  const std::string_view why =
      error == ENOSYS   ? "this kernel has none, or a seccomp filter hides it"
      : error == EPERM  ? "it is forbidden here (sysctl kernel.io_uring_disabled, or a seccomp "
                          "filter as containers have it)"
      : error == ENOMEM ? "too little memory may be locked (LimitMEMLOCK=)"
                        : std::string_view(std::strerror(error));
  return Error{ErrorKind::io, std::string(why)};
}

}  // namespace

UringRing::UringRing(UniqueFd fd) : fd_(std::move(fd)) {}

UringRing::~UringRing() {
  for (const Mapping& mapping : {rings_, places_}) {
    if (mapping.at != nullptr) {
      ::munmap(mapping.at, mapping.size);
    }
  }
}

Result<std::unique_ptr<UringRing>> UringRing::make() {
  int error = 0;
  for (const uint32_t setup : kSetups) {
    io_uring_params params{};
    params.flags = setup;
    params.cq_entries = kEndedMax;
    UniqueFd fd(static_cast<int>(::syscall(SYS_io_uring_setup, kPlaces, &params)));
    if (!fd.valid()) {
      error = errno;
      if (error == EINVAL) {
        continue;  // an older kernel
      }
      break;
    }
    std::unique_ptr<UringRing> ring(new UringRing(std::move(fd)));
    ring->can_poll_first_ = setup != kSetups.back();  // both came with 5.19
    ring->starts_disabled_ = (setup & IORING_SETUP_R_DISABLED) != 0;
    if (Result<void> mapped = ring->map(params); !mapped) {
      return std::unexpected(mapped.error());
    }
    if (Result<void> checked = ring->check_operations(); !checked) {
      return std::unexpected(checked.error());
    }
    return ring;
  }
  return std::unexpected(why_not(error));
}

Result<void> UringRing::map(const io_uring_params& params) {
  if ((params.features & kFeaturesNeeded) != kFeaturesNeeded) {
    return fail(ErrorKind::io, "this kernel is too old for it (5.11 is needed)");
  }
  can_skip_ = (params.features & IORING_FEAT_CQE_SKIP) != 0;
  enter_flags_ = (params.features & kFeatureNoIowait) != 0 ? kEnterNoIowait : 0;
  const auto map_one = [&](size_t size, off_t offset) {
    void* at =
        ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd_.get(), offset);
    return at == MAP_FAILED ? Mapping() : Mapping{at, size};
  };
  rings_ = map_one(std::max(params.sq_off.array + params.sq_entries * sizeof(unsigned),
                            params.cq_off.cqes + params.cq_entries * sizeof(io_uring_cqe)),
                   IORING_OFF_SQ_RING);
  places_ = map_one(params.sq_entries * sizeof(io_uring_sqe), IORING_OFF_SQES);
  if (rings_.at == nullptr || places_.at == nullptr) {
    return std::unexpected(why_not(errno));
  }
  CHECK(params.sq_entries == kPlaces, "the kernel gives the size that was asked for");
  auto* const base = static_cast<char*>(rings_.at);
  const auto field = [&](uint32_t offset) { return reinterpret_cast<unsigned*>(base + offset); };
  sq_head_ = field(params.sq_off.head);
  sq_tail_ = field(params.sq_off.tail);
  sq_flags_ = field(params.sq_off.flags);
  cq_head_ = field(params.cq_off.head);
  cq_tail_ = field(params.cq_off.tail);
  cq_mask_ = *field(params.cq_off.ring_mask);
  cqes_ = reinterpret_cast<io_uring_cqe*>(base + params.cq_off.cqes);
  sqes_ = static_cast<io_uring_sqe*>(places_.at);
  unsigned* const order = field(params.sq_off.array);
  for (unsigned i = 0; i < kPlaces; ++i) {
    order[i] = i;
  }
  return {};
}

Result<void> UringRing::check_operations() const {
  constexpr unsigned kKnown = 64;
  alignas(io_uring_probe)
      std::array<char, sizeof(io_uring_probe) + kKnown * sizeof(io_uring_probe_op)>
          memory{};
  auto* const probe = reinterpret_cast<io_uring_probe*>(memory.data());
  if (register_with(fd_.get(), IORING_REGISTER_PROBE, probe, kKnown) != 0) {
    return std::unexpected(why_not(errno));
  }
  const bool has_all = std::ranges::all_of(kOperationsNeeded, [&](uint8_t operation) {
    return operation < probe->ops_len && (probe->ops[operation].flags & IO_URING_OP_SUPPORTED) != 0;
  });
  return has_all ? Result<void>()
                 : fail(ErrorKind::io, "this kernel lacks operations that probes need");
}

// The thread that does this owns the ring from then on; it may be another than the one that made
// it.
void UringRing::enable() {
  is_enabled_ = true;
  if (starts_disabled_) {
    register_with(fd_.get(), IORING_REGISTER_ENABLE_RINGS, nullptr, 0);
  }
  enter_fd_ = fd_.get();
  io_uring_rsrc_update number{};
  number.offset = UINT32_MAX;
  number.data = static_cast<uint64_t>(fd_.get());
  if (register_with(fd_.get(), IORING_REGISTER_RING_FDS, &number, 1) == 1) {
    enter_fd_ = static_cast<int>(number.offset);  // saves the look-up of the descriptor (5.18)
    enter_flags_ |= IORING_ENTER_REGISTERED_RING;
  }
}

size_t UringRing::asked() const { return tail_ - load(sq_head_); }

bool UringRing::holds_back() const {
  return (load(sq_flags_) & (IORING_SQ_CQ_OVERFLOW | IORING_SQ_TASKRUN)) != 0;
}

size_t UringRing::place_of(const io_uring_sqe& asked) const {
  return static_cast<size_t>(&asked - sqes_);
}

io_uring_sqe& UringRing::ask(uint8_t operation, uint64_t key) {
  while (asked() == kPlaces) {
    submit();
    take(early_);  // an old kernel takes nothing more while it holds back
  }
  io_uring_sqe& place = sqes_[tail_ % kPlaces];
  ++tail_;
  place = {};
  place.opcode = operation;
  place.user_data = key;
  if (key == kNobody && can_skip_) {
    place.flags = IOSQE_CQE_SKIP_SUCCESS;
  }
  return place;
}

int UringRing::enter(unsigned ended, const io_uring_getevents_arg& arg) {
  if (!is_enabled_) {
    enable();
  }
  store(sq_tail_, tail_);
  const long count =
      ::syscall(SYS_io_uring_enter, enter_fd_, static_cast<unsigned>(asked()), ended,
                IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG | enter_flags_, &arg, sizeof arg);
  return count < 0 ? errno : 0;
}

void UringRing::submit() { enter(0, {}); }

bool UringRing::wait(size_t ended, std::optional<Duration> most) {
  __kernel_timespec time{};
  io_uring_getevents_arg arg{};
  if (most) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*most);
    time.tv_sec = seconds.count();
    time.tv_nsec = std::chrono::nanoseconds(*most - seconds).count();
    arg.ts = reinterpret_cast<uint64_t>(&time);
  }
  return enter(static_cast<unsigned>(std::min<size_t>(ended, kEndedMax)), arg) != EINTR;
}

void UringRing::take(std::vector<UringCompletion>& ended) {
  if (&ended != &early_) {
    ended.insert(ended.end(), early_.begin(), early_.end());
    early_.clear();
  }
  unsigned head = *cq_head_;
  const unsigned tail = load(cq_tail_);
  for (; head != tail; ++head) {
    const io_uring_cqe& each = cqes_[head & cq_mask_];
    if (each.user_data != kNobody) {
      ended.push_back({each.user_data, each.res, each.flags});
    }
  }
  store(cq_head_, head);
}

}  // namespace tocsin
