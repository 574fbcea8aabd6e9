#include "engine/evidence_desk.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "core/evidence_plan.h"
#include "core/evidence_text.h"

namespace tocsin {
namespace {

bool is_good(const Attempt& attempt) {
  return attempt.evaluation.verdict == Verdict::passed ||
         attempt.evaluation.verdict == Verdict::degraded;
}

}  // namespace

EvidenceDesk::EvidenceDesk(MonitorTable& table, Life& life, Runner& runner, ProbeIo& io,
                           Resolver& resolver, const Clock& clock, const WallMap& wall,
                           const ReachPolicy& reach, SlotIndex first, size_t count,
                           std::vector<IpAddress> sources)
    : table_(table),
      life_(life),
      clock_(clock),
      wall_(wall),
      gatherer_(
          io, resolver, clock, reach,
          [&runner](std::shared_ptr<const Monitor> monitor, ReachRole role, bool asks_anew,
                    std::function<void(const Attempt&)> done) {
            runner.probe_now(std::move(monitor), role, std::move(done), {}, asks_anew);
          },
          first, count, std::move(sources)) {}

void EvidenceDesk::look_at(MonitorEntry& entry, const Attempt& attempt, Moment now) {
  if (is_good(attempt)) {
    if (entry.looked_into) {
      entry.looked_into->is_over = true;
    }
    return;
  }
  if (attempt.evaluation.verdict != Verdict::failed || !attempt.evaluation.error) {
    return;
  }
  // Known to be failing: since before a restart, or since an attempt that was looked into.
  const bool is_known = entry.looked_into ? !entry.looked_into->is_over
                                          : entry.state.whole() != nullptr &&
                                                entry.state.whole()->status.bad_streak > 0;
  if (is_known) {
    return;
  }
  if (entry.looked_into && now.steady - entry.looked_into->begun < kEvidenceGap) {
    leave_out(entry, attempt, EvidenceState::too_soon, now);
    return;
  }
  if (waiting_.size() + gatherer_.under_way() >= gatherer_.room()) {
    leave_out(entry, attempt, EvidenceState::too_many, now);
    return;
  }
  entry.looked_into =
      LookedInto{.of = attempt.result.id, .begun = now.steady, .found_at = now.wall};
  EvidenceRequest request{.monitor = entry.definition,
                          .role = entry.definition->origin.author,
                          .plan = plan_evidence(*entry.definition, attempt),
                          .remote = attempt.result.remote};
  const std::optional<Attempt> last = entry.last.get(entry.uid);
  if (last && is_good(*last) && last->result.remote) {
    request.last_good = last->result.remote->ip;
  }
  waiting_.push_back({.entry = entry.index,
                      .of = attempt.result.id,
                      .failure = *attempt.evaluation.error,
                      .request = std::move(request)});
}

void EvidenceDesk::leave_out(MonitorEntry& entry, const Attempt& attempt, EvidenceState why,
                             Moment now) {
  // Not again at the next tick; the gap counts from what was really done.
  if (entry.looked_into) {
    entry.looked_into->is_over = false;
    entry.looked_into->summary.clear();
  } else {
    entry.looked_into = LookedInto{.begun = now.steady - kEvidenceGap, .found_at = now.wall};
  }
  entry.looked_into->of = attempt.result.id;
  life_.keep_evidence(entry, attempt.result.id, {.state = why, .started = now.wall}, "", now);
}

void EvidenceDesk::begin(Waiting next) {
  const std::shared_ptr<const Monitor> monitor = next.request.monitor;
  const bool is_begun =
      gatherer_.gather(std::move(next.request),
                       [this, entry = next.entry, of = next.of, failure = std::move(next.failure),
                        monitor](const Evidence& evidence) {
                         const SteadyTime now = clock_.steady_now();
                         life_.keep_evidence(table_.at(entry), of, evidence,
                                             evidence_summary(evidence, failure, monitor->target),
                                             {wall_.wall(now), now});
                       });
  CHECK(is_begun, "there is room for what waits");
}

void EvidenceDesk::advance(Moment now) {
  gatherer_.advance(now.steady);
  if (!waiting_.empty()) {
    Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    if (!table_.at(next.entry).retired) {
      begin(std::move(next));
    }
  }
}

SteadyTime EvidenceDesk::next_deadline() const {
  return waiting_.empty() ? gatherer_.next_deadline() : clock_.steady_now();
}

}  // namespace tocsin
