// One client of GET events, without a network: what it is sent, and when.
#include "api/event_stream.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "api/sse.h"

namespace tocsin {
namespace {

using Then = BodyPiece::Then;

class HandClock final : public Clock {
 public:
  SteadyTime now{Duration(1h)};
  SystemTime system_now() const override { return SystemTime{}; }
  SteadyTime steady_now() const override { return now; }
};

class EventStreamTest : public ::testing::Test {
 protected:
  EventStreamTest() {
    desk_ = std::make_shared<EventDesk>(
        feed_, "s",
        [this](std::vector<MonitorUid> monitors, std::function<void(EventDesk::Views)> done) {
          if (is_busy_) {
            return false;
          }
          asked_.push_back(std::move(monitors));
          done_ = std::move(done);
          return true;
        });
  }

  std::unique_ptr<EventStream> client(std::string last_event_id = "",
                                      uint8_t topics = EventHub::kAllTopics) {
    auto stream = std::make_unique<EventStream>(desk_, topics, std::move(last_event_id),
                                                [this] { return is_allowed_; });
    stream->on_begin([this] { ++wakes_; });
    return stream;
  }

  // The loop answers what was asked last.
  void answer() {
    EventDesk::Views views;
    for (const MonitorUid uid : asked_.back()) {
      auto definition = std::make_shared<Monitor>();
      definition->id = "monitor-" + std::to_string(uid.value);
      views.push_back({.uid = uid, .definition = std::move(definition), .state = {}});
    }
    done_(std::move(views));
  }

  // All that leaves now, up to the next wait.
  std::string sent_now(EventStream& stream) {
    std::string text;
    for (last_ = stream.next(clock_.now); !last_.bytes.empty(); last_ = stream.next(clock_.now)) {
      text += last_.bytes;
    }
    return text;
  }
  static size_t count(std::string_view text, std::string_view word) {
    size_t found = 0;
    for (size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
      ++found;
    }
    return found;
  }

