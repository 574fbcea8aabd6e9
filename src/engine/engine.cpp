#include "engine/engine.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/clock_shift.h"
#include "core/plan.h"
#include "engine/channel_desk.h"
#include "engine/clock_reading.h"
#include "engine/closed_notes.h"
#include "engine/definitions.h"
#include "engine/delivery_record.h"
#include "engine/evidence_desk.h"
#include "engine/health.h"
#include "engine/interval_stretch.h"
#include "engine/lag_window.h"
#include "engine/life.h"
#include "engine/monitor_table.h"
#include "engine/pending_batch.h"
#include "engine/readings.h"
#include "engine/runner.h"
#include "engine/self_watch.h"
#include "engine/store_watch.h"
#include "engine/turn_pace.h"
#include "engine/wall_map.h"
#include "notify/outbox.h"
#include "probe/prober.h"

namespace tocsin {
namespace {

// How far back the wall clock may stand against what the store has seen before we call it a jump
// back.
constexpr Duration kClockSlack = 1s;

WallMap wall_map(const Clock& clock, uint32_t epoch) {
  const ClockReading clocks = read_clocks(clock);
  return {clocks.wall, clocks.steady, epoch};
}

}  // namespace

class Engine::Impl {
 public:
  Impl(const EnginePorts& ports, ReachPolicy reach, std::string public_url)
      : ports_(ports),
        reach_(std::move(reach)),
        wall_(wall_map(ports.clock, 0)),
        outbox_(ports.sender, ports.clock, ports.random,
                [this](const Delivery& delivery, const std::optional<DeliveryAttempt>& attempt) {
                  record_delivery(batch_, ports_.journal, delivery, attempt,
                                  ports_.clock.steady_now());
                }),
        channels_({.store = ports.store,
                   .sender = ports.sender,
                   .clock = ports.clock,
                   .random = ports.random,
                   .journal = ports.journal,
                   .outbox = outbox_,
                   .monitors = table_}),
        life_(table_, batch_, ports.random, ports.journal, std::move(public_url),
              [this](Delivery delivery) { outbox_.add(std::move(delivery)); }),
        runner_(table_, life_, ports.clock, wall_, lag_),
        definitions_(table_, batch_, life_, runner_, ports.random),
        commands_(table_, batch_, life_, runner_, definitions_, ports.clock, wall_),
        probe_slots_(std::min(ProberSettings{}.slots_max,
                              ports.io.capacity() - evidence_slots(ports.io.capacity()))),
        prober_(ports.io, ports.resolver, ports.clock, reach_, runner_,
                ProberSettings{.slots_max = probe_slots_,
                               .crypto_threads = ports.crypto_threads,
                               .sources = ports.sources,
                               .ports = ports.local_ports}),
        evidence_(table_, life_, runner_, ports.io, ports.resolver, ports.clock, wall_, reach_,
                  static_cast<SlotIndex>(probe_slots_), evidence_slots(ports.io.capacity()),
                  ports.sources) {
    runner_.set_prober(prober_);
    runner_.set_self_watch(self_watch_);
    runner_.set_stretch(stretch_);
    self_watch_.set_probe(
        [this](std::shared_ptr<const Monitor> canary, std::function<void(const Attempt&)> done) {
          runner_.probe_now(std::move(canary), ReachRole::operator_files, std::move(done), {});
        });
    runner_.set_watch([this](MonitorEntry& entry, const Attempt& attempt, Moment now) {
      evidence_.look_at(entry, attempt, now);
    });
    life_.set_channels(&channels_.all());
    batch_.set_feed(ports_.feed);
  }

  Result<void> start(Config config) {
    Result<LoadedStore> loaded = ports_.store.load(
        [this](std::span<LoadedMonitor> some, size_t all) { restore_monitors(some, all); });
    if (!loaded) {
      return std::unexpected(loaded.error());
    }
    const bool went_back = restore_clock(*loaded);
    channels_.restore(std::move(loaded->channels));
    restore_open(std::move(*loaded));
    const std::string project = config.project_id;
    const Result<ReloadSummary> applied = apply(std::move(config));
    if (!applied) {
      return std::unexpected(applied.error());
    }
    // Those that no file has a say in go on where they stopped.
    const Moment now = moment();
    for (MonitorEntry& entry : table_) {
      if (went_back) {
        life_.keep_state(entry, now, true);
      }
      if (!entry.retired && (entry.of_ui || entry.definition->project != project)) {
        definitions_.keep(entry, now);
      }
    }
    return {};
  }

