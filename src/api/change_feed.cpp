#include "api/change_feed.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace tocsin {
namespace {

constexpr int64_t kUnwanted = std::numeric_limits<int64_t>::min();
constexpr int64_t kWanted = std::numeric_limits<int64_t>::max();
// The two threads read the clock at moments of their own; so close to the end nobody is sure.
constexpr Duration kEndMargin = 1s;

}  // namespace

ChangeFeed::ChangeFeed(const Clock& clock, std::function<void()> notice, FeedLimits limits)
    : clock_(clock), notice_(std::move(notice)), limits_(limits), wanted_until_(kUnwanted) {}

// The clock is read only in the minutes after the last reader left.
bool ChangeFeed::is_wanted() const {
  const int64_t until = wanted_until_.load(std::memory_order_acquire);
  return until == kWanted ||
         (until != kUnwanted && clock_.steady_now().time_since_epoch().count() < until);
}

void ChangeFeed::insert_row(MonitorUid monitor, Weight weight) {
  std::list<MonitorUid>& list = weight == Weight::status ? urgent_ : plain_;
  const auto known = places_.find(monitor);
  if (known == places_.end()) {
    if (places_.size() >= limits_.rows) {
      lose_all();
      return;
    }
    places_.emplace(monitor, Place{list.insert(list.end(), monitor), weight});
  } else if (weight == Weight::status && known->second.weight == Weight::result) {
    urgent_.splice(urgent_.end(), plain_, known->second.at);
    known->second.weight = weight;
  }
}

void ChangeFeed::lose_all() {
  urgent_.clear();
  plain_.clear();
  places_.clear();
  others_ = {.rows = {}, .removed = {}, .incidents = {}, .deliveries = {}, .is_lost = true};
}

// The lock is given back before the notice, which may post.
template <class Change>
void ChangeFeed::note(Change change) {
  bool is_first = false;
  {
    const std::lock_guard lock(mutex_);
    change();
    has_waiting_.store(true, std::memory_order_release);
    is_first = !std::exchange(is_noticed_, true);
  }
  if (is_first) {
    notice_();
  }
}

// Replaces the one of the same key, or adds.
template <class Row, class Key>
void ChangeFeed::keep(std::vector<Row>& rows, const Row& row, Key Row::* key) {
  const auto known = std::ranges::find(rows, row.*key, key);
  if (known != rows.end()) {
    *known = row;
  } else if (rows.size() >= limits_.others) {
    lose_all();
  } else {
    rows.push_back(row);
  }
}

void ChangeFeed::row_changed(MonitorUid monitor, Weight weight) {
  note([&] { insert_row(monitor, weight); });
}

void ChangeFeed::row_removed(MonitorUid monitor, std::string_view id) {
  note([&] {
    if (const auto known = places_.find(monitor); known != places_.end()) {
      (known->second.weight == Weight::status ? urgent_ : plain_).erase(known->second.at);
      places_.erase(known);
    }
    keep(others_.removed, {monitor, std::string(id)}, &RemovedMonitor::uid);
  });
}

void ChangeFeed::incident_changed(const Incident& incident) {
  note([&] { keep(others_.incidents, incident, &Incident::id); });
}

void ChangeFeed::delivery_changed(const Delivery& delivery) {
  note([&] { keep(others_.deliveries, delivery, &Delivery::key); });
}

bool ChangeFeed::open() {
  const std::lock_guard lock(mutex_);
  const int64_t until = wanted_until_.exchange(kWanted, std::memory_order_acq_rel);
  const int64_t now = (clock_.steady_now() + kEndMargin).time_since_epoch().count();
  if (until == kWanted || now < until) {
    return true;
  }
  lose_all();
  others_.is_lost = false;  // the caller knows
  has_waiting_.store(false, std::memory_order_release);
  is_noticed_ = false;
  return false;
}

void ChangeFeed::close() {
  const SteadyTime until = clock_.steady_now() + limits_.kept_after;
  wanted_until_.store(until.time_since_epoch().count(), std::memory_order_release);
}

FeedChanges ChangeFeed::take(size_t rows_max) {
  const std::lock_guard lock(mutex_);
  FeedChanges taken = std::exchange(others_, {});
  for (std::list<MonitorUid>* list : {&urgent_, &plain_}) {
    while (!list->empty() && taken.rows.size() < rows_max) {
      taken.rows.push_back(list->front());
      places_.erase(list->front());
      list->pop_front();
    }
  }
  is_noticed_ = false;
  has_waiting_.store(!places_.empty(), std::memory_order_release);
  return taken;
}

void ChangeFeed::put_back(FeedChanges changes) {
  const std::lock_guard lock(mutex_);
  for (const MonitorUid row : changes.rows) {
    insert_row(row, Weight::status);
  }
  const auto is_known = [this](const Delivery& one) {
    return std::ranges::find(others_.deliveries, one.key, &Delivery::key) !=
           others_.deliveries.end();
  };
  std::erase_if(changes.deliveries, is_known);
  changes.deliveries.insert(changes.deliveries.end(),
                            std::make_move_iterator(others_.deliveries.begin()),
                            std::make_move_iterator(others_.deliveries.end()));
  others_.deliveries = std::move(changes.deliveries);
  if (others_.deliveries.size() > limits_.others) {
    lose_all();
  }
  has_waiting_.store(true, std::memory_order_release);
}

}  // namespace tocsin
