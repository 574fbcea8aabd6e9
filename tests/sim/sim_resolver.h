// SimResolver: names the test knows, after a delay; everything else does not exist.
#pragma once

#include <map>
#include <set>

#include "ports/resolver.h"
#include "sim/sim_network.h"

namespace tocsin::sim {

class SimResolver final : public Resolver {
 public:
  explicit SimResolver(SimClock& clock, SimNetwork& network) : clock_(clock), network_(network) {}

  void name(const std::string& name, const std::string& address) { names_[name] = address; }
  void forget(const std::string& name) { names_.erase(name); }
  // Dead: every question ends as resolver_down when its deadline comes.
  void set_dead(bool dead) { dead_ = dead; }

  std::optional<ResolveAnswer> resolve(std::string_view name, AddressWish, SteadyTime,
                                       uint64_t token, ResolveSink& sink) override {
    ResolveAnswer answer;
    const auto found = names_.find(std::string(name));
    if (dead_) {
      answer.error = ProbeError{ErrorCode::resolver_down, Phase::dns, "no resolver answers"};
    } else if (found == names_.end()) {
      answer.error = ProbeError{ErrorCode::host_not_found, Phase::dns, ""};
    } else {
      answer.addresses.push_back(*IpAddress::parse(found->second));
    }
    waiting_.insert(token);
    network_.schedule(clock_.steady_now() + (dead_ ? Duration(2s) : kDelay),
                      [this, token, answer, &sink] {
                        if (waiting_.erase(token) > 0) {
                          sink.on_resolved(token, answer);
                        }
                      });
    return std::nullopt;
  }
  void crash() { waiting_.clear(); }
  void cancel(uint64_t token) override { waiting_.erase(token); }
  void drive(SteadyTime) override {}
  [[nodiscard]] SteadyTime next_deadline() const override { return kNever; }

 private:
  static constexpr Duration kDelay = 1ms;
  SimClock& clock_;
  SimNetwork& network_;
  std::map<std::string, std::string> names_;
  std::set<uint64_t> waiting_;
  bool dead_ = false;
};

}  // namespace tocsin::sim
