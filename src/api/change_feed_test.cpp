#include "api/change_feed.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace tocsin {
namespace {

using Weight = Feed::Weight;

class HandClock final : public Clock {
 public:
  SteadyTime now{Duration(1h)};
  SystemTime system_now() const override { return SystemTime{}; }
  SteadyTime steady_now() const override { return now; }
};

class ChangeFeedTest : public ::testing::Test {
 protected:
  ChangeFeed& feed(FeedLimits limits = {}) {
    if (!feed_) {
      feed_ = std::make_unique<ChangeFeed>(clock_, [this] { ++notices_; }, limits);
    }
    return *feed_;
  }
  static MonitorUid uid(int64_t value) { return MonitorUid{value}; }

  HandClock clock_;
  int notices_ = 0;
  std::unique_ptr<ChangeFeed> feed_;
};

// Wanted from the first reader until a while after the last: so a page that is loaded again misses
// nothing, and a server that nobody looks at does nothing.
TEST_F(ChangeFeedTest, IsWantedWhileReadAndAWhileAfter) {
  EXPECT_FALSE(feed().is_wanted());
  EXPECT_FALSE(feed().open()) << "nobody has listened before";
  EXPECT_TRUE(feed().is_wanted());
  feed().close();
  clock_.now += 4min;
  EXPECT_TRUE(feed().is_wanted());
  EXPECT_TRUE(feed().open()) << "nothing was missed";
  feed().close();
  clock_.now += 5min;
  EXPECT_FALSE(feed().is_wanted());
  EXPECT_FALSE(feed().open());
}

// What waited when nobody listened any more is half a story.
TEST_F(ChangeFeedTest, AGapEmptiesIt) {
  EXPECT_FALSE(feed().open());
  feed().row_changed(uid(1), Weight::status);
  feed().close();
  clock_.now += 10min;
  EXPECT_FALSE(feed().open());
  EXPECT_FALSE(feed().has_waiting());
  EXPECT_TRUE(feed().take(10).rows.empty());
  feed().row_changed(uid(2), Weight::status);
  EXPECT_EQ(notices_, 2) << "and the next change is noticed";
}

// A thousand changes are one notice and one row.
TEST_F(ChangeFeedTest, AMonitorWaitsOnceAndIsNoticedOnce) {
  for (int i = 0; i < 1000; ++i) {
    feed().row_changed(uid(7), Weight::result);
  }
  EXPECT_EQ(notices_, 1);
  EXPECT_TRUE(feed().has_waiting());
  EXPECT_EQ(feed().take(10).rows, std::vector{uid(7)});
  EXPECT_FALSE(feed().has_waiting());
  feed().row_changed(uid(7), Weight::result);
  EXPECT_EQ(notices_, 2);
}

// Somebody is waiting for "down"; the newest response times can come a moment later.
TEST_F(ChangeFeedTest, ChangesOfStatusGoFirst) {
  feed().row_changed(uid(1), Weight::result);
  feed().row_changed(uid(2), Weight::result);
  feed().row_changed(uid(3), Weight::status);
  feed().row_changed(uid(2), Weight::status);
  feed().row_changed(uid(3), Weight::result);
  EXPECT_EQ(feed().take(2).rows, (std::vector{uid(3), uid(2)}));
  EXPECT_TRUE(feed().has_waiting());
  EXPECT_EQ(feed().take(2).rows, std::vector{uid(1)});
}

TEST_F(ChangeFeedTest, ARemovedMonitorHasNoRow) {
  feed().row_changed(uid(1), Weight::status);
  feed().row_removed(uid(1), "db");
  const FeedChanges changes = feed().take(10);
  EXPECT_TRUE(changes.rows.empty());
  ASSERT_EQ(changes.removed.size(), 1U);
  EXPECT_EQ(changes.removed[0].id, "db");
}

TEST_F(ChangeFeedTest, TheNewestOfAnIncidentAndADeliveryCounts) {
  Incident incident{.id = {"i"}};
  feed().incident_changed(incident);
  incident.reason = "newer";
  feed().incident_changed(incident);
  Delivery delivery{.key = "k"};
  feed().delivery_changed(delivery);
  delivery.attempts = 2;
  feed().delivery_changed(delivery);
  const FeedChanges changes = feed().take(0);
  ASSERT_EQ(changes.incidents.size(), 1U);
  EXPECT_EQ(changes.incidents[0].reason, "newer");
  ASSERT_EQ(changes.deliveries.size(), 1U);
  EXPECT_EQ(changes.deliveries[0].attempts, 2U);
}

// At a limit all is let go and said to be lost, never grown.
TEST_F(ChangeFeedTest, TooMuchIsLostAndSaidSo) {
  feed({.rows = 2, .others = 1, .kept_after = 5min});
  for (const int64_t value : {1, 2}) {
    feed().row_changed(uid(value), Weight::result);
  }
  EXPECT_FALSE(feed().take(0).is_lost);
  feed().row_changed(uid(3), Weight::result);
  const FeedChanges changes = feed().take(10);
  EXPECT_TRUE(changes.is_lost);
  EXPECT_TRUE(changes.rows.empty());
  feed().incident_changed(Incident{.id = {"a"}});
  feed().incident_changed(Incident{.id = {"b"}});
  EXPECT_TRUE(feed().take(10).is_lost);
  EXPECT_FALSE(feed().take(10).is_lost);
}

TEST_F(ChangeFeedTest, WhatIsPutBackWaitsAgain) {
  feed().row_changed(uid(1), Weight::result);
  feed().delivery_changed(Delivery{.key = "k", .attempts = 1});
  FeedChanges changes = feed().take(10);
  feed().delivery_changed(Delivery{.key = "k", .attempts = 2});
  feed().put_back(std::move(changes));
  EXPECT_TRUE(feed().has_waiting());
  const FeedChanges again = feed().take(10);
  EXPECT_EQ(again.rows, std::vector{uid(1)});
  ASSERT_EQ(again.deliveries.size(), 1U);
  EXPECT_EQ(again.deliveries[0].attempts, 2U) << "the newer one";
}

// The loop and a reader at the same time: nothing that was told last is lost (and nothing races,
// says the sanitizer).
TEST(ChangeFeed, BearsTwoThreads) {
  const HandClock clock;
  std::atomic<int> notices = 0;
  ChangeFeed feed(clock, [&notices] { ++notices; });
  constexpr int64_t kMonitors = 20'000;
  std::thread loop([&feed] {
    for (int64_t i = 1; i <= kMonitors; ++i) {
      while (!feed.is_wanted()) {
      }
      feed.row_changed(MonitorUid{i}, i % 2 == 0 ? Weight::status : Weight::result);
    }
  });
  EXPECT_FALSE(feed.open());
  size_t taken = 0;
  while (taken < kMonitors) {
    if (feed.has_waiting()) {
      taken += feed.take(100).rows.size();
    }
  }
  loop.join();
  feed.close();
  EXPECT_EQ(taken, kMonitors);
  EXPECT_GE(notices, 1);
}

}  // namespace
}  // namespace tocsin
