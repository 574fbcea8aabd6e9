// IdempotentAnswers: what was answered to requests that carried an Idempotency-Key, so that one
// sent again (its answer was lost on the way) does not act again. Bounded in number, bytes and
// time; the oldest go first. Pure: `now` is an argument.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "api/message.h"
#include "base/limits.h"
#include "base/time.h"

namespace tocsin {

inline constexpr size_t kIdempotencyKeyBytesMax = 100;
inline constexpr size_t kIdempotentAnswersMax = 10'000;
inline constexpr size_t kIdempotentBytesMax = 32_MiB;  // of all answers kept
inline constexpr Duration kIdempotentTime = 24h;
// No handler takes this long: one that never answered must not hold its key for a day.
inline constexpr Duration kIdempotentRunningTime = 5min;

class IdempotentAnswers {
 public:
  // Whose key it is: the caller's id and the key.
  using Key = std::pair<std::string, std::string>;

  enum class State : uint8_t {
    fresh,          // never seen: run it, then finish() or forget()
    running,        // the first one has not been answered yet
    other_request,  // the key came with another request
    answered,
  };
  struct Found {
    State state = State::fresh;
    std::optional<ApiResponse> answer;
  };

  // `request` is a fingerprint of everything that must be the same.
  Found begin(const Key& key, uint64_t request, SteadyTime now);
  void finish(const Key& key, ApiResponse answer);
  // It did not act: the same key may be tried again.
  void forget(const Key& key);

  [[nodiscard]] size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    uint64_t request = 0;
    SteadyTime begun{};
    std::optional<ApiResponse> answer;
    std::list<Key>::iterator place;
  };
  using Entries = std::map<Key, Entry>;
  void drop(Entries::iterator entry);
  void drop_old(SteadyTime now);
  void make_room();

  Entries entries_;
  std::list<Key> oldest_first_;
  size_t bytes_ = 0;
};

}  // namespace tocsin
