#include "engine/feeding.h"

#include <memory>
#include <vector>

namespace tocsin {
namespace {

struct Later {
  std::vector<Incident> incidents;
  std::vector<Delivery> deliveries;
};

}  // namespace

std::function<void()> feed_batch(Feed& feed, const WriteBatch& batch) {
  for (const StoredAttempt& row : batch.attempts) {
    feed.row_changed(row.attempt.result.id.monitor, Feed::Weight::result);
  }
  for (const PlainPass& pass : batch.passes) {
    feed.row_changed(pass.monitor, Feed::Weight::result);
  }
  for (const StoredState& row : batch.states) {
    feed.row_changed(row.monitor, Feed::Weight::status);
  }
  // Last: what a monitor did before it was removed is no row any more.
  for (const MonitorRow& row : batch.monitors) {
    if (row.monitor.retired) {
      feed.row_removed(row.monitor.uid, row.monitor.id);
    } else {
      feed.row_changed(row.monitor.uid, Feed::Weight::status);
    }
  }
  if (batch.incidents.empty() && batch.deliveries.empty()) {
    return {};
  }
  const auto later = std::make_shared<Later>();
  for (const Incident& incident : batch.incidents) {
    later->incidents.push_back(incident);
    later->incidents.back().timeline.clear();  // a row has none
  }
  for (const Delivery& delivery : batch.deliveries) {
    later->deliveries.push_back(delivery);
    later->deliveries.back().payload.clear();
  }
  return [&feed, later] {
    for (const Incident& incident : later->incidents) {
      feed.incident_changed(incident);
    }
    for (const Delivery& delivery : later->deliveries) {
      feed.delivery_changed(delivery);
    }
  };
}

}  // namespace tocsin