  HandClock clock_;
  ChangeFeed feed_{clock_, [] {}};
  std::vector<std::vector<MonitorUid>> asked_;
  std::function<void(EventDesk::Views)> done_;
  bool is_busy_ = false, is_allowed_ = true;
  int wakes_ = 0;
  BodyPiece last_;
  std::shared_ptr<EventDesk> desk_;
};

// A client that comes for the first time learns where it stands, so that it misses nothing of what
// happens while it reads the lists.
TEST_F(EventStreamTest, BeginsWithRetryAndAPoint) {
  const auto stream = client();
  EXPECT_EQ(sent_now(*stream), "retry: 3000\n\nid: s-1\n\n");
  EXPECT_EQ(last_.then, Then::wait);
  EXPECT_EQ(last_.ask_at, clock_.now + 15s);
}

TEST_F(EventStreamTest, SendsTheRowOfAMonitorThatChanged) {
  const auto stream = client();
  sent_now(*stream);
  feed_.row_changed(MonitorUid{5}, Feed::Weight::status);
  EXPECT_EQ(sent_now(*stream), "");
  ASSERT_EQ(asked_.size(), 1U);
  EXPECT_EQ(asked_[0], std::vector{MonitorUid{5}});
  answer();
  EXPECT_GE(wakes_, 1);
  const std::string text = sent_now(*stream);
  EXPECT_TRUE(
      text.starts_with("event: monitor\nid: s-2\ndata: {\"id\":\"monitor-5\",\"uid\":\"5\","))
      << text;
  EXPECT_TRUE(text.ends_with("}\n\n"));
}

// Rows are read and rendered once, however many watch.
TEST_F(EventStreamTest, ManyClientsAreOneReading) {
  const auto one = client();
  const auto two = client();
  sent_now(*one);
  sent_now(*two);
  feed_.row_changed(MonitorUid{5}, Feed::Weight::status);
  sent_now(*one);
  sent_now(*two);
  answer();
  EXPECT_EQ(asked_.size(), 1U);
  EXPECT_EQ(sent_now(*one), sent_now(*two));
}

// A monitor that changes all the time is four events a second, with the newest row.
TEST_F(EventStreamTest, SendsFourTimesASecondAtMost) {
  const auto stream = client();
  sent_now(*stream);
  size_t flushes = 0;
  for (int step = 0; step < 100; ++step) {  // two seconds
    feed_.row_changed(MonitorUid{5}, Feed::Weight::result);
    sent_now(*stream);
    if (asked_.size() > flushes) {
      answer();
      flushes = asked_.size();
      EXPECT_EQ(count(sent_now(*stream), "event: monitor"), 1U);
    }
    clock_.now += 20ms;
  }
  EXPECT_GE(flushes, 7U);
  EXPECT_LE(flushes, 8U);
}

// What waits for its turn is asked for when the turn comes, not at the next heartbeat.
TEST_F(EventStreamTest, WaitsNoLongerThanThePause) {
  const auto stream = client();
  sent_now(*stream);
  feed_.row_changed(MonitorUid{1}, Feed::Weight::result);
  sent_now(*stream);
  answer();
  sent_now(*stream);
  feed_.row_changed(MonitorUid{2}, Feed::Weight::result);
  sent_now(*stream);
  EXPECT_EQ(asked_.size(), 1U);
  EXPECT_EQ(last_.ask_at, clock_.now + kEventPause);
  clock_.now += kEventPause;
  sent_now(*stream);
  EXPECT_EQ(asked_.size(), 2U);
}

TEST_F(EventStreamTest, GoesOnBehindTheLastEventId) {
  {
    const auto stream = client();
    sent_now(*stream);
  }
  feed_.row_changed(MonitorUid{5}, Feed::Weight::status);  // while the client is away
  clock_.now += 3s;
  const auto again = client("s-1");
  EXPECT_EQ(sent_now(*again), "retry: 3000\n\nid: s-1\n\n");
  answer();
  EXPECT_EQ(count(sent_now(*again), "id: s-2\n"), 1U);
}

// Nobody listened for longer than changes are kept: the client must read all again.
TEST_F(EventStreamTest, TooLongAwayIsAReset) {
  {
    const auto stream = client();
    sent_now(*stream);
  }
  clock_.now += 6min;
  const auto again = client("s-1");
  EXPECT_EQ(sent_now(*again), "retry: 3000\n\nevent: reset\nid: s-2\ndata: {}\n\n");
  const auto stranger = client("other-7");
  EXPECT_EQ(count(sent_now(*stranger), "event: reset"), 1U) << "an id of another start";
}

TEST_F(EventStreamTest, HeartbeatTellsThePoint) {
  const auto stream = client();
  sent_now(*stream);
  clock_.now += 14s;
  EXPECT_EQ(sent_now(*stream), "");
  clock_.now += 1s;
  EXPECT_EQ(sent_now(*stream), ": still here\nid: s-1\n\n");
  EXPECT_EQ(last_.ask_at, clock_.now + 15s);
}

// A token that was revoked must not go on showing what happens.
TEST_F(EventStreamTest, EndsWhenTheCallerMayNoLonger) {
  const auto stream = client();
  sent_now(*stream);
  is_allowed_ = false;
  clock_.now += kEventHeartbeat;
  EXPECT_EQ(stream->next(clock_.now).then, Then::end);
}

// Nor while there is always something to show.
TEST_F(EventStreamTest, EndsWhenTheCallerMayNoLongerHoweverMuchHappens) {
  const auto stream = client();
  sent_now(*stream);
  is_allowed_ = false;
  for (Duration passed{}; passed < kEventHeartbeat; passed += 1s) {
    feed_.row_removed(MonitorUid{9}, "old");
    clock_.now += 1s;
    sent_now(*stream);
  }
  EXPECT_EQ(last_.then, Then::end);
}

TEST_F(EventStreamTest, TellsIncidentsAlertsAndRemovals) {
  const auto stream = client();
  sent_now(*stream);
  feed_.incident_changed(Incident{.id = {"i-1"}, .monitor_id = "db"});
  Delivery delivery{.key = "k", .channel = "ops", .state = DeliveryState::delivered};
  delivery.event.monitor = MonitorUid{5};
  feed_.delivery_changed(delivery);
  feed_.row_removed(MonitorUid{9}, "old");
  std::string text = sent_now(*stream);
  answer();
  clock_.now += kEventPause;
  text += sent_now(*stream);
  EXPECT_EQ(count(text, "event: removed\nid: s-2\ndata: {\"id\":\"old\",\"uid\":\"9\"}\n"), 1U)
      << text;
  EXPECT_EQ(count(text, "event: incident\nid: s-3\ndata: {\"id\":\"i-1\","), 1U) << text;
  EXPECT_EQ(count(text, "event: alert\nid: s-4\ndata: {\"key\":\"k\","), 1U) << text;
  EXPECT_EQ(count(text, R"("monitor":{"id":"monitor-5","uid":"5","name":"monitor-5"})"), 1U)
      << text;
}

TEST_F(EventStreamTest, SendsOnlyTheTopicsAskedFor) {
  const auto stream = client("", EventHub::kIncident);
  sent_now(*stream);
  feed_.row_changed(MonitorUid{5}, Feed::Weight::status);
  sent_now(*stream);
  answer();
  EXPECT_EQ(sent_now(*stream), "");
}

// A loop with no time left is asked again, and nothing is forgotten meanwhile.
TEST_F(EventStreamTest, ABusyLoopIsAskedAgain) {
  const auto stream = client();
  sent_now(*stream);
  is_busy_ = true;
  feed_.row_changed(MonitorUid{5}, Feed::Weight::status);
  sent_now(*stream);
  is_busy_ = false;
  EXPECT_EQ(last_.ask_at, clock_.now + kEventPause);
  clock_.now += kEventPause;
  sent_now(*stream);
  ASSERT_EQ(asked_.size(), 1U);
  answer();
  EXPECT_EQ(count(sent_now(*stream), "event: monitor"), 1U);
}

// More than one look takes is spread over several, not lost and not all at once.
TEST_F(EventStreamTest, ManyRowsComeInSeveralLooks) {
  const auto stream = client();
  sent_now(*stream);
  constexpr size_t kRows = kEventRowsPerLook * 2 + 10;
  for (size_t i = 1; i <= kRows; ++i) {
    feed_.row_changed(MonitorUid{static_cast<int64_t>(i)}, Feed::Weight::result);
  }
  size_t seen = 0;
  for (int look = 0; look < 3; ++look) {
    sent_now(*stream);
    EXPECT_LE(asked_.back().size(), kEventRowsPerLook);
    answer();
    clock_.now += kEventPause;
    seen += count(sent_now(*stream), "event: monitor");
  }
  clock_.now += kEventPause;
  seen += count(sent_now(*stream), "event: monitor");
  EXPECT_EQ(seen, kRows);
}

TEST_F(EventStreamTest, TheFeedIsWantedWhileSomebodyWatches) {
  EXPECT_FALSE(feed_.is_wanted());
  {
    const auto stream = client();
    clock_.now += 1h;
    EXPECT_TRUE(feed_.is_wanted());
  }
  clock_.now += 6min;
  EXPECT_FALSE(feed_.is_wanted());
}

}  // namespace
}  // namespace tocsin
