// Admission: which attempt may start now, and what becomes of those that may not yet.
//
// An attempt that cannot be made for a reason of our own (no free slot, no descriptor, no memory,
// no local port, a rule of this machine) is put off and made a little later: nobody is accused, and
// nothing is lost but time. Only when it could not be made before its `latest` is it given up, with
// the reason, and its verdict is unknown (docs/adr/0018-own-trouble.md).
//
//   lanes        retries and confirmations of a failure before ordinary first attempts, and a part
//                of the slots for them alone: they decide whether somebody is woken
//   destination  at most kPerDestination attempts at one address and port at once, so that a
//                service is not knocked over by those who look after it; and no more connections
//                than its local ports allow. Who has waited for a quarter of its time goes anyway,
//                unless the ports are short
//   machine      after EMFILE, ENFILE, ENOBUFS or ENOMEM a pause, 10 ms doubled up to 250 ms while
//                nothing goes; then one attempt, then two, four, ... in each turn while they go
//                well
//
// No socket and no clock here. One thread.
#pragma once

#include <array>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "probe/destination_load.h"
#include "probe/errno_map.h"
#include "probe/prober.h"

namespace tocsin {

class Admission {
 public:
  // The longest that an attempt waits for our own trouble to pass; its interval when that is less.
  static constexpr Duration kPatienceMax = 60s;
  static constexpr uint32_t kPerDestination = 8;

  struct Settings {
    size_t queue_max = 0;
    size_t slots = 0;
    LocalPorts ports;
  };
  // One that was given up: why it could not be made.
  struct GivenUp {
    ProbeRequest request;
    ProbeError why;
  };

  explicit Admission(const Settings& settings);

  // A request of this monitor follows in a moment.
  void expect(const Monitor& monitor) const;
  // Takes a new request. True: it may start at once, with one of `free` slots. Else it waits, or
  // `full()` said that it cannot: ask that first.
  bool take(ProbeRequest& request, size_t free, SteadyTime now);
  [[nodiscard]] bool full() const { return waiting() >= settings_.queue_max; }
  // The next that may start, with one of `free` slots.
  std::optional<ProbeRequest> next(size_t free, SteadyTime now);
  // One that started has ended. `no`: it was given up, which says nothing of whether others can be
  // made; `and_took_port`: we closed a connection.
  enum class Made : uint8_t { no, yes, and_took_port };
  void ended(const ProbeRequest& request, Made made, SteadyTime now);
  // One that started could not be made, for our own reason. False: it is too late to try again.
  bool put_off(ProbeRequest& request, Shortage shortage, ProbeError why, SteadyTime now);
  // Once a turn, before next(): what is due, and what is given up.
  void turn(SteadyTime now, std::vector<GivenUp>& given_up);
  // When turn() has something to do, or next() something to give with `free` slots.
  [[nodiscard]] SteadyTime next_deadline(size_t free, SteadyTime now) const;
  template <class Condition>
  void forget(Condition is_its);

  [[nodiscard]] size_t waiting() const { return lanes_[0].size() + lanes_[1].size() + held_; }
  [[nodiscard]] uint64_t put_off_count() const { return put_offs_; }
  [[nodiscard]] uint64_t given_up_count() const { return given_up_; }
  // Destinations slowed to what the local ports allow, as host:port, since the last turn of the
  // sweep; empty when all is well.
  [[nodiscard]] std::vector<std::string> short_of_ports() const;

 private:
  struct Parked {
    ProbeRequest request;
    std::optional<ProbeError> why;
  };
  // A destination whose attempts wait: for one of them to end, or for a time.
  struct Crowd {
    std::deque<Parked> waiting;
    SteadyTime closed_until{};
    Duration pause{};
    bool wants_ports = false;
    std::string name;
  };
  using Lane = std::deque<Parked>;

  [[nodiscard]] Patience patience_of(const ProbeRequest& request, SteadyTime now) const;
  [[nodiscard]] bool may_enter(const ProbeRequest& request, SteadyTime now) const;
  [[nodiscard]] bool has_slot(bool retry, size_t free) const {
    return free > (retry ? 0 : reserved_);
  }
  [[nodiscard]] bool is_machine_closed(SteadyTime now) const {
    return now < closed_until_ || started_ >= allowance_;
  }
  void enter(const ProbeRequest& request, SteadyTime now);
  void park(Parked parked, bool in_front, SteadyTime now);
  bool release(Crowd& crowd);
  void close_machine(SteadyTime now);
  void sweep(SteadyTime now, std::vector<GivenUp>& given_up);
  void give_up(Lane& lane, SteadyTime now, std::vector<GivenUp>& into);

  Settings settings_;
  size_t reserved_;  // slots for retries alone
  DestinationLoad load_;
  std::array<Lane, 2> lanes_;  // retries, first attempts
  std::unordered_map<DestinationLoad::Cell, Crowd> crowds_;
  size_t held_ = 0;  // in crowds
  SteadyTime closed_until_{}, sweep_at_{};
  Duration pause_{};
  size_t allowance_, started_ = 0;  // of this turn
  uint64_t put_offs_ = 0, given_up_ = 0;
};

template <class Condition>
void Admission::forget(Condition is_its) {
  const auto is_its_parked = [&](const Parked& each) { return is_its(each.request); };
  for (Lane& lane : lanes_) {
    std::erase_if(lane, is_its_parked);
  }
  for (auto& [cell, crowd] : crowds_) {
    held_ -= std::erase_if(crowd.waiting, is_its_parked);
  }
}

}  // namespace tocsin
