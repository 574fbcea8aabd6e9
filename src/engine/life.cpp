#include "engine/life.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "core/address_watch.h"
#include "core/alert_event.h"
#include "core/combine.h"
#include "core/evaluate.h"
#include "core/incident.h"
#include "core/retry.h"
#include "core/steady.h"
#include "engine/telling.h"

namespace tocsin {
namespace {

// True when something changed that a restart could not read back from the newest result of the
// monitor.
bool needs_keeping(const Status& before, const Status& after) {
  Status same = after;
  same.slot = before.slot;
  same.clock_epoch = before.clock_epoch;
  same.last_known = before.last_known;
  return !(same == before);
}

constexpr size_t kExcerptBytes = 300;

// Their memory too.
void leave_out_bytes(ProbeResult& result) {
  result.transcript = {};
  result.sent = {};
  if (result.received.size() > kExcerptBytes) {
    result.received = result.received.substr(0, kExcerptBytes);
  }
}

// A copy for views: facts and judgement, without the bytes. Of large ones not even for a moment.
Attempt without_bytes(Attempt& attempt) {
  ProbeResult& full = attempt.result;
  auto transcript = std::exchange(full.transcript, {});
  auto sent = std::exchange(full.sent, {});
  auto received = std::exchange(full.received, full.received.substr(0, kExcerptBytes));
  Attempt light = attempt;
  full.transcript = std::move(transcript);
  full.sent = std::move(sent);
  full.received = std::move(received);
  return light;
}

void cut_what_came(ProbeResult& result) {
  if (result.received.size() > kReceivedKeptBytesMax) {
    result.received = result.received.substr(0, kReceivedKeptBytesMax);
    result.received_truncated = true;
  }
}

// The newest run that could not judge; nothing when none was made.
const Run* newest_unknown(const MonitorState& state) {
  const Run* newest = nullptr;
  for (const auto& [location, run] : state.newest) {
    if (run.verdict == Verdict::unknown && run.error &&
        (newest == nullptr || newest->finished < run.finished)) {
      newest = &run;
    }
  }
  return newest;
}

// What comes next in this state depends on the policy. No state: it is at rest.
bool asks_policy(const MonitorState* state) {
  return state != nullptr && (state->status.first_bad_slot || is_open(state->alert));
}

}  // namespace

Life::Life(MonitorTable& table, PendingBatch& batch, Random& random, const Journal& journal,
           std::string public_url, Tell tell)
    : table_(table),
      batch_(batch),
      random_(random),
      journal_(journal),
      public_url_(std::move(public_url)),
      tell_(std::move(tell)) {}

void Life::watch_addresses(MonitorEntry& entry, ProbeResult& result, Moment now) {
  AddressStep step =
      tocsin::watch_addresses(entry.state.addresses(), result.name_addresses, result.started);
  result.name_addresses.clear();
  entry.state.set_addresses(std::move(step.after));
  entry.state_unkept = entry.state_unkept || step.to_disk;
  if (step.moved) {
    journal_.info("name.moved", {{"monitor", entry.definition->id},
                                 {"target", entry.definition->target.text()},
                                 {"addresses", address_move_text(*step.moved)}});
    keep_state(entry, now, false);
    result.moved = std::move(step.moved);
  }
}

void Life::keep_attempt(MonitorEntry& entry, Attempt attempt, bool final_attempt, Moment now) {
  cut_what_came(attempt.result);
  const bool good = attempt.evaluation.verdict == Verdict::passed;
  const bool keep_details = !good || !entry.last.is_good() || attempt.result.moved ||
                            attempt.result.addresses_left_out > 0;
  const std::optional<PlainPass> pass =
      final_attempt && !keep_details ? plain_pass_of(attempt) : std::nullopt;
  if (pass) {
    batch_.rows().passes.push_back(*pass);
    leave_out_bytes(attempt.result);
    entry.last.set(std::move(attempt));
  } else {
    entry.last.set(without_bytes(attempt));
    batch_.rows().attempts.push_back({.attempt = std::move(attempt),
                                      .final_attempt = final_attempt,
                                      .keep_details = keep_details});
  }
  if (entry.state_unkept && !final_attempt) {
    keep_state(entry, now, false);
  }
  batch_.touched(now.steady, false);
}

void Life::keep_pass(MonitorEntry& entry, const PlainPass& pass, Moment now) {
  batch_.rows().passes.push_back(pass);
  entry.last.set(pass);
  batch_.touched(now.steady, false);
}

void Life::keep_evidence(MonitorEntry& entry, const ResultId& of, Evidence evidence,
                         std::string summary, Moment now) {
  batch_.rows().evidence.push_back({.of = of, .evidence = std::move(evidence)});
  const bool is_newest = entry.looked_into && entry.looked_into->of == of;
  if (is_newest && !summary.empty()) {
    entry.looked_into->found_at = now.wall;
    entry.looked_into->summary = std::move(summary);
    if (entry.incident) {
      entry.incident =
          add_evidence(std::move(*entry.incident), now.wall, entry.looked_into->summary);
      batch_.rows().incidents.push_back(*entry.incident);
    }
  }
  batch_.touched(now.steady, is_newest && entry.incident);
}

bool Life::settle_run(MonitorEntry& entry, Run run, Moment now) {
  if (entry.decides_alone && entry.state.pass_at_rest(run)) {
    if (entry.state_unkept) {
      keep_state(entry, now, false);
    }
    return false;
  }
  const Monitor& monitor = *entry.definition;
  MonitorState& state = entry.state.edit();
  if (is_steady(monitor, state, run)) {
    pass_steadily(state, std::move(run));
    if (entry.state_unkept) {
      keep_state(entry, now, false);
    }
    entry.settle_state();
    return false;
  }
  const uint32_t epoch = run.clock_epoch;
  const SystemTime slot = run.slot;
  state.newest[run.location] = std::move(run);
  std::vector<std::optional<Run>> newest;
  for (size_t location = 0; location < monitor.locations.size(); ++location) {
    const auto found = state.newest.find(static_cast<uint16_t>(location));
    newest.push_back(found == state.newest.end() ? std::nullopt
                                                 : std::optional<Run>(found->second));
  }
  const Outcome outcome = combine(monitor, newest, epoch, slot);
  const bool run_now = apply(entry, advance(state.status, monitor.alert, outcome), now);
  if (entry.state_unkept) {
    keep_state(entry, now, false);
  }
  entry.settle_state();
  return run_now;
}

// A check may take longer than its interval, with many dead addresses several times as long: its
// outcome is on its way.
Duration Life::interval_of(const MonitorEntry& entry) const {
  const Monitor& monitor = *entry.definition;
  const KeptAddresses& kept = entry.state.addresses();  // at rest or not: both ask, and must agree
  size_t addresses = 1;
  if (monitor.ip_family == IpFamily::all && kept.memory) {
    const AddressMemory& name = *kept.memory;
    addresses = std::min(std::max(name.told.size(), name.seen.size()), kTriedAddressesMax);
  }
  return std::max(stretch_ * monitor.interval, attempt_length(monitor, addresses));
}

bool Life::pass_time(MonitorEntry& entry, Moment now) {
  const Monitor& monitor = *entry.definition;
  const MonitorState& state = entry.state.edit();
  // core/alert.h: decide looks at every outcome, but at the passing of time only when it changed
  // the status.
  const StatusStep step =
      advance_by_time(state.status, monitor.alert, interval_of(entry), now.wall);
  const bool run_now = !(step.after == state.status) && apply(entry, step, now);
  apply(entry,
        decide_by_time(monitor, entry.uid, state.alert, state.status, silence_of(entry), now.wall),
        now);
  entry.settle_state();
  return run_now;
}

std::optional<SystemTime> Life::next_time(const MonitorEntry& entry) const {
  if (entry.definition.is_packed() && !asks_policy(entry.state.whole())) {
    // Only the interval decides. It is never shorter than this: at worst somebody looks too early,
    // and unpacks it.
    return next_by_time(entry.state.get().status, {}, stretch_ * entry.interval);
  }
  const Monitor& monitor = *entry.definition;
  const Duration interval = interval_of(entry);
  const MonitorState* const state = entry.state.whole();
  if (state == nullptr) {
    return next_by_time(entry.state.get().status, monitor.alert, interval);
  }
  const auto status = next_by_time(state->status, monitor.alert, interval);
  const auto alert = next_alert_time(monitor.alert, state->alert, state->status);
  return !status ? alert : !alert ? status : std::min(*status, *alert);
}

bool Life::apply(MonitorEntry& entry, const StatusStep& step, Moment now) {
  MonitorState& state = entry.state.edit();
  const bool keep = needs_keeping(state.status, step.after);
  const bool changed = step.transition.change == Change::changed;
  state.status = step.after;
  if (changed && step.after.kind == StatusKind::unknown) {
    write_unknown(entry);
  }
  AlertStep alert = decide(*entry.definition, entry.uid, state.alert, state.status, step.transition,
                           silence_of(entry),
                           IncidentId{uuid7(now.wall, random_.next(), random_.next())}, now.wall);
  const bool alert_changed = !(alert.after == state.alert) || !alert.events.empty();
  if (alert_changed) {
    apply(entry, std::move(alert), now);
  } else if (keep) {
    keep_state(entry, now, changed);
  }
  return step.transition.run_now;
}

void Life::apply(MonitorEntry& entry, AlertStep step, Moment now) {
  MonitorState& state = entry.state.edit();
  if (step.after == state.alert && step.events.empty()) {
    return;
  }
  state.alert = std::move(step.after);
  for (const AlertEvent& event : step.events) {
    if (!event.incident.value.empty()) {
      const bool opens = !entry.incident;
      entry.incident = fold(entry.incident.take(), *entry.definition, event);
      if (opens && entry.looked_into && !entry.looked_into->summary.empty() &&
          !entry.looked_into->is_over) {
        entry.incident = add_evidence(std::move(*entry.incident), entry.looked_into->found_at,
                                      entry.looked_into->summary);
      }
    }
    tell(event, entry, now);
  }
  if (entry.incident && !step.events.empty()) {
    batch_.rows().incidents.push_back(*entry.incident);
  }
  if (step.close_incident && entry.incident) {
    forget_closed(entry, now);
  }
  keep_state(entry, now, true);
}

void Life::tell(const AlertEvent& event, MonitorEntry& entry, Moment now) {
  if (channels_ == nullptr) {
    return;
  }
  std::vector<Delivery> rows =
      deliveries_of(event, entry, *channels_, public_url_, false, now.wall);
  write_journal(event, entry, rows);
  if (rows.empty()) {
    // "Why was I not alerted?" has an answer here too.
    if (entry.incident) {
      entry.incident =
          add_timeline(std::move(*entry.incident),
                       {now.wall, TimelineKind::suppressed, "No channel is set: nobody is told."});
    }
    return;
  }
  batch_.rows().deliveries.insert(batch_.rows().deliveries.end(), rows.begin(), rows.end());
  // Sent once the rows are durable. When the store cannot keep them they are sent all the same,
  // saying so (invariant 2 of ARCHITECTURE.md).
  std::vector<Delivery> unkept =
      deliveries_of(event, entry, *channels_, public_url_, true, now.wall);
  batch_.when_durable(
      [this, rows = std::move(rows), unkept = std::move(unkept)](const Result<void>& kept) {
        if (!kept) {
          journal_.warning("store could not keep an event", {{"why", kept.error().message}});
        }
        for (const Delivery& row : kept ? rows : unkept) {
          if (row.state == DeliveryState::waiting) {
            tell_(row);
          }
        }
      });
}

void Life::write_journal(const AlertEvent& event, const MonitorEntry& entry,
                         const std::vector<Delivery>& rows) const {
  std::string told, silent;
  for (const Delivery& row : rows) {
    (row.state == DeliveryState::waiting ? told : silent) += " " + row.channel;
  }
  journal_.info(event_type_name(event.type),
                {{"monitor", entry.definition->id},
                 {"target", entry.definition->target.text()},
                 {"error", event.error ? std::string(error_name(event.error->code)) : ""},
                 {"reason", event.reason},
                 {"incident", event.incident.value},
                 {"tells", told.empty() ? "nobody" : told.substr(1)},
                 {"suppressed", !event.suppressed.empty() ? event.suppressed
                                : silent.empty()          ? ""
                                                          : silent.substr(1)}});
}

// Nobody is told, so the log says it: once for each time that the status becomes unknown.
void Life::write_unknown(const MonitorEntry& entry) const {
  const MonitorState state = entry.state.get();
  const Run* const run = newest_unknown(state);
  journal_.info("monitor.unknown",
                {{"monitor", entry.definition->id},
                 {"target", entry.definition->target.text()},
                 {"error", run == nullptr ? "" : std::string(error_name(run->error->code))},
                 {"reason", run == nullptr ? "no check has ended" : error_text(*run->error)}});
}

void Life::set_paused(MonitorEntry& entry, bool paused, Moment now) {
  const bool is_paused = entry.state.kind() == StatusKind::paused;
  if (paused == is_paused) {
    return;
  }
  const Status& status = entry.state.edit().status;
  apply(entry, paused ? pause(status, now.wall) : resume(status, now.wall), now);
  keep_state(entry, now, true);
}

void Life::retire(MonitorEntry& entry, Moment now) {
  entry.retired = true;
  entry.run.reset();
  entry.looked_into.reset();
  MonitorState& state = entry.state.edit();
  AlertStep step = tocsin::retire(state.alert, now.wall);
  state.alert = std::move(step.after);
  // Nothing is open any more, so nothing may be down: should it come back, that is confirmed anew.
  const Status before = std::exchange(state.status, Status());
  state.status.since = now.wall;
  state.status.slot = before.slot;
  state.status.clock_epoch = before.clock_epoch;
  if (entry.incident) {
    entry.incident = close_removed(std::move(*entry.incident), now.wall);
    batch_.rows().incidents.push_back(*entry.incident);
    forget_closed(entry, now);
  }
  // An older state may wait in the same batch, and the last one wins.
  keep_state(entry, now, true);
}

void Life::redefine(MonitorEntry& entry, Monitor definition, Moment now) {
  const std::shared_ptr<const Monitor> before = entry.definition;
  table_.redefine(entry, std::move(definition));
  if (before->target != entry.definition->target ||
      before->resolver != entry.definition->resolver ||
      before->source != entry.definition->source || before->proxy != entry.definition->proxy ||
      before->ip_family != entry.definition->ip_family) {
    entry.state.set_addresses({});  // of another name, or asked of others
  }
  entry.looked_into.reset();  // it was about what the monitor was then
  if (entry.incident) {
    entry.incident =
        tocsin::note_change(std::move(*entry.incident), *before, *entry.definition, now.wall);
    batch_.rows().incidents.push_back(*entry.incident);
    const MonitorState& state = entry.state.edit();
    apply(entry,
          tell_newcomers(*before, *entry.definition, entry.uid, state.alert, state.status,
                         silence_of(entry), now.wall),
          now);
  }
}

// Only what whoever acknowledges too late is told.
void Life::forget_closed(MonitorEntry& entry, Moment now) {
  table_.remember_closed(entry, {.id = entry.incident->id,
                                 .closed = entry.incident->closed.value_or(now.wall),
                                 .reason = entry.incident->close_reason});
  entry.incident.reset();
}

Incident Life::acknowledge(MonitorEntry& entry, std::string by, std::string note, Moment now) {
  CHECK(entry.incident, "only an open incident is found for its id");
  AlertState& alert = entry.state.edit().alert;
  alert = tocsin::acknowledge(alert, now.wall);
  entry.incident =
      tocsin::acknowledge(std::move(*entry.incident), std::move(by), std::move(note), now.wall);
  batch_.rows().incidents.push_back(*entry.incident);
  keep_state(entry, now, true);
  return *entry.incident;
}

void Life::add_note(MonitorEntry& entry, std::string_view by, std::string_view text, Moment now) {
  CHECK(entry.incident, "only an open incident is found for its id");
  entry.incident = tocsin::add_note(std::move(*entry.incident), by, text, now.wall);
  batch_.rows().incidents.push_back(*entry.incident);
  batch_.touched(now.steady, true);
}

void Life::keep_state(MonitorEntry& entry, Moment now, bool urgent) {
  batch_.rows().states.push_back({entry.uid, entry.state.get()});
  entry.state_unkept = false;
  batch_.touched(now.steady, urgent);
}

Silence Life::silence_of(const MonitorEntry& entry) const {
  Silence silence;
  silence.muted = entry.definition->muted || entry.state.muted();
  for (const std::string& parent : entry.definition->depends_on) {
    const MonitorEntry* found = table_.find(entry.definition->project, parent);
    if (found != nullptr && !found->retired &&
        (found->state.kind() == StatusKind::down || found->state.confirming())) {
      silence.failing_parent = found->definition->name;
    }
  }
  return silence;
}

}  // namespace tocsin
