#include "engine/runner.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "core/evaluate.h"
#include "core/judge.h"
#include "core/retry.h"
#include "core/schedule.h"

namespace tocsin {
namespace {

constexpr uint64_t kTestTag = uint64_t{1} << 63;  // tags below it are monitor indices
constexpr Duration kCatchUpGap = 1ms;             // 1,000 monitors a second when many start at once
// Then completions get their turn: bounds how late an event is handled.
constexpr size_t kTicksPerTurn = 256;
constexpr size_t kCacheLine = 64;
// An attempt may have begun so much before what is measured of it.
constexpr Duration kMeasured = 300ms;

void fetch(const void* object, size_t bytes) {
  for (size_t at = 0; at < bytes; at += kCacheLine) {
    __builtin_prefetch(static_cast<const char*>(object) + at);
  }
}

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
  const SystemTime next = next_slot(entry.schedule, now.wall);
  entry.run_owed =
      entry.run_owed || !entry.last_slot || slot_at(entry.schedule, now.wall) > *entry.last_slot;
  ticks_.set(entry.index, entry.run_owed ? std::min(next_catch_up(now), next) : next);
  after_change(entry, false, now);
}

SystemTime Runner::next_catch_up(Moment now) {
  catch_up_ = std::max(now.wall, catch_up_ + kCatchUpGap);
  return catch_up_;
}

void Runner::unschedule(MonitorEntry& entry) {
  ticks_.clear(entry.index);
  times_.clear(entry.index);
  retries_.clear(entry.index);
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
  ticks_.set(entry.index, std::min(soonest, next_slot(entry.schedule, now.wall)));
}

void Runner::schedule_all(Moment now) {
  catch_up_ = {};
  for (MonitorEntry& entry : table_) {
    if (!entry.retired && !entry.paused()) {
      // After a jump back the last slot lies in the future of the new epoch; it must not hold back
      // the new grid.
      if (entry.last_slot && *entry.last_slot > now.wall) {
        entry.last_slot = slot_at(entry.schedule, now.wall);
      }
      const SystemTime next = next_slot(entry.schedule, now.wall);
      ticks_.set(entry.index, entry.run_owed ? std::min(next_catch_up(now), next) : next);
      after_change(entry, false, now);
    }
  }
}

SteadyTime Runner::next_deadline() {
  SteadyTime soonest = retries_.next().value_or(kNever);
  for (const auto& next : {ticks_.next(), times_.next()}) {
    if (next) {
      soonest = std::min(soonest, wall_.steady(*next));
    }
  }
  return soonest;
}

void Runner::run_due(Moment now) {
  // Retries first: they decide sooner whether somebody is woken.
  for (size_t i = 0; i < kTicksPerTurn; ++i) {
    const auto index = retries_.pop_due(now.steady);
    if (!index) {
      break;
    }
    start_attempt(table_.at(*index));
  }
  run_ticks(now);
  for (size_t i = 0; i < kTicksPerTurn; ++i) {
    const auto index = times_.pop_due(now.wall);
    if (!index) {
      break;
    }
    pass_time(table_.at(*index), now);
  }
}

// What a monitor is lies in some thirty cache lines that nobody has touched since its last check:
// those of all that are due are asked for before the first is worked on.
void Runner::run_ticks(Moment now) {
  due_.clear();
  while (due_.size() < kTicksPerTurn) {
    const auto index = ticks_.pop_due(now.wall);
    if (!index) {
      break;
    }
    due_.push_back(&table_.at(*index));
    fetch(due_.back(), sizeof(MonitorEntry));
  }
  for (const MonitorEntry* entry : due_) {
    fetch(entry->definition.get(), sizeof(Monitor));
  }
  for (MonitorEntry* entry : due_) {
    tick(*entry, now);
  }
}

void Runner::tick(MonitorEntry& entry, Moment now) {
  const DueTick due = due_tick(entry.schedule, entry.last_slot, now.wall);
  ticks_.set(entry.index, due.next);
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
    ++entry.state.skipped_in_progress;
    ++counters_.skipped_in_progress;
    entry.state_unkept = true;
    return;
  }
  if (stretch_ != nullptr) {
    stretch_->started(now.wall - due.slot);
    const Status& status = entry.state.status;
    const bool is_well =
        entry.last.is_good() && status.kind == StatusKind::up && !status.recovering;
    if (is_well && stretch_->leaves_out(entry.schedule, entry.uid, due.slot)) {
      ++entry.state.skipped_overload;
      ++counters_.skipped_overload;
      entry.state_unkept = true;
      return;
    }
  }
  start_run(entry, due.slot, now);
}

void Runner::count_missed(MonitorEntry& entry, uint64_t periods) {
  entry.state.skipped_missed += periods;
  counters_.skipped_missed += periods;
  entry.state_unkept = entry.state_unkept || periods > 0;
}

// In a slot of its own, between two of the grid: the slot of the grid may have been begun before a
// crash or a reload cut it short, and names what is stored of it.
void Runner::run_out_of_turn(MonitorEntry& entry, Moment now) {
  entry.last_slot = now.wall;
  start_run(entry, now.wall, now);
}

void Runner::start_run(MonitorEntry& entry, SystemTime slot, Moment now) {
  entry.run_owed = false;
  ActiveRun run;
  run.slot = slot;
  run.clock_epoch = wall_.epoch();
  run.so_far.started = now.steady;
  run.so_far.attempts = 0;
  entry.run = run;
  ++counters_.ticks_run;
  start_attempt(entry);
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
  request.retry = run.so_far.attempts > 1 || entry.state.status.confirming;
  prober_->start(std::move(request));
}

void Runner::probe_now(std::shared_ptr<const Monitor> monitor, ReachRole role,
                       std::function<void(const Attempt&)> done,
                       std::function<void(const PhaseEnd&)> phase) {
  ProbeRequest request;
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
  if (!entry.run || !entry.run->attempt_in_flight || entry.definition != monitor) {
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
  self_watch_->vouch(since, [this, index = entry.index, definition = entry.definition,
                             held](const std::optional<ProbeError>& doubt) {
    MonitorEntry& its = table_.at(index);
    const ResultId& id = held->result.id;
    if (!its.run || !its.run->attempt_in_flight || its.definition != definition ||
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
  entry.run.reset();
  after_change(entry, life_.settle_run(entry, std::move(run), now), now);
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
  active.so_far.last_error = attempt.evaluation.error;
  const auto retry_at =
      next_attempt(entry.definition->retry, entry.definition->timeout, active.so_far);
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
    retries_.set(entry.index, *retry_at);
    return;
  }
  entry.run.reset();
  after_change(entry, life_.settle_run(entry, std::move(run), now), now);
}

void Runner::pass_time(MonitorEntry& entry, Moment now) {
  if (!entry.retired) {
    after_change(entry, life_.pass_time(entry, now), now);
  }
}

void Runner::after_change(MonitorEntry& entry, bool run_now, Moment now) {
  if (run_now && !entry.run && !entry.retired && !entry.paused()) {
    run_out_of_turn(entry, now);
  }
  if (const auto next = life_.next_time(entry)) {
    // Never at once again: what is due was done in this turn.
    times_.set(entry.index, std::max(*next, now.wall + Duration(1)));
  } else {
    times_.clear(entry.index);
  }
}

}  // namespace tocsin
