// One io_uring: its memory, what is asked for and what has ended. Only the calls of the kernel;
// what the operations mean is their owner's. Used by one thread: the first that submits or waits.
#pragma once

#include <linux/io_uring.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "base/unique_fd.h"

namespace tocsin {

struct UringCompletion {
  uint64_t key = 0;  // of the operation
  int result = 0;    // what its system call would have returned; -errno
  uint32_t flags = 0;
};

// A key for operations of whose end nobody wants to hear: it comes only when they fail, if at all.
inline constexpr uint64_t kNobody = UINT64_MAX;

class UringRing {
 public:
  // Needs Linux 5.11 and leave to use it; newer kernels do the same for less. Otherwise the error
  // is the end of the sentence "io_uring cannot be used: ".
  static Result<std::unique_ptr<UringRing>> make();
  ~UringRing();
  UringRing(const UringRing&) = delete;
  UringRing& operator=(const UringRing&) = delete;

  // The next operation to submit, all else zero. What it points to stays valid until it is
  // submitted, or longer where the operation says so. When kPlaces wait, they are submitted first.
  io_uring_sqe& ask(uint8_t operation, uint64_t key);
  // 0 .. kPlaces-1: no other operation that waits has the same.
  [[nodiscard]] size_t place_of(const io_uring_sqe& asked) const;
  // Operations that wait for submit or wait.
  [[nodiscard]] size_t asked() const;
  // The kernel has more to tell than what take() finds now, and submit() makes it. It may also say
  // so when it has told all.
  [[nodiscard]] bool holds_back() const;

  // Never waits. What can end at once has ended then. Not all may be submitted when the kernel is
  // out of memory: they wait on.
  void submit();
  // Submits, then sleeps until so many have ended or the time is up. False: a signal came first,
  // which is told only when nothing was left to submit.
  bool wait(size_t ended, std::optional<Duration> most);
  // Appends what has ended.
  void take(std::vector<UringCompletion>& ended);

  // Receives may say that they are not worth a try before something comes.
  [[nodiscard]] bool can_poll_first() const { return can_poll_first_; }

  static constexpr unsigned kPlaces = 512;
  static constexpr unsigned kEndedMax = 4096;  // beyond it the kernel holds back

 private:
  explicit UringRing(UniqueFd fd);
  Result<void> map(const io_uring_params& params);
  Result<void> check_operations() const;
  void enable();
  int enter(unsigned ended, const io_uring_getevents_arg& arg);

  struct Mapping {
    void* at = nullptr;
    size_t size = 0;
  };
  UniqueFd fd_;
  Mapping rings_, places_;
  io_uring_sqe* sqes_ = nullptr;
  io_uring_cqe* cqes_ = nullptr;
  unsigned *sq_head_ = nullptr, *sq_tail_ = nullptr, *sq_flags_ = nullptr;
  unsigned *cq_head_ = nullptr, *cq_tail_ = nullptr;
  unsigned cq_mask_ = 0;
  unsigned tail_ = 0;  // of what was asked for; told to the kernel with the next call
  bool is_enabled_ = false;
  bool starts_disabled_ = false;
  bool can_poll_first_ = false;
  bool can_skip_ = false;
  std::vector<UringCompletion> early_;  // taken before anybody asked
  int enter_fd_ = -1;
  uint32_t enter_flags_ = 0;
};

}  // namespace tocsin
