#include "sim/sim_store.h"

#include <utility>

namespace tocsin::sim {

void SimDisk::apply(const WriteBatch& batch) {
  for (const MonitorRow& row : batch.monitors) {
    monitors.insert_or_assign(row.monitor.uid, row);
  }
  for (const StoredAttempt& row : batch.attempts) {
    attempts.insert_or_assign(row.attempt.result.id, row);
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
  clock_epoch = batch.clock_epoch.value_or(clock_epoch);
  clock_seen = batch.clock_seen ? batch.clock_seen : clock_seen;
}

Result<LoadedStore> SimStore::load() {
  LoadedStore loaded;
  std::map<MonitorUid, const Run*> unused;
  for (const auto& [uid, row] : disk_.monitors) {
    loaded.monitors.push_back(row);
    Status& status = loaded.monitors.back().state.status;
    // As the real store does: the newest final result says which slot ran last.
    for (const auto& [id, attempt] : disk_.attempts) {
      if (id.monitor == uid && attempt.final_attempt &&
          std::pair(id.clock_epoch, id.slot) > std::pair(status.clock_epoch, status.slot)) {
        status.clock_epoch = id.clock_epoch;
        status.slot = id.slot;
      }
    }
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
    next.batch.attempts.clear();  // results are dropped first; what alerts need is held
    held_.push_back(std::move(next.batch));
    kept = fail(ErrorKind::disk_full, "no space left");
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
