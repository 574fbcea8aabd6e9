// PieceLine: work in pieces that several threads do at once, while one thread takes what comes of
// it in order. At most kAhead pieces are done or being done before they are taken. While
// work goes on, a piece that was used goes back to those who work: what is in it is freed by a
// thread that makes such things, as else threads wait for the locks of each other's heaps.
#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "base/result.h"

namespace tocsin {

template <class Piece>
class PieceLine {
 public:
  explicit PieceLine(size_t count) : count_(count) {}

  // For a thread that works: the number of the next piece, as soon as there is room for it.
  // Nothing: no more is wanted. `piece`, which is filled next, is one that was used, if there is.
  std::optional<size_t> claim(Piece& piece) {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [this] { return is_over() || claimed_ < taken_ + kAhead; });
    if (!used_.empty()) {
      piece = std::move(used_.back());
      used_.pop_back();
    }
    return is_over() ? std::nullopt : std::optional(claimed_++);
  }
  // What came of a piece that was claimed.
  void put(size_t number, Piece piece) {
    {
      const std::lock_guard lock(mutex_);
      done_[number % kAhead] = std::move(piece);
    }
    filled_.notify_one();
  }
  // No more can be done, or is wanted.
  void stop(Error why) {
    {
      const std::lock_guard lock(mutex_);
      if (!stopped_) {
        stopped_ = std::move(why);
      }
    }
    room_.notify_all();
    filled_.notify_one();
  }

  // For the thread that takes: the next piece, or why there is none.
  Result<Piece> take() {
    std::unique_lock lock(mutex_);
    std::optional<Piece>& next = done_[taken_ % kAhead];
    filled_.wait(lock, [&] { return stopped_ || next; });
    if (stopped_) {
      return std::unexpected(*stopped_);
    }
    Piece piece = *std::exchange(next, std::nullopt);
    ++taken_;
    lock.unlock();
    room_.notify_all();
    return piece;
  }
  void give_back(Piece piece) {
    const std::lock_guard lock(mutex_);
    used_.push_back(std::move(piece));
  }

 private:
  static constexpr size_t kAhead = 32;

  [[nodiscard]] bool is_over() const { return stopped_ || claimed_ == count_; }

  const size_t count_;
  std::mutex mutex_;
  std::condition_variable room_, filled_;
  size_t claimed_ = 0, taken_ = 0;
  std::array<std::optional<Piece>, kAhead> done_;
  std::vector<Piece> used_;
  std::optional<Error> stopped_;
};

}  // namespace tocsin
