#include "store/held.h"

namespace tocsin {
namespace {

// Erases from the front what `is_done`, until at most `rows_max` are left.
template <class Map, class Done>
void erase_done(Map& map, size_t rows_max, Done is_done) {
  for (auto at = map.begin(); at != map.end() && map.size() > rows_max;) {
    at = is_done(at->second) ? map.erase(at) : std::next(at);
  }
}

template <class Map, class Rows>
void append(const Map& map, Rows& rows) {
  for (const auto& [key, value] : map) {
    rows.push_back(value);
  }
}

}  // namespace

void HeldBatch::add(WriteBatch batch) {
  batch.drop_results();
  batch.channels.clear();
  empty_ = empty_ && batch.empty();
  for (MonitorRow& row : batch.monitors) {
    const MonitorUid uid = row.monitor.uid;
    states_.erase(uid);
    monitors_.insert_or_assign(uid, std::move(row));
  }
  for (StoredState& row : batch.states) {
    states_.insert_or_assign(row.monitor, std::move(row.state));
  }
  for (Incident& row : batch.incidents) {
    const IncidentId id = row.id;
    incidents_.insert_or_assign(id, std::move(row));
  }
  for (Delivery& row : batch.deliveries) {
    std::string key = row.key;
    deliveries_.insert_or_assign(std::move(key), std::move(row));
  }
  for (DeliveryAttempt& row : batch.delivery_attempts) {
    std::pair key(row.key, row.number);
    delivery_attempts_.insert_or_assign(std::move(key), std::move(row));
  }
  for (TokenRow& row : batch.tokens) {
    std::string id = row.id;
    tokens_.insert_or_assign(std::move(id), std::move(row));
  }
  for (UserRow& row : batch.users) {
    std::string name = row.name;
    users_.insert_or_assign(std::move(name), std::move(row));
  }
  for (SessionRow& row : batch.sessions) {
    std::string hash = row.hash;
    sessions_.insert_or_assign(std::move(hash), std::move(row));
  }
  clock_epoch_ = batch.clock_epoch ? batch.clock_epoch : clock_epoch_;
  clock_seen_ = batch.clock_seen ? batch.clock_seen : clock_seen_;
  prune();
}

// An open incident, a waiting delivery and the end of a session are never given up (who loses a
// new session signs in again); incident ids sort by time, so the oldest go first.
void HeldBatch::prune() {
  erase_done(incidents_, rows_max_, [](const Incident& row) { return row.closed.has_value(); });
  erase_done(deliveries_, rows_max_,
             [](const Delivery& row) { return row.state != DeliveryState::waiting; });
  erase_done(delivery_attempts_, attempts_max_, [](const DeliveryAttempt&) { return true; });
  erase_done(sessions_, rows_max_, [](const SessionRow& row) { return !row.ended; });
}

std::vector<WriteBatch> HeldBatch::batches() const {
  std::vector<WriteBatch> batches;
  for (const auto& [uid, row] : monitors_) {
    batches.emplace_back().monitors.push_back(row);
  }
  WriteBatch& batch = batches.emplace_back();
  for (const auto& [uid, state] : states_) {
    batch.states.push_back({uid, state});
  }
  append(incidents_, batch.incidents);
  append(deliveries_, batch.deliveries);
  append(delivery_attempts_, batch.delivery_attempts);
  append(tokens_, batch.tokens);
  append(users_, batch.users);
  append(sessions_, batch.sessions);
  batch.clock_epoch = clock_epoch_;
  batch.clock_seen = clock_seen_;
  return batches;
}

void HeldBatch::clear() { *this = HeldBatch(rows_max_, attempts_max_); }

}  // namespace tocsin
