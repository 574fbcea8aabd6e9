// For tests: a real clock, a resolver with a table, a sink that remembers.
#pragma once

#include <time.h>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ports/clock.h"
#include "ports/resolver.h"
#include "probe/prober.h"

namespace tocsin {

class TestClock final : public Clock {
 public:
  [[nodiscard]] SystemTime system_now() const override { return SystemTime(read(CLOCK_REALTIME)); }
  [[nodiscard]] SteadyTime steady_now() const override { return SteadyTime(read(CLOCK_BOOTTIME)); }

 private:
  static Duration read(clockid_t id) {
    timespec now{};
    ::clock_gettime(id, &now);
    return std::chrono::seconds(now.tv_sec) +
           std::chrono::duration_cast<Duration>(std::chrono::nanoseconds(now.tv_nsec));
  }
};

// Answers at once from `names`; other names wait until answer() is called.
class TestResolver final : public Resolver {
 public:
  std::map<std::string, ResolveAnswer, std::less<>> names;
  std::vector<uint64_t> asked, cancelled;
  AddressWish last_wish = AddressWish::both;

  std::optional<ResolveAnswer> resolve(std::string_view name, AddressWish wish, SteadyTime,
                                       uint64_t token, ResolveSink& sink) override {
    last_wish = wish;
    if (const auto found = names.find(name); found != names.end()) {
      return found->second;
    }
    asked.push_back(token);
    sink_ = &sink;
    return std::nullopt;
  }
  // Its cache knows nothing of them: they are answered at once only past it.
  std::map<std::string, ResolveAnswer, std::less<>> names_now;
  std::optional<ResolveAnswer> ask_now(std::string_view name, AddressWish wish, SteadyTime deadline,
                                       uint64_t token, ResolveSink& sink) override {
    const auto found = names_now.find(name);
    return found == names_now.end() ? resolve(name, wish, deadline, token, sink) : found->second;
  }
  void answer(const ResolveAnswer& answer) { sink_->on_resolved(asked.back(), answer); }
  void cancel(uint64_t token) override { cancelled.push_back(token); }
  void drive(SteadyTime) override {}
  [[nodiscard]] SteadyTime next_deadline() const override { return kNever; }

 private:
  ResolveSink* sink_ = nullptr;
};

class TestSink final : public ProbeSink {
 public:
  std::vector<std::pair<uint64_t, ProbeResult>> results;
  std::function<void()> then;  // called once, from inside the next on_probe
  void on_probe(uint64_t tag, const std::shared_ptr<const Monitor>&,
                ProbeResult&& result) override {
    results.emplace_back(tag, std::move(result));
    if (const auto once = std::exchange(then, nullptr)) {
      once();
    }
  }
  std::vector<std::pair<uint64_t, PhaseEnd>> phases;
  void on_phase(uint64_t tag, const PhaseEnd& end) override { phases.emplace_back(tag, end); }
};

}  // namespace tocsin
