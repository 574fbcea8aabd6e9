// ProbeGate: how many "test now" attempts may run at once, in all and for one caller, so that a
// token is no port scanner.
#pragma once

#include <atomic>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace tocsin {

inline constexpr size_t kProbesAtOnce = 4;  // of all callers
inline constexpr size_t kProbesAtOncePerToken = 1;

class ProbeGate : public std::enable_shared_from_this<ProbeGate> {
 public:
  // One of the places. Given back before the caller is answered, who may ask for the next at once;
  // or else when it goes. On whatever thread.
  class Place {
   public:
    Place(std::shared_ptr<ProbeGate> gate, std::string caller)
        : gate_(std::move(gate)), caller_(std::move(caller)) {}
    ~Place() { give_back(); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    void give_back();

   private:
    std::shared_ptr<ProbeGate> gate_;  // an attempt may end after the API has
    std::string caller_;
    std::atomic<bool> is_back_ = false;
  };
  // Held while the attempt runs, by all who see its end.
  using Ticket = std::shared_ptr<Place>;

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