  Result<ReloadSummary> apply(Config config) {
    const Moment now = moment();
    const ChangePlan changes = plan(config.project_id, definitions_.running(), config.monitors);
    std::vector<std::string> warnings = channels_.set_files(config.channels);
    // Only now, with the channels known, may what was waiting at the last stop go out.
    for (Delivery& delivery : std::exchange(restored_, {})) {
      outbox_.add(std::move(delivery));
    }
    for (std::string& warning : definitions_.apply(changes, std::move(config.monitors), now)) {
      warnings.push_back(std::move(warning));
    }
    batch_.rows().clock_epoch = wall_.epoch();
    batch_.touched(now.steady, true);
    config_loaded_ = now.wall;
    config_error_.clear();
    return ReloadSummary{.added = changes.add.size(),
                         .changed = changes.change.size(),
                         .kept = changes.keep.size(),
                         .retired = changes.retire.size(),
                         .revived = changes.revive.size(),
                         .warnings = std::move(warnings)};
  }

  void turn(SteadyTime until) {
    const bool is_wanted =
        ports_.mailbox.has_posts() || (ports_.mailbox.has_requests() && !puts_requests_off());
    const SteadyTime idle = ports_.clock.steady_now();
    const TurnPace::Turn turn = pace_.begin(idle, is_wanted);
    if (turn.sleep_until) {
      ports_.io.nap(*turn.sleep_until);
    }
    const SteadyTime deadline = turn.waits ? std::min(until, next_deadline()) : SteadyTime{};
    prober_.before_wait(ports_.clock.steady_now(), deadline);
    // After a sleep that can have brought nothing the next turn's look is enough.
    if (!turn.sleep_until || prober_.awaits_events() || evidence_.next_deadline() != kNever) {
      ports_.io.wait(deadline, events_);
    }
    const SteadyTime woke = ports_.clock.steady_now();
    pace_.count(woke, events_.size());
    keep_pace(woke, woke - idle);
    prober_.handle(events_);
    evidence_.handle(events_);
    events_.clear();
    ports_.mailbox.run_posts();
    observe_clock();
    prober_.advance(ports_.clock.steady_now());
    runner_.run_due(moment());
    self_watch_.advance(ports_.clock.steady_now());
    serve_clients();
    const SteadyTime now = ports_.clock.steady_now();
    outbox_.advance(now);
    stamp_clock(now);
    evidence_.advance(moment());
    batch_.flush_if_due(ports_.store, now);
    store_watch_.look(ports_.store, ports_.journal, now);
  }

  void run() {
    while (!stopping_) {
      turn(kNever);
    }
    for (MonitorEntry& entry : table_) {
      if (entry.state_unkept) {
        life_.keep_state(entry, moment(), false);
      }
    }
    batch_.flush(ports_.store);
  }

  void acknowledge(const IncidentId& incident, std::string by, std::string note,
                   std::function<void(const Result<IncidentView>&)> done) {
    MonitorEntry* const found = table_.find_open(incident);
    if (found == nullptr) {
      const ClosedIncident* const closed = table_.find_closed(incident);
      done(closed != nullptr
               ? fail(ErrorKind::conflict, closed_sentence(*closed))
               : fail(ErrorKind::not_found, "No open incident has the id " + incident.value + "."));
      return;
    }
    const Incident view = life_.acknowledge(*found, std::move(by), std::move(note), moment());
    batch_.when_durable([done = std::move(done), view](const Result<void>& kept) {
      kept ? done(view) : done(std::unexpected(kept.error()));
    });
  }

  void add_note(const Incident& stored, std::string_view by, std::string_view text,
                std::function<void(Result<void>)> done) {
    const Moment now = moment();
    if (MonitorEntry* const open = table_.find_open(stored.id)) {
      life_.add_note(*open, by, text, now);
    } else if (stored.closed) {
      notes_.add(stored, by, text, now);
    } else {
      done(fail(ErrorKind::conflict, "The incident is just being closed; try again."));
      return;
    }
    batch_.when_durable([this, id = stored.id, done = std::move(done)](const Result<void>& kept) {
      notes_.settled(id);
      done(kept);
    });
  }

  void save_token(TokenRow token, std::function<void(Result<void>)> done) {
    batch_.rows().tokens.push_back(std::move(token));
    batch_.when_durable([done = std::move(done)](const Result<void>& kept) { done(kept); });
    batch_.touched(ports_.clock.steady_now(), true);
  }

  void save_accounts(std::vector<UserRow> users, std::vector<SessionRow> sessions,
                     std::function<void(Result<void>)> done) {
    WriteBatch& rows = batch_.rows();
    std::ranges::move(users, std::back_inserter(rows.users));
    std::ranges::move(sessions, std::back_inserter(rows.sessions));
    batch_.when_durable([done = std::move(done)](const Result<void>& kept) { done(kept); });
    batch_.touched(ports_.clock.steady_now(), true);
  }

