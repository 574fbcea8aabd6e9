// ProbeGate: how many "test now" attempts may run at once, in all and for one caller, so that a
// token is no port scanner.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace tocsin {

inline constexpr size_t kProbesAtOnce = 4;  // of all callers
inline constexpr size_t kProbesAtOncePerToken = 1;

class ProbeGate : public std::enable_shared_from_this<ProbeGate> {
 public:
  // Held while the attempt runs; gives the place back when the last copy goes, on whatever thread.
  using Ticket = std::shared_ptr<void>;

  // Empty when `caller` has `own_max` running or all places are taken. The gate must be held by a
  // shared_ptr.
  Ticket enter(const std::string& caller, size_t own_max);

 private:
  void leave(const std::string& caller);

  // Entered on the API's thread, left on the engine's.
  std::mutex mutex_;
  std::map<std::string, size_t> running_;
  size_t all_ = 0;
};

}  // namespace tocsin
