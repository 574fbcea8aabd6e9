// SimResolver: names the test knows, after a delay; everything else does not exist.
#pragma once

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ports/resolver.h"
#include "sim/sim_network.h"

namespace tocsin::sim {

class SimResolver final : public Resolver {
 public:
  explicit SimResolver(SimClock& clock, SimNetwork& network) : clock_(clock), network_(network) {}

  void name(const std::string& name, const std::string& address) { names_[name] = {address}; }
  void addresses(const std::string& name, std::vector<std::string> all) {
    names_[name] = std::move(all);
  }
  void forget(const std::string& name) { names_.erase(name); }
  // Dead: every question ends as resolver_down when its deadline comes.
  void set_dead(bool dead) { dead_ = dead; }
  // Silent: the old address is used after so long; 0: it answers.
  void set_silent(Duration until_stale) { until_stale_ = until_stale; }
  // What it knows of this family it says so late; kSilence: never.
  void set_late(Family family, Duration late) { late_[family] = late; }
  static constexpr Duration kSilence = Duration::max();

  std::optional<ResolveAnswer> resolve(std::string_view name, AddressWish wish, SteadyTime deadline,
                                       uint64_t token, ResolveSink& sink) override {
    const bool is_stale = until_stale_ > Duration(0);
    ResolveAnswer answer{.cached = is_stale, .stale = is_stale};
    const auto found = names_.find(std::string(name));
    if (dead_) {
      answer.error = ProbeError{ErrorCode::resolver_down, Phase::dns, "no resolver answers"};
    } else if (found == names_.end()) {
      answer.error = ProbeError{ErrorCode::host_not_found, Phase::dns, ""};
    } else {
      for (const std::string& text : found->second) {
        const IpAddress ip = *IpAddress::parse(text);
        if (wishes(wish, ip.family)) {
          answer.addresses.push_back(ip);
        }
      }
      if (answer.addresses.empty()) {
        answer.error = ProbeError{ErrorCode::no_address_of_family, Phase::dns, ""};
      }
    }
    waiting_.insert(token);
    if (!answer.error && !is_stale) {
      say_by_family(std::move(answer), wish, deadline, token, sink);
    } else {
      say(dead_ ? Duration(2s) : is_stale ? until_stale_ : kDelay, std::move(answer), token, sink);
    }
    return std::nullopt;
  }
  void crash() { waiting_.clear(); }
  void cancel(uint64_t token) override { waiting_.erase(token); }
  void drive(SteadyTime) override {}
  [[nodiscard]] SteadyTime next_deadline() const override { return kNever; }

 private:
  static constexpr Duration kDelay = 1ms;
  static constexpr Duration kOtherFamily = 50ms;  // RFC 8305 section 3

  void say(Duration after, ResolveAnswer answer, uint64_t token, ResolveSink& sink) {
    network_.schedule(clock_.steady_now() + after, [this, token, answer, &sink] {
      const bool is_awaited = answer.partial ? waiting_.contains(token) : waiting_.erase(token) > 0;
      if (is_awaited) {
        sink.on_resolved(token, answer);
      }
    });
  }
  [[nodiscard]] Duration late(Family family) const {
    const auto found = late_.find(family);
    return found == late_.end() ? Duration(0) : found->second;
  }
  // Half of a name first, where one family is late.
  void say_by_family(ResolveAnswer answer, AddressWish wish, SteadyTime deadline, uint64_t token,
                     ResolveSink& sink) {
    Duration latest{};
    ResolveAnswer half{.partial = true};
    for (const Family family : {Family::v4, Family::v6}) {
      if (wishes(wish, family)) {
        latest = std::max(latest, late(family));
        std::ranges::copy_if(answer.addresses, std::back_inserter(half.addresses),
                             [&](const IpAddress& ip) {
                               return ip.family == family && late(family) == Duration(0);
                             });
      }
    }
    if (wish == AddressWish::both && latest > kOtherFamily && !half.addresses.empty()) {
      say(kOtherFamily, std::move(half), token, sink);
    }
    if (latest == kSilence) {
      answer = {.error =
                    ProbeError{ErrorCode::resolver_down, Phase::dns, "no answer for a family"}};
      latest = deadline - clock_.steady_now() - kDelay;
    }
    say(kDelay + latest, std::move(answer), token, sink);
  }

  SimClock& clock_;
  SimNetwork& network_;
  std::map<std::string, std::vector<std::string>> names_;
  std::set<uint64_t> waiting_;
  std::map<Family, Duration> late_;
  bool dead_ = false;
  Duration until_stale_{};
};

}  // namespace tocsin::sim