  [[nodiscard]] EngineHealth health() const {
    EngineHealth health;
    count_monitors(table_, health);
    count_runs(runner_.counters(), health);
    count_deliveries(outbox_, health);
    count_lag(lag_, ports_.clock.steady_now(), health);
    count_own_side(prober_, self_watch_, stretch_, health);
    health.store = ports_.store.health();
    health.config_error = config_error_;
    health.config_loaded = config_loaded_;
    return health;
  }

  [[nodiscard]] const ReachPolicy& reach() const { return reach_; }

  ChannelDesk& channels() { return channels_; }
  Runner& runner() { return runner_; }
  MonitorCommands& commands() { return commands_; }
  [[nodiscard]] const MonitorTable& table() const { return table_; }
  [[nodiscard]] const Readings& readings() const { return readings_; }
  LoopMailbox& mailbox() { return ports_.mailbox; }
  void note_config_error(std::string why) { config_error_ = std::move(why); }
  void stop() { stopping_ = true; }

 private:
  [[nodiscard]] Moment moment() const {
    const SteadyTime now = ports_.clock.steady_now();
    return {wall_.wall(now), now};
  }

  void keep_pace(SteadyTime now, Duration waited) {
    if (stretch_.turned(now, waited)) {
      tell_of_stretch(ports_.journal, stretch_.factor());
      life_.set_stretch(stretch_.factor());
    }
  }

  // A check is about to start: a client's wish waits, though not for ever. On the grid of a busy
  // loop one always is, and wishes have what is left of each step.
  [[nodiscard]] bool puts_requests_off() {
    return !pace_.is_busy() && put_off_ < kLoopPutOffMax &&
           runner_.next_deadline() - ports_.clock.steady_now() < kLoopPieceGap;
  }

  void serve_clients() {
    if (!ports_.mailbox.has_requests()) {
      return;
    }
    if (puts_requests_off()) {
      ++put_off_;
      return;
    }
    put_off_ = 0;
    ports_.mailbox.serve_request();
  }

  [[nodiscard]] SteadyTime next_deadline() {
    return std::min({prober_.next_deadline(), evidence_.next_deadline(), outbox_.next_deadline(),
                     runner_.next_deadline(), batch_.next_deadline(), self_watch_.next_deadline()});
  }

  void observe_clock() {
    const ClockReading clocks = read_clocks(ports_.clock);
    if (!clocks.is_close()) {
      return;  // the machine hardly lets us run; the next turn looks again
    }
    const WallMap::Jump jump = wall_.observe(clocks.wall, clocks.steady);
    if (jump == WallMap::Jump::none) {
      return;
    }
    ports_.journal.warning("the wall clock jumped",
                           {{"direction", jump == WallMap::Jump::back ? "back" : "forward"}});
    const Moment now = moment();
    for (MonitorEntry& entry : table_) {
      shift_times(entry.state.edit(), wall_.jumped());
      life_.keep_state(entry, now, true);
      entry.settle_state();
    }
    if (jump == WallMap::Jump::back) {
      batch_.rows().clock_epoch = wall_.epoch();
      runner_.schedule_all(now);
    }
  }

  // The newest wall time rides along with what is written anyway.
  void stamp_clock(SteadyTime now) {
    if (!batch_.rows().empty()) {
      batch_.rows().clock_seen = wall_.wall(now);
    }
  }

  // True when the times of all states were moved.
  bool restore_clock(const LoadedStore& loaded) {
    const ClockReading clocks = read_clocks(ports_.clock);
    const SystemTime system = clocks.wall;
    const bool went_back = loaded.clock_seen && system < *loaded.clock_seen - kClockSlack;
    if (went_back) {
      // How long we were off cannot be known then; nothing is called older than it was.
      for (MonitorEntry& entry : table_) {
        shift_times(entry.state.edit(), system - *loaded.clock_seen);
        entry.settle_state();
      }
    }
    wall_ = WallMap(system, clocks.steady, loaded.clock_epoch + (went_back ? 1 : 0));
    for (MonitorEntry& entry : table_) {
      // The last slot holds the schedule back only within its own epoch.
      if (entry.state.clock_epoch() != wall_.epoch()) {
        entry.last_slot.reset();
      }
    }
    return went_back;
  }

  void restore_monitors(std::span<LoadedMonitor> some, size_t all) {
    table_.reserve(all);
    for (LoadedMonitor& monitor : some) {
      table_.add(std::move(monitor));
    }
  }

