// Runner: ticks, runs and retries. Decides nothing: asks core when a slot is due and whether
// another attempt follows, starts probes, and hands final runs to Life.
#pragma once

#include <functional>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/due_queue.h"
#include "engine/interval_stretch.h"
#include "engine/lag_window.h"
#include "engine/life.h"
#include "engine/monitor_table.h"
#include "engine/self_watch.h"
#include "engine/wall_map.h"
#include "probe/prober.h"

namespace tocsin {

struct RunCounters {
  uint64_t ticks_run = 0, skipped_in_progress = 0, skipped_missed = 0, skipped_overload = 0;
  uint64_t passed = 0, degraded = 0, failed = 0, unknown = 0;  // attempts
};

class Runner final : public ProbeSink {
 public:
  // `lag` and `wall` belong to the engine; `prober` is set once it exists (it needs this sink).
  Runner(MonitorTable& table, Life& life, const Clock& clock, const WallMap& wall, LagWindow& lag);
  void set_prober(Prober& prober) { prober_ = &prober; }
  // Who says whether a failure is to be believed, and which ticks are left out. Without: all are,
  // and none is.
  void set_self_watch(SelfWatch& watch) { self_watch_ = &watch; }
  void set_stretch(IntervalStretch& stretch) { stretch_ = &stretch; }
  // Told of each attempt before it is kept; may be empty.
  using Watch = std::function<void(MonitorEntry&, const Attempt&, Moment)>;
  void set_watch(Watch watch) { watch_ = std::move(watch); }

  // Puts a new, changed, resumed or revived monitor on the schedule, or takes it off.
  void schedule(MonitorEntry& entry, Moment now);
  void unschedule(MonitorEntry& entry);
  // Everything again, after the wall clock jumped.
  void schedule_all(Moment now);

  // Asked for by a person: as soon as no run is going on, and a second after the last began.
  void run_soon(MonitorEntry& entry, Moment now);

  void run_due(Moment now);
  [[nodiscard]] SteadyTime next_deadline();
  // A test that nobody stores. `phase` may be empty. `asks_anew`: its name is looked up past the
  // cache.
  void probe_now(std::shared_ptr<const Monitor> monitor, ReachRole role,
                 std::function<void(const Attempt&)> done,
                 std::function<void(const PhaseEnd&)> phase, bool asks_anew = false);
  [[nodiscard]] const RunCounters& counters() const { return counters_; }

  void on_probe(uint64_t tag, const std::shared_ptr<const Monitor>& monitor,
                ProbeResult&& result) override;
  void on_phase(uint64_t tag, const PhaseEnd& end) override;

 private:
  struct Test {
    std::function<void(const Attempt&)> done;
    std::function<void(const PhaseEnd&)> phase;
  };
  SystemTime next_catch_up(Moment now);
  void take_due(Moment now);
  void fetch_ahead(size_t step);
  void tick(MonitorEntry& entry, Moment now);
  void count_missed(MonitorEntry& entry, uint64_t periods);
  void run_out_of_turn(MonitorEntry& entry, Moment now);
  void start_run(MonitorEntry& entry, SystemTime slot, Moment now);
  void end_run(MonitorEntry& entry);
  void start_attempt(MonitorEntry& entry);
  void after_change(MonitorEntry& entry, bool run_now, Moment now);
  // Puts it where the loop looks at it next.
  void rearm(MonitorEntry& entry, Moment now);
  [[nodiscard]] bool may_time_pass(const MonitorEntry& entry) const;
  // For a first attempt that passed and of which only numbers are to be kept, without making more
  // of it; false: it is none, and nothing was done.
  bool finish_plainly(MonitorEntry& entry, const ProbeResult& result, Moment now);
  void hold_until_vouched(MonitorEntry& entry, Attempt attempt);
  void finish_attempt(MonitorEntry& entry, Attempt attempt, Moment now);
  void count(Verdict verdict, const ProbeResult& result, Moment now);
  [[nodiscard]] Moment moment() const;

  MonitorTable& table_;
  Life& life_;
  const Clock& clock_;
  const WallMap& wall_;
  LagWindow& lag_;
  Prober* prober_ = nullptr;
  SelfWatch* self_watch_ = nullptr;
  IntervalStretch* stretch_ = nullptr;
  Watch watch_;
  std::vector<MonitorEntry*> due_;  // of this turn
  // When to look at each next, by mapped wall time: for its tick, its retry, or what time alone
  // changes.
  DueQueue<SystemTime> queue_;
  std::vector<std::unique_ptr<ActiveRun>> spare_runs_;
  SystemTime catch_up_{};  // when the newest of those that start late was told to start
  std::unordered_map<uint64_t, Test> tests_;
  uint64_t next_test_ = 0;
  RunCounters counters_;
};

}  // namespace tocsin
