#include "engine/runner.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/limits.h"
#include "core/evaluate.h"
#include "core/judge.h"
#include "core/retry.h"
#include "core/schedule.h"
#include "engine/fetch_for_check.h"

namespace tocsin {
namespace {

constexpr uint64_t kTestTag = uint64_t{1} << 63;  // tags below it are monitor indices
constexpr Duration kCatchUpGap = 1ms;             // 1,000 monitors a second when many start at once
// Then completions get their turn: bounds how late an event is handled.
constexpr size_t kTicksPerTurn = 256;
// The definition of a due monitor is asked for so many monitors before its turn, and so many after
// that what is known of its destination.
constexpr size_t kFetchedAhead = 6;
constexpr size_t kFetchedBefore = 3;
constexpr size_t kSpareRunsMax = 4096;
constexpr uint64_t kMissedMax = std::numeric_limits<uint32_t>::max();
// An attempt may have begun so much before what is measured of it.
constexpr Duration kMeasured = 300ms;

}  // namespace

Runner::Runner(MonitorTable& table, Life& life, const Clock& clock, const WallMap& wall,
               LagWindow& lag)
    : table_(table), life_(life), clock_(clock), wall_(wall), lag_(lag) {}

Moment Runner::moment() const {
  const SteadyTime now = clock_.steady_now();
  return {wall_.wall(now), now};
}

void Runner::schedule(MonitorEntry& entry, Moment now) {
  if (entry.retired || entry.paused()) {
    unschedule(entry);
    return;
  }
  // A monitor that never ran, or whose newest slot has passed unseen (we were off, it was paused),
  // runs soon: people see an answer within seconds. Many at once are spread, so that a start of
  // thousands is no burst.
  const SystemTime next = next_slot(entry.schedule(), now.wall);
  entry.run_owed =
      entry.run_owed || !entry.last_slot || slot_at(entry.schedule(), now.wall) > *entry.last_slot;
  entry.next_tick = entry.run_owed ? std::min(next_catch_up(now), next) : next;
  rearm(entry, now);
}

SystemTime Runner::next_catch_up(Moment now) {
  catch_up_ = std::max(now.wall, catch_up_ + kCatchUpGap);
  return catch_up_;
}

void Runner::unschedule(MonitorEntry& entry) {
  queue_.clear(entry.index);
  entry.next_tick.reset();
  if (entry.run) {
    prober_->forget(entry.uid);
    entry.run.reset();
    entry.run_owed = true;
  }
}

void Runner::run_soon(MonitorEntry& entry, Moment now) {
  if (entry.run) {
    return;
  }
  entry.run_owed = true;
  // Who asks again and again must not hammer the target.
  const SystemTime soonest =
      entry.last_slot ? std::max(now.wall, *entry.last_slot + kIntervalMin) : now.wall;
  entry.next_tick = std::min(soonest, next_slot(entry.schedule(), now.wall));
  rearm(entry, now);
}

void Runner::schedule_all(Moment now) {
  catch_up_ = {};
  for (MonitorEntry& entry : table_) {
    if (!entry.retired && !entry.paused()) {
      // After a jump back the last slot lies in the future of the new epoch; it must not hold back
      // the new grid.
      if (entry.last_slot && *entry.last_slot > now.wall) {
        entry.last_slot = slot_at(entry.schedule(), now.wall);
      }
      const SystemTime next = next_slot(entry.schedule(), now.wall);
      entry.next_tick = entry.run_owed ? std::min(next_catch_up(now), next) : next;
      rearm(entry, now);
    }
  }
}

SteadyTime Runner::next_deadline() {
  const std::optional<SystemTime> next = queue_.next();
  return next ? wall_.steady(*next) : kNever;
}

void Runner::take_due(Moment now) {
  due_.clear();
  while (due_.size() < kTicksPerTurn) {
    const auto index = queue_.pop_due(now.wall);
    if (!index) {
      break;
    }
    due_.push_back(&table_.at(*index));
    fetch(due_.back(), sizeof(MonitorEntry));
  }
}

// What a monitor is lies in cache lines that nobody has touched since its last check: they are
// asked for while those before it are begun, as a connect takes longer than memory.
void Runner::fetch_ahead(size_t step) {
  if (step < due_.size()) {
    fetch_for_check(*due_[step]->definition);
  }
  if (step >= kFetchedBefore && step - kFetchedBefore < due_.size()) {
    prober_->expect(*due_[step - kFetchedBefore]->definition);
  }
}

void Runner::run_due(Moment now) {
  take_due(now);
  // Retries first: they decide sooner whether somebody is woken.
  for (MonitorEntry* entry : due_) {
    if (entry->run && !entry->run->attempt_in_flight && entry->run->retry_at <= now.steady) {
      start_attempt(*entry);
    }
  }
  for (size_t step = 0; step < due_.size() + kFetchedAhead; ++step) {
    fetch_ahead(step);
    if (step < kFetchedAhead) {
      continue;
    }
    MonitorEntry* const entry = due_[step - kFetchedAhead];
    if (entry->next_tick && *entry->next_tick <= now.wall) {
      tick(*entry, now);
    }
    bool run_now = false;
    if (may_time_pass(*entry)) {
      const std::optional<SystemTime> next = life_.next_time(*entry);
      run_now = next && *next <= now.wall && life_.pass_time(*entry, now);
    }
    after_change(*entry, run_now, now);
  }
}

// False: its tick comes long before anything that time alone changes. One at rest becomes unknown
// after three intervals (core/advance_by_time.cpp), and nothing else is awaited of it.
bool Runner::may_time_pass(const MonitorEntry& entry) const {
  return entry.state.whole() != nullptr || !entry.next_tick ||
         *entry.next_tick - entry.state.slot() > 2 * entry.interval;
}

void Runner::tick(MonitorEntry& entry, Moment now) {
  const DueTick due = due_tick(entry.schedule(), entry.last_slot.get(), now.wall);
  entry.next_tick = due.next;
  if (entry.run_owed && !entry.run) {
    count_missed(entry, due.missed);
    run_out_of_turn(entry, now);
    return;
  }
  if (!due.due) {
    return;
  }
  count_missed(entry, due.missed);
  entry.last_slot = due.slot;
  if (entry.run) {
    entry.state.count({.in_progress = 1});
    ++counters_.skipped_in_progress;
    entry.state_unkept = true;
    return;
  }
  if (stretch_ != nullptr) {
    stretch_->started(now.wall - due.slot);
    const bool is_well =
        entry.last.is_good() && entry.state.kind() == StatusKind::up && !entry.state.recovering();
    if (is_well && stretch_->leaves_out(entry.schedule(), entry.uid, due.slot)) {
      entry.state.count({.overload = 1});
      ++counters_.skipped_overload;
      entry.state_unkept = true;
      return;
    }
  }
  start_run(entry, due.slot, now);
}

void Runner::count_missed(MonitorEntry& entry, uint64_t periods) {
  if (periods > 0) {
    entry.state.count({.missed = static_cast<uint32_t>(std::min(periods, kMissedMax))});
    counters_.skipped_missed += periods;
    entry.state_unkept = true;
  }
}

// In a slot of its own, between two of the grid: the slot of the grid may have been begun before a
// crash or a reload cut it short, and names what is stored of it.
void Runner::run_out_of_turn(MonitorEntry& entry, Moment now) {
  entry.last_slot = now.wall;
  start_run(entry, now.wall, now);
}

void Runner::start_run(MonitorEntry& entry, SystemTime slot, Moment now) {
  entry.run_owed = false;
  if (spare_runs_.empty()) {
    entry.run = std::make_unique<ActiveRun>();
  } else {
    entry.run = std::move(spare_runs_.back());
    spare_runs_.pop_back();
  }
  *entry.run = {.slot = slot,
                .clock_epoch = wall_.epoch(),
                .so_far = {.started = now.steady, .last_ended = {}, .attempts = 0}};
  ++counters_.ticks_run;
  start_attempt(entry);
}

void Runner::end_run(MonitorEntry& entry) {
  if (spare_runs_.size() < kSpareRunsMax) {
    spare_runs_.push_back(std::move(entry.run));
  }
  entry.run.reset();
}

void Runner::start_attempt(MonitorEntry& entry) {
  if (!entry.run || entry.run->attempt_in_flight) {
    return;
  }
  ActiveRun& run = *entry.run;
  ++run.so_far.attempts;
  run.attempt_in_flight = true;
  ProbeRequest request;
  request.monitor = entry.definition;
  request.id = {.monitor = entry.uid,
                .location = 0,
                .clock_epoch = run.clock_epoch,
                .slot = run.slot,
                .attempt = run.so_far.attempts};
  request.role = entry.definition->origin.author;
  request.tag = entry.index;
  request.retry = run.so_far.attempts > 1 || entry.state.confirming();
  prober_->start(std::move(request));
}

void Runner::probe_now(std::shared_ptr<const Monitor> monitor, ReachRole role,
                       std::function<void(const Attempt&)> done,
                       std::function<void(const PhaseEnd&)> phase, bool asks_anew) {
  ProbeRequest request;
  request.asks_anew = asks_anew;
  request.monitor = std::move(monitor);
  request.role = role;
  request.tag = kTestTag | next_test_;
  request.retry = true;  // somebody waits for it, a held failure perhaps
  request.tells_phases = static_cast<bool>(phase);
  tests_.emplace(request.tag, Test{std::move(done), std::move(phase)});
  ++next_test_;
  prober_->start(std::move(request));
}

void Runner::on_phase(uint64_t tag, const PhaseEnd& end) {
  if (const auto test = tests_.find(tag); test != tests_.end() && test->second.phase) {
    test->second.phase(end);
  }
}

void Runner::on_probe(uint64_t tag, const std::shared_ptr<const Monitor>& monitor,
                      ProbeResult&& result) {
  if ((tag & kTestTag) != 0) {
    auto test = tests_.extract(tag);
    if (!test.empty()) {
      test.mapped().done(judge(*monitor, std::move(result)));
    }
    return;
  }
  MonitorEntry& entry = table_.at(static_cast<uint32_t>(tag));
  // A result of an older definition, or of a run that was given up, changes nothing.
  if (!entry.run || !entry.run->attempt_in_flight || entry.definition.whole() != monitor) {
    return;
  }
  const Moment now = moment();
  if (!result.name_addresses.empty()) {
    life_.watch_addresses(entry, result, now);
  }
  if (finish_plainly(entry, result, now)) {
    return;
  }
  Attempt attempt = judge(*monitor, std::move(result));
  if (self_watch_ != nullptr && self_watch_->doubts(*monitor, attempt)) {
    hold_until_vouched(entry, std::move(attempt));
    return;
  }
  count(attempt.evaluation.verdict, attempt.result, now);
  finish_attempt(entry, std::move(attempt), now);
}

// Meanwhile the monitor may have been removed, changed or paused, and even run again.
void Runner::hold_until_vouched(MonitorEntry& entry, Attempt attempt) {
  const SteadyTime since = clock_.steady_now() - attempt.result.response_time - kMeasured;
  const auto held = std::make_shared<Attempt>(std::move(attempt));
  self_watch_->vouch(since, [this, index = entry.index, definition = entry.definition.whole(),
                             held](const std::optional<ProbeError>& doubt) {
    MonitorEntry& its = table_.at(index);
    const ResultId& id = held->result.id;
    if (!its.run || !its.run->attempt_in_flight || its.definition.whole() != definition ||
        its.run->slot != id.slot || its.run->so_far.attempts != id.attempt) {
      return;
    }
    if (doubt) {
      held->evaluation = withheld(*definition, held->result, *doubt);
    }
    const Moment now = moment();
    count(held->evaluation.verdict, held->result, now);
    finish_attempt(its, std::move(*held), now);
  });
}

bool Runner::finish_plainly(MonitorEntry& entry, const ProbeResult& result, Moment now) {
  if (!entry.last.is_good() || result.tls || !result.received.empty()) {
    return false;
  }
  const std::optional<PassForm> form = plain_pass_form(*entry.definition, result);
  const std::optional<PlainPass> pass = form ? plain_pass_of(result, *form) : std::nullopt;
  if (!pass) {
    return false;
  }
  count(Verdict::passed, result, now);
  life_.keep_pass(entry, *pass, now);
  Run run{.monitor = entry.uid,
          .location = pass->location,
          .clock_epoch = pass->clock_epoch,
          .slot = pass->slot,
          .verdict = Verdict::passed,
          .error = {},
          .attempts = 1,
          .finished = now.wall};
  end_run(entry);
  const bool run_now = life_.settle_run(entry, std::move(run), now);
  if (run_now || may_time_pass(entry)) {  // else the queue has its next tick already
    after_change(entry, run_now, now);
  }
  return true;
}

void Runner::count(Verdict verdict, const ProbeResult& result, Moment now) {
  switch (verdict) {
    case Verdict::passed:
      ++counters_.passed;
      break;
    case Verdict::degraded:
      ++counters_.degraded;
      break;
    case Verdict::failed:
      ++counters_.failed;
      break;
    case Verdict::unknown:
      ++counters_.unknown;
      break;
  }
  if (result.id.attempt == 1) {
    lag_.add(result.scheduling_delay, now.steady);
  }
}

void Runner::finish_attempt(MonitorEntry& entry, Attempt attempt, Moment now) {
  ActiveRun& active = *entry.run;
  active.attempt_in_flight = false;
  active.so_far.last_ended = now.steady;
  active.so_far.last_verdict = attempt.evaluation.verdict;
  active.so_far.last_error.reset();
  if (attempt.evaluation.error) {
    active.so_far.last_error = attempt.evaluation.error->code;
  }
  const auto retry_at = next_attempt(
      entry.definition->retry, attempt_length(*entry.definition, attempt.result.addresses_probed),
      active.so_far);
  if (attempt.evaluation.verdict == Verdict::unknown && retry_at) {
    ++active.so_far.unknown_retries;
  }
  Run run{.monitor = entry.uid,
          .location = attempt.result.id.location,
          .clock_epoch = active.clock_epoch,
          .slot = active.slot,
          .verdict = attempt.evaluation.verdict,
          .error = kept_error(attempt.evaluation),
          .attempts = active.so_far.attempts,
          .finished = now.wall};
  if (watch_) {
    watch_(entry, attempt, now);
  }
  life_.keep_attempt(entry, std::move(attempt), !retry_at, now);
  if (retry_at) {
    active.retry_at = *retry_at;
    rearm(entry, now);
    return;
  }
  end_run(entry);
  after_change(entry, life_.settle_run(entry, std::move(run), now), now);
}

void Runner::after_change(MonitorEntry& entry, bool run_now, Moment now) {
  if (run_now && !entry.run && !entry.retired && !entry.paused()) {
    run_out_of_turn(entry, now);
  }
  rearm(entry, now);
}

void Runner::rearm(MonitorEntry& entry, Moment now) {
  SystemTime at = entry.next_tick ? *entry.next_tick : SystemTime::max();
  if (entry.run && !entry.run->attempt_in_flight) {
    at = std::min(at, wall_.wall(entry.run->retry_at));
  }
  if (may_time_pass(entry)) {
    if (const auto next = life_.next_time(entry)) {
      // Never at once again: what is due was done in this turn.
      at = std::min(at, std::max(*next, now.wall + Duration(1)));
    }
  }
  if (at == SystemTime::max()) {
    queue_.clear(entry.index);
  } else {
    queue_.set(entry.index, at);
  }
}

}  // namespace tocsin
