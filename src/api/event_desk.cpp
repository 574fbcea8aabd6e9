#include "api/event_desk.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "api/event_json.h"

namespace tocsin {
namespace {

std::string monitor_thing(MonitorUid uid) { return fmt::format("m{}", uid.value); }

const MonitorView* view_of(const EventDesk::Views& views, MonitorUid uid) {
  const auto found = std::ranges::find(views, uid, &MonitorView::uid);
  return found == views.end() ? nullptr : &*found;
}

// The rows, and the monitors that deliveries name.
std::vector<MonitorUid> monitors_of(const FeedChanges& changes) {
  std::vector<MonitorUid> monitors = changes.rows;
  for (const Delivery& delivery : changes.deliveries) {
    if (std::ranges::find(monitors, delivery.event.monitor) == monitors.end()) {
      monitors.push_back(delivery.event.monitor);
    }
  }
  return monitors;
}

}  // namespace

EventDesk::EventDesk(ChangeFeed& feed, std::string start, Read read)
    : feed_(feed), hub_(std::move(start)), read_(std::move(read)) {}

void EventDesk::enter(const void* key, std::function<void()> wake) {
  if (wakes_.empty() && !feed_.open()) {
    hub_.lose_all();
  }
  wakes_[key] = std::move(wake);
}

void EventDesk::leave(const void* key) {
  if (wakes_.erase(key) != 0 && wakes_.empty()) {
    feed_.close();
  }
}

SteadyTime EventDesk::next_look() const {
  return is_reading_ || !feed_.has_waiting() ? kNever : next_look_;
}

void EventDesk::look(SteadyTime now) {
  if (next_look() > now) {
    return;
  }
  next_look_ = now + kEventPause;
  FeedChanges changes = feed_.take(kEventRowsPerLook);
  if (changes.is_lost) {
    hub_.lose_all();
  }
  for (const RemovedMonitor& removed : std::exchange(changes.removed, {})) {
    hub_.add(EventHub::kMonitor, "removed", monitor_thing(removed.uid),
             removed_event(removed.uid, removed.id), now);
  }
  for (const Incident& incident : std::exchange(changes.incidents, {})) {
    hub_.add(EventHub::kIncident, "incident", "i" + incident.id.value, incident_event(incident),
             now);
  }
  std::vector<MonitorUid> monitors = monitors_of(changes);
  if (monitors.empty()) {
    wake_all();
    return;
  }
  const auto kept = std::make_shared<FeedChanges>(std::move(changes));
  is_reading_ =
      read_(std::move(monitors), [self = weak_from_this(), kept, now](const Views& views) {
        if (const auto alive = self.lock()) {
          alive->is_reading_ = false;
          alive->add_rows(*kept, views, now);
        }
      });
  if (!is_reading_) {
    feed_.put_back(std::move(*kept));
  }
}

void EventDesk::add_rows(const FeedChanges& changes, const Views& views, SteadyTime now) {
  for (const MonitorUid uid : changes.rows) {
    if (const MonitorView* view = view_of(views, uid)) {
      hub_.add(EventHub::kMonitor, "monitor", monitor_thing(uid), monitor_event(*view), now);
    }
  }
  for (const Delivery& delivery : changes.deliveries) {
    hub_.add(EventHub::kAlert, "alert", "a" + delivery.key,
             alert_event(delivery, view_of(views, delivery.event.monitor)), now);
  }
  wake_all();
}

void EventDesk::wake_all() {
  for (const auto& [key, wake] : wakes_) {
    wake();
  }
}

}  // namespace tocsin
