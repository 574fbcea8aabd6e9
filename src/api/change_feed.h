// ChangeFeed: the way of changes from the engine's loop to the API's thread: a list under a lock,
// held for a push or a swap. What waits is bounded: each monitor once, so many incidents and
// deliveries; beyond it the reader is told that something was lost.
//
// It is wanted while somebody watches and for a while after the last one left, so that a client
// that comes back soon has missed nothing.
#pragma once

#include <atomic>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "ports/clock.h"
#include "ports/feed.h"

namespace tocsin {

struct FeedLimits {
  size_t rows = 100'000;
  size_t others = 1000;        // removed monitors, incidents, deliveries: of each
  Duration kept_after = 5min;  // the last reader left
};

struct RemovedMonitor {
  MonitorUid uid;
  std::string id;
};

struct FeedChanges {
  std::vector<MonitorUid> rows;  // changes of status first
  std::vector<RemovedMonitor> removed;
  std::vector<Incident> incidents;
  std::vector<Delivery> deliveries;
  bool is_lost = false;  // more changed than is here
};

class ChangeFeed final : public Feed {
 public:
  // `notice` is called, on the loop's thread, when something begins to wait.
  ChangeFeed(const Clock& clock, std::function<void()> notice, FeedLimits limits = {});

  // --- the loop's side
  [[nodiscard]] bool is_wanted() const override;
  void row_changed(MonitorUid monitor, Weight weight) override;
  void row_removed(MonitorUid monitor, std::string_view id) override;
  void incident_changed(const Incident& incident) override;
  void delivery_changed(const Delivery& delivery) override;

  // --- the reader's side
  // The first reader is there. False: nobody listened since some time before, changes were missed.
  [[nodiscard]] bool open();
  // The last reader has left.
  void close();
  [[nodiscard]] bool has_waiting() const { return has_waiting_.load(std::memory_order_acquire); }
  // All but the rows, and `rows_max` of those. The next change is noticed again.
  FeedChanges take(size_t rows_max);
  // What could not be worked off waits again; what changed meanwhile counts.
  void put_back(FeedChanges changes);

 private:
  struct Place {
    std::list<MonitorUid>::iterator at;
    Weight weight;
  };
  void insert_row(MonitorUid monitor, Weight weight);
  void lose_all();
  template <class Change>
  void note(Change change);
  template <class Row, class Key>
  void keep(std::vector<Row>& rows, const Row& row, Key Row::* key);

  const Clock& clock_;
  std::function<void()> notice_;
  FeedLimits limits_;
  // Steady time in microseconds up to which it is wanted.
  std::atomic<int64_t> wanted_until_;
  std::atomic<bool> has_waiting_ = false;
  std::mutex mutex_;
  bool is_noticed_ = false;
  std::list<MonitorUid> urgent_, plain_;  // oldest first
  std::unordered_map<MonitorUid, Place> places_;
  FeedChanges others_;  // its rows stay empty
};

}  // namespace tocsin
