// World: a whole server in one thread under one seed: the real engine, prober, core and outbox on a
// simulated clock, network, disk and receivers. Tests put services up and down at moments and look
// at what people were told.
//
//   World world(1);
//   world.watch(monitor("db", "10.0.0.1:5432"));
//   world.at(90s, [&] { world.down("10.0.0.1:5432"); });
//   world.run_until(5min);
//   EXPECT_EQ(world.told(), ...);
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "model/config.h"
#include "sim/sim_clock.h"
#include "sim/sim_journal.h"
#include "sim/sim_network.h"
#include "sim/sim_random.h"
#include "sim/sim_resolver.h"
#include "sim/sim_sender.h"
#include "sim/sim_store.h"

namespace tocsin::sim {

// A monitor with one webhook channel "ops", every 10 s, timeout 5 s; change what the test needs.
Monitor monitor(const std::string& id, const std::string& target);

// What receivers accepted, a line each: "1m40s monitor.down redis".
using Told = std::vector<std::string>;
// The same without the times: "monitor.down redis".
Told types(const Told& told);

// One line of the timeline of a service, for checkers.
struct Truth {
  Duration at{};
  bool up = true;
};

class World {
 public:
  explicit World(uint64_t seed);
  ~World();

  void watch(Monitor monitor);  // before the first run_until, or followed by reload()
  void forget(const std::string& id);
  void reload();
  void at(Duration since_start, std::function<void()> action);
  void run_until(Duration since_start);

  // Services at addresses.
  Behaviour& service(const std::string& address) { return network_.service(address); }
  void up(const std::string& address);
  void down(const std::string& address);
  [[nodiscard]] const std::vector<Truth>& truth(const std::string& address) {
    return truth_[address];
  }

  // Before the first run_until: a server that compares failures with ports of its own.
  void with_canaries();

  // The process is killed after this turn: of what was under way to the disk, a prefix chosen by
  // chance arrives. Then it starts again.
  void crash_and_restart();

  // Of the loop, since the beginning: one that has nothing to do sleeps.
  [[nodiscard]] uint64_t turns() const { return turns_; }
  Engine& engine() { return *life_->engine; }
  SimClock& clock() { return clock_; }
  SimNetwork& network() { return network_; }
  SimResolver& resolver() { return resolver_; }
  SimSender& sender() { return sender_; }
  SimRandom& random() { return random_; }
  SimDisk& disk() { return disk_; }
  const SimJournal& journal() { return journal_; }
  Config& config() { return config_; }
  [[nodiscard]] uint64_t crashes() const { return crashes_; }

  [[nodiscard]] Told told() const;
  // Everything observable, for "same seed, same log".
  [[nodiscard]] std::string log() const;
  [[nodiscard]] StatusKind status(const std::string& id);

 private:
  struct Life {
    LoopMailbox mailbox;
    SimStore store;
    std::unique_ptr<Engine> engine;
    Life(World& world);
  };
  void start();
  void crash();

  SimRandom random_;
  SimClock clock_;
  SimNetwork network_;
  SimResolver resolver_;
  SimSender sender_;
  SimDisk disk_;
  SimJournal journal_;
  Config config_;
  CanaryAddresses canaries_;
  std::map<std::string, std::vector<Truth>> truth_;
  uint64_t turns_ = 0;
  std::unique_ptr<Life> life_;
  uint64_t crashes_ = 0;
  bool crash_wanted_ = false;
};

// Attempts on the disk that were judged so.
size_t count_verdicts(World& world, Verdict verdict);
size_t count_code(World& world, ErrorCode code);

}  // namespace tocsin::sim