  void restore_open(LoadedStore loaded) {
    for (Incident& incident : loaded.open_incidents) {
      if (MonitorEntry* entry = table_.find(incident.monitor)) {
        entry->incident = std::move(incident);
      }
    }
    for (Delivery& delivery : loaded.waiting_deliveries) {
      restored_.push_back(std::move(delivery));
    }
  }

  EnginePorts ports_;
  ReachPolicy reach_;
  WallMap wall_;
  LagWindow lag_;
  TurnPace pace_;
  StoreWatch store_watch_;
  MonitorTable table_;
  PendingBatch batch_;
  ClosedNotes notes_{batch_};
  Outbox outbox_;
  ChannelDesk channels_;
  Life life_;
  Runner runner_;
  Readings readings_{table_, ports_.clock};
  Definitions definitions_;
  MonitorCommands commands_;
  size_t probe_slots_;  // of the I/O's; behind them stand those of the evidence
  Prober prober_;
  EvidenceDesk evidence_;
  SelfWatch self_watch_{ports_.clock, ports_.journal, ports_.canaries};
  IntervalStretch stretch_;
  std::vector<IoEvent> events_;
  std::vector<Delivery> restored_;
  std::string config_error_;
  SystemTime config_loaded_{};
  size_t put_off_ = 0;  // turns in a row
  bool stopping_ = false;
};

Engine::Engine(const EnginePorts& ports, ReachPolicy reach, std::string public_url)
    : impl_(std::make_unique<Impl>(ports, std::move(reach), std::move(public_url))) {}
Engine::~Engine() = default;

Result<void> Engine::start(Config config) { return impl_->start(std::move(config)); }
void Engine::turn(SteadyTime until) { impl_->turn(until); }
void Engine::run() { impl_->run(); }
LoopMailbox& Engine::mailbox() { return impl_->mailbox(); }
Result<ReloadSummary> Engine::apply(Config config) { return impl_->apply(std::move(config)); }
bool Engine::read_on(MonitorList& list) const { return impl_->readings().read_on(list); }
bool Engine::read_on(ChosenMonitors& chosen) const { return impl_->readings().read_on(chosen); }
bool Engine::read_on(Overview& overview) const { return impl_->readings().read_on(overview); }
bool Engine::read_on(NameCounts& counts) const { return impl_->readings().read_on(counts); }
std::optional<MonitorView> Engine::monitor(std::string_view id_or_uid) const {
  return impl_->readings().monitor(id_or_uid);
}
std::vector<NameProblem> Engine::name_problems(const Monitor& monitor) const {
  return check_names(monitor, impl_->channels().all(), impl_->table());
}
std::string Engine::other_with_target(const Target& target, MonitorUid except) const {
  return impl_->readings().other_with_target(target, except);
}
std::optional<std::string> Engine::out_of_reach(const Target& target, ReachRole author) const {
  const std::optional<IpAddress> ip = IpAddress::parse(target.host());
  return ip ? impl_->reach().refuse(
                  SocketAddress{.ip = *ip, .port = target.port(), .unix_path = {}}, author)
            : std::nullopt;
}
MonitorCommands& Engine::commands() { return impl_->commands(); }
void Engine::acknowledge(const IncidentId& incident, std::string by, std::string note,
                         std::function<void(const Result<IncidentView>&)> done) {
  impl_->acknowledge(incident, std::move(by), std::move(note), std::move(done));
}
void Engine::add_note(const Incident& stored, std::string_view by, std::string_view text,
                      std::function<void(Result<void>)> done) {
  impl_->add_note(stored, by, text, std::move(done));
}
void Engine::probe_now(std::shared_ptr<const Monitor> monitor, ReachRole role,
                       std::function<void(const Attempt&)> done,
                       std::function<void(const PhaseEnd&)> phase) {
  impl_->runner().probe_now(std::move(monitor), role, std::move(done), std::move(phase));
}
ChannelDesk& Engine::channels() { return impl_->channels(); }
void Engine::save_token(TokenRow token, std::function<void(Result<void>)> done) {
  impl_->save_token(std::move(token), std::move(done));
}
void Engine::save_accounts(std::vector<UserRow> users, std::vector<SessionRow> sessions,
                           std::function<void(Result<void>)> done) {
  impl_->save_accounts(std::move(users), std::move(sessions), std::move(done));
}
EngineHealth Engine::health() const { return impl_->health(); }
void Engine::note_config_error(std::string why) { impl_->note_config_error(std::move(why)); }
void Engine::stop() { impl_->stop(); }

}  // namespace tocsin
