// sim_seeds: random worlds under checkers that know nothing of the code: services come and go,
// receivers die, the disk fills, the process is killed or stands still, the clock jumps; at the end
// the invariants of ARCHITECTURE.md must hold, and the same seed must give the same log.
//
//   sim_seeds --seeds 100          seeds 1 to 100
//   sim_seeds --seed 42            one seed, with its log hash
//   sim_seeds --first 101 --seeds 100   seeds 101 to 200
#include <fmt/format.h>

#include <charconv>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "sim/world.h"

namespace tocsin::sim {
namespace {

constexpr Duration kFaults = 40min;  // faults happen within this time
// Then all is well again, long enough for every back-off step in use to pass.
constexpr Duration kCalm = 100min;
constexpr size_t kMonitors = 12;

std::string address(size_t i) { return fmt::format("10.0.1.{}:80", i + 1); }

Monitor random_monitor(SimRandom& random, size_t i) {
  Monitor result = monitor(fmt::format("m{}", i), address(i));
  constexpr Duration kIntervals[] = {1s, 5s, 10s, 30s, 60s};
  result.interval = kIntervals[random.below(5)];
  result.alert.after_runs = static_cast<uint32_t>(1 + random.below(3));
  result.alert.recover_after_runs = static_cast<uint32_t>(1 + random.below(3));
  if (random.chance(30)) {
    result.retry.strategy = RetryStrategy::fixed;
    result.retry.base = 2s;
    result.retry.total = 30s;
  }
  if (random.chance(20)) {
    result.alert.reminder_every = 5min;
    result.alert.reminder_count = 3;
  }
  // Far above what any service here takes: only a stall of ours can exceed them.
  if (random.chance(50)) {
    result.degraded_after = 110ms;
    result.fail_after = 130ms;
    result.timeout = 150ms;
  }
  if (random.chance(40)) {
    result.request = {SendStep{"PING\r\n"}};
    result.assertions = {{.source = AssertionSource::response_data,
                          .property = {},
                          .comparison = Comparison::contains,
                          .target = "+PONG"}};
  }
  return result;
}

// Our own loop stands still: a large reload, a machine out of breath.
void stall_at(World& world, Duration at, Duration length) {
  world.at(at, [&world, length] {
    world.engine().mailbox().post(
        [&world, length] { world.clock().advance_to(world.clock().steady_now() + length); });
  });
}

void plan_faults(World& world, SimRandom& random) {
  for (size_t i = 0; i < kMonitors; ++i) {
    Behaviour& service = world.service(address(i));
    service.round_trip = random.between(100us, 30ms);
    service.answer = "+PONG\r\n";
    service.segment_bytes = random.below(4);
    world.up(address(i));
    Duration at = random.between(1min, 10min);
    while (random.chance(70) && at < kFaults) {
      const Duration back = at + random.between(5s, 8min);
      world.at(at, [&world, i] { world.down(address(i)); });
      world.at(std::min(back, kFaults), [&world, i] { world.up(address(i)); });
      at = back + random.between(10s, 10min);
    }
  }
  for (int n = 0; n < 6; ++n) {
    const Duration at = random.between(1min, kFaults);
    const Duration until = std::min(kFaults, at + random.between(1s, 5min));
    switch (random.below(6)) {
      case 0:
        world.at(at, [&world] { world.crash_and_restart(); });
        break;
      case 1: {
        constexpr ReceiverMode kModes[] = {ReceiverMode::dead, ReceiverMode::hanging,
                                           ReceiverMode::refusing, ReceiverMode::lost_answer};
        const ReceiverMode mode = kModes[random.below(4)];
        world.at(at, [&world, mode] { world.sender().set_mode(mode); });
        world.at(until, [&world] { world.sender().set_mode(ReceiverMode::up); });
        break;
      }
      case 2:
        world.at(at, [&world] { world.disk().full = true; });
        world.at(until, [&world] { world.disk().full = false; });
        break;
      case 3:
        world.at(at, [&world] { world.network().fail_locally(24 /* EMFILE */, 100'000); });
        world.at(until, [&world] { world.network().fail_locally(0, 0); });
        break;
      case 4: {
        const Duration push = random.between(-2h, 2h);
        world.at(at, [&world, push] { world.clock().push_wall(push); });
        break;
      }
      case 5:
        for (Duration when = at; when < until; when += random.between(10ms, 2s)) {
          stall_at(world, when, random.between(1ms, 400ms));
        }
        break;
      default:
        break;
    }
  }
  world.at(kFaults, [&world] {
    world.sender().set_mode(ReceiverMode::up);
    world.disk().full = false;
  });
}

class Checker {
 public:
  explicit Checker(World& world) : world_(world) {}

  std::vector<std::string> broken() {
    incidents_close();
    nothing_waits();
    notices_pair_up();
    no_failure_while_up();
    nobody_is_slow();
    no_slot_twice();
    nothing_unknown_was_sent();
    downs_had_enough_failures();
    return std::move(broken_);
  }

 private:
  void expect(bool holds, std::string what) {
    if (!holds) {
      broken_.push_back(std::move(what));
    }
  }

  // All services are up at the end, so every incident has closed.
  void incidents_close() {
    for (const auto& [id, incident] : world_.disk().incidents) {
      expect(incident.closed.has_value(),
             "incident " + id + " of " + incident.monitor_id + " is still open");
    }
  }

  // Every delivery that was ever durable ended as delivered or suppressed with a reason.
  void nothing_waits() {
    std::set<std::string> accepted;
    for (const Accepted& message : world_.sender().accepted()) {
      accepted.insert(message.key);
    }
    for (const auto& [key, delivery] : world_.disk().deliveries) {
      if (delivery.state == DeliveryState::suppressed) {
        expect(!delivery.last_result.empty(), "a suppressed delivery without a reason");
        continue;
      }
      expect(delivery.state == DeliveryState::delivered,
             fmt::format("delivery of {} is {}", event_type_name(delivery.event.type),
                         delivery_state_name(delivery.state)));
      expect(accepted.contains(key), "a delivery called delivered that nobody accepted");
    }
  }

  // Per incident: the first thing told is down; recovered is told at most under one key, and only
  // after a down.
  void notices_pair_up() {
    std::map<std::string, std::set<std::string>> keys;  // incident + type -> keys
    for (const auto& [key, delivery] : world_.disk().deliveries) {
      // While flapping the ups and downs of one incident are recorded as suppressed, each under its
      // own key.
      if (delivery.state == DeliveryState::suppressed) {
        continue;
      }
      keys[delivery.event.incident.value + std::string(event_type_name(delivery.event.type))]
          .insert(key);
      if (delivery.event.type == EventType::recovered) {
        const std::string down = delivery.event.incident.value + "monitor.down";
        bool told = false;
        for (const auto& [other, row] : world_.disk().deliveries) {
          told = told || (row.event.incident == delivery.event.incident &&
                          row.event.type == EventType::down);
        }
        expect(told, "recovered without down in " + down);
      }
    }
    for (const auto& [what, with_keys] : keys) {
      if (what.ends_with("monitor.down") || what.ends_with("monitor.recovered")) {
        expect(with_keys.size() == 1, what + " has several keys");
      }
    }
  }

  [[nodiscard]] bool was_up_around(const std::string& where, Duration from, Duration to) {
    bool up = true;
    for (const Truth& truth : world_.truth(where)) {
      if (truth.at <= from) {
        up = truth.up;
      } else if (truth.at <= to) {
        return false;
      }
    }
    return up;
  }

  // No false DOWN: an attempt while the service was up for its whole length never failed.
  void no_failure_while_up() {
    for (const auto& [id, row] : world_.disk().attempts) {
      if (row.attempt.evaluation.verdict != Verdict::failed || !row.attempt.result.remote) {
        continue;
      }
      // The wall clock jumps in some worlds; those whose clock is off at the end prove nothing
      // here.
      const std::string where = row.attempt.result.remote->text();
      const auto at = steady_of(row.attempt.result);
      if (at && was_up_around(where, *at - 1s, *at + row.attempt.result.response_time + 1s)) {
        broken_.push_back(fmt::format("{} failed while {} was up: {}", result_id_text(id), where,
                                      row.attempt.evaluation.reason));
      }
    }
  }

  // Services answer at once here, so whatever took long was our own loop.
  void nobody_is_slow() {
    for (const auto& [id, row] : world_.disk().attempts) {
      const auto& error = row.attempt.evaluation.error;
      expect(!error || error->code != ErrorCode::too_slow, "too_slow: " + result_id_text(id));
      expect(!error || error->code != ErrorCode::timeout, "timeout: " + result_id_text(id));
    }
  }

  // Wall time back to simulated time, when the clock was never pushed.
  std::optional<Duration> steady_of(const ProbeResult& result) {
    if (world_.clock().system_now() - SimClock::kEpoch != world_.clock().since_start()) {
      return std::nullopt;
    }
    return result.started - SimClock::kEpoch;
  }

  // One final result a slot and epoch.
  void no_slot_twice() {
    std::set<std::tuple<int64_t, uint32_t, SystemTime>> finals;
    for (const auto& [id, row] : world_.disk().attempts) {
      if (row.final_attempt) {
        expect(finals.emplace(id.monitor.value, id.clock_epoch, id.slot).second,
               "two final attempts in one slot: " + result_id_text(id));
      }
    }
  }

  // Whatever a receiver got stands in the store, so that no crash made us tell it again under
  // another key. On a full disk people are told all the same.
  void nothing_unknown_was_sent() {
    if (world_.disk().ever_full) {
      return;
    }
    for (const Accepted& message : world_.sender().accepted()) {
      expect(world_.disk().deliveries.contains(message.key),
             "a notice went out that the store does not know: " + message.key);
    }
  }

  // A naive count over the stored finals: an incident needs after_runs failures in a row somewhere
  // before it. Results are dropped while the disk is full; in such a world the count proves
  // nothing.
  void downs_had_enough_failures() {
    if (world_.disk().ever_full) {
      return;
    }
    for (const auto& [id, incident] : world_.disk().incidents) {
      const MonitorRow& row = world_.disk().monitors.at(incident.monitor);
      uint32_t streak = 0, longest = 0;
      for (const StoredAttempt* final_one : finals_in_order(incident.monitor)) {
        const Verdict verdict = final_one->attempt.evaluation.verdict;
        streak = verdict == Verdict::failed ? streak + 1 : verdict == Verdict::unknown ? streak : 0;
        longest = std::max(longest, streak);
      }
      expect(longest >= row.monitor.definition->alert.after_runs,
             "incident " + id + " opened without enough failures in a row");
    }
  }

  std::vector<const StoredAttempt*> finals_in_order(MonitorUid monitor) {
    std::vector<const StoredAttempt*> rows;  // ResultId orders by epoch, then slot
    for (const auto& [id, row] : world_.disk().attempts) {
      if (id.monitor == monitor && row.final_attempt) {
        rows.push_back(&row);
      }
    }
    return rows;
  }

 private:
  World& world_;
  std::vector<std::string> broken_;
};

struct Trial {
  uint64_t log_hash = 0;
  size_t results = 0, notices = 0;
  std::vector<std::string> broken;
};

Trial run_seed(uint64_t seed) {
  World world(seed);
  SimRandom chance(seed * 7919 + 1);
  for (size_t i = 0; i < kMonitors; ++i) {
    world.watch(random_monitor(chance, i));
  }
  plan_faults(world, chance);
  world.run_until(kCalm);
  Checker checker(world);
  return {.log_hash = stable_hash(world.log()),
          .results = world.disk().attempts.size(),
          .notices = world.sender().accepted().size(),
          .broken = checker.broken()};
}

int run(uint64_t first, uint64_t count) {
  size_t results = 0, notices = 0, failures = 0;
  for (uint64_t seed = first; seed < first + count; ++seed) {
    const Trial trial = run_seed(seed);
    results += trial.results;
    notices += trial.notices;
    for (const std::string& what : trial.broken) {
      fmt::print("seed {}: {}\n", seed, what);
    }
    failures += trial.broken.empty() ? 0 : 1;
    if (run_seed(seed).log_hash != trial.log_hash) {
      fmt::print("seed {}: a second run gave another log\n", seed);
      ++failures;
    }
    if (count == 1) {
      fmt::print("seed {} log {:016x}\n", seed, trial.log_hash);
    }
  }
  fmt::print("{} seeds, {} results, {} notices, {} failed\n", count, results, notices, failures);
  return failures == 0 ? 0 : 1;
}

struct Asked {
  uint64_t first = 1, count = 100;
};

Result<Asked> read_options(const std::vector<std::string>& words) {
  Asked asked;
  for (size_t i = 0; i < words.size(); i += 2) {
    const std::string& option = words[i];
    if (option != "--seed" && option != "--seeds" && option != "--first") {
      return fail(ErrorKind::invalid_input,
                  "unknown option \"" + option + "\"; there are --seed, --seeds and --first");
    }
    const std::string text = i + 1 < words.size() ? words[i + 1] : "";
    uint32_t number = 0;  // so that first + count always fits
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_whole = error == std::errc() && end == text.data() + text.size();
    if (!is_whole || (option == "--seeds" && number == 0)) {
      return fail(ErrorKind::invalid_input,
                  fmt::format("{} needs a number from {} to 4294967295, not \"{}\"", option,
                              option == "--seeds" ? 1 : 0, text));
    }
    (option == "--seeds" ? asked.count : asked.first) = number;
    asked.count = option == "--seed" ? 1 : asked.count;
  }
  return asked;
}

}  // namespace
}  // namespace tocsin::sim

int main(int argc, char** argv) {
  const auto asked = tocsin::sim::read_options({argv + 1, argv + argc});
  if (!asked) {
    fmt::print(stderr, "sim_seeds: {}\n", asked.error().message);
    return 2;
  }
  return tocsin::sim::run(asked->first, asked->count);
}
