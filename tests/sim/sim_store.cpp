#include "sim/sim_store.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/read_back.h"

namespace tocsin::sim {

void SimDisk::apply(const WriteBatch& batch) {
  for (const MonitorRow& row : batch.monitors) {
    monitors.insert_or_assign(row.monitor.uid, row);
  }
  for (const StoredAttempt& row : batch.attempts) {
    // As the real store does: what stands there already stays.
    attempts.try_emplace(row.attempt.result.id, row);
  }
  for (const PlainPass& pass : batch.passes) {
    attempts.try_emplace(id_of(pass), StoredAttempt{.attempt = attempt_of(pass)});
  }
  for (const StoredEvidence& row : batch.evidence) {
    evidence.insert_or_assign(row.of, row.evidence);
  }
  for (const StoredState& row : batch.states) {
    monitors[row.monitor].state = row.state;
  }
  for (const Incident& row : batch.incidents) {
    incidents.insert_or_assign(row.id.value, row);
  }
  for (const Delivery& row : batch.deliveries) {
    deliveries.insert_or_assign(row.key, row);
  }
  delivery_attempts.insert(delivery_attempts.end(), batch.delivery_attempts.begin(),
                           batch.delivery_attempts.end());
  for (const ChannelRow& row : batch.channels) {
    channels.erase(row.channel.id);
    if (!row.removed) {
      channels.emplace(row.channel.id, row);
    }
  }
  clock_epoch = batch.clock_epoch.value_or(clock_epoch);
  clock_seen = batch.clock_seen ? batch.clock_seen : clock_seen;
}

// As the real store does: the newest final results of the current epoch say which slot ran last and
// what it found.
void SimStore::catch_up(MonitorUid uid, MonitorState& state) const {
  std::vector<const Attempt*> finals;
  SystemTime newest{};
  for (const auto& [id, row] : disk_.attempts) {
    if (id.monitor == uid && row.final_attempt && id.clock_epoch == disk_.clock_epoch) {
      finals.push_back(&row.attempt);
      newest = std::max(newest, id.slot);
    }
  }
  if (finals.empty() || std::pair(disk_.clock_epoch, newest) <=
                            std::pair(state.status.clock_epoch, state.status.slot)) {
    return;
  }
  for (const Attempt* attempt : finals) {
    const SystemTime slot = attempt->result.id.slot;
    if (slot == newest) {
      read_back(*attempt, state);
    } else if (attempt->evaluation.verdict != Verdict::unknown &&
               state.status.kind != StatusKind::paused) {
      state.status.last_known = std::max(state.status.last_known, std::optional(slot));
    }
  }
}

namespace {

// Its text is the bytes of the pointer to it.
DefinitionCell pack(std::shared_ptr<const Monitor> definition) {
  using Whole = std::shared_ptr<const Monitor>;
  struct Kept {
    Whole whole;
    PackedDefinition packed;
  };
  const auto kept = std::make_shared<Kept>(Kept{.whole = std::move(definition), .packed = {}});
  kept->packed = {
      .text = {reinterpret_cast<const char*>(&kept->whole), sizeof(Whole)},
      .unpack = [](std::string_view text) { return *reinterpret_cast<const Whole*>(text.data()); }};
  return DefinitionCell(std::shared_ptr<const PackedDefinition>(kept, &kept->packed));
}

}  // namespace

Result<LoadedStore> SimStore::load(const TakeMonitors& take) {
  LoadedStore loaded;
  for (const auto& [uid, kept] : disk_.monitors) {
    LoadedMonitor monitor{.uid = uid,
                          .retired = kept.monitor.retired,
                          .definition = pack(kept.monitor.definition),
                          .brief = brief_of(*kept.monitor.definition),
                          .state = kept.state};
    if (!monitor.retired) {
      catch_up(uid, monitor.state);
    }
    take({&monitor, 1}, disk_.monitors.size());
  }
  for (const auto& [id, incident] : disk_.incidents) {
    if (!incident.closed) {
      loaded.open_incidents.push_back(incident);
    }
  }
  for (const auto& [key, delivery] : disk_.deliveries) {
    if (delivery.state == DeliveryState::waiting) {
      loaded.waiting_deliveries.push_back(delivery);
    }
  }
  for (const auto& [id, row] : disk_.channels) {
    loaded.channels.push_back(row);
  }
  loaded.clock_epoch = disk_.clock_epoch;
  loaded.clock_seen = disk_.clock_seen;
  return loaded;
}

void SimStore::submit(WriteBatch batch, std::function<void(Result<void>)> on_durable) {
  const Duration takes = disk_.full ? kRefused : kCommit;
  under_way_.push_back({std::move(batch), std::move(on_durable)});
  network_.schedule(clock_.steady_now() + takes, [this, life = std::weak_ptr(life_)] {
    if (life.lock()) {
      commit_next();
    }
  });
}

void SimStore::commit_next() {
  UnderWay next = std::move(under_way_.front());
  under_way_.pop_front();
  Result<void> kept;
  if (disk_.full) {
    disk_.ever_full = true;
    next.batch.drop_results();    // results are dropped first; what alerts need is held
    next.batch.channels.clear();  // whoever changed one is told that it is not kept
    held_.push_back(std::move(next.batch));
    kept = fail(ErrorKind::disk_full, "no space left");
  } else if (disk_.on_reserve && next.batch.results() > 0) {
    disk_.ever_full = true;
    next.batch.drop_results();
    disk_.apply(next.batch);
    kept = fail(ErrorKind::busy, "results were dropped, everything else is stored");
  } else {
    for (const WriteBatch& batch : std::exchange(held_, {})) {
      disk_.apply(batch);
    }
    disk_.apply(next.batch);
  }
  mailbox_.post([work = std::move(next.on_durable), kept] { work(kept); });
}

void SimStore::crash(size_t kept) {
  life_.reset();
  for (size_t i = 0; i < kept && i < under_way_.size() && !disk_.full; ++i) {
    disk_.apply(under_way_[i].batch);
  }
  under_way_.clear();
}

Result<std::unique_ptr<StoreReader>> SimStore::reader() {
  return fail(ErrorKind::unavailable, "the simulated store has no readers");
}

}  // namespace tocsin::sim
