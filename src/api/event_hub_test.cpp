#include "api/event_hub.h"

#include <gtest/gtest.h>

#include "api/sse.h"

namespace tocsin {
namespace {

constexpr SteadyTime kStart{Duration(1h)};
constexpr size_t kMuch = 1_MiB;

// All that a client at `after` is sent.
std::string text_after(const EventHub& hub, EventHub::Cursor after,
                       uint8_t topics = EventHub::kAllTopics) {
  return hub.read(after, hub.newest(), topics, kMuch).text;
}

// The bytes that a browser reads; docs/formats/events.md shows them.
TEST(ServerSentEvents, AreWrittenAsBrowsersReadThem) {
  EXPECT_EQ(sse_event("monitor", "a-1", "{}"), "event: monitor\nid: a-1\ndata: {}\n\n");
  EXPECT_EQ(sse_event("x", "", "one\ntwo\r\nthree\rfour"),
            "event: x\ndata: one\ndata: two\ndata: three\ndata: four\n\n");
  EXPECT_EQ(sse_point("a-2"), "id: a-2\n\n");
}

TEST(EventHub, TellsWhatFollowsACursor) {
  EventHub hub("s");
  hub.add(EventHub::kMonitor, "monitor", "m1", "1", kStart);
  const EventHub::Cursor seen = hub.newest();
  hub.add(EventHub::kIncident, "incident", "i1", "2", kStart);
  hub.add(EventHub::kMonitor, "monitor", "m2", "3", kStart);
  EXPECT_EQ(text_after(hub, seen),
            sse_event("incident", "s-2", "2") + sse_event("monitor", "s-3", "3"));
  EXPECT_EQ(text_after(hub, hub.newest()), "");
}

// A client that is late gets the newest row, not the history of it.
TEST(EventHub, AnEventReplacesTheEarlierOneOfTheSameThing) {
  EventHub hub("s");
  for (int i = 1; i <= 500; ++i) {
    hub.add(EventHub::kMonitor, "monitor", "m1", std::to_string(i), kStart);
    hub.add(EventHub::kMonitor, "monitor", "m2", std::to_string(i), kStart);
  }
  EXPECT_EQ(text_after(hub, 0),
            sse_event("monitor", "s-999", "500") + sse_event("monitor", "s-1000", "500"));
  EXPECT_EQ(text_after(hub, 999), sse_event("monitor", "s-1000", "500"));
}

TEST(EventHub, LeavesOutTopicsNobodyAskedFor) {
  EventHub hub("s");
  hub.add(EventHub::kMonitor, "monitor", "m1", "1", kStart);
  hub.add(EventHub::kAlert, "alert", "a1", "2", kStart);
  const auto part = hub.read(0, hub.newest(), EventHub::kAlert, kMuch);
  EXPECT_EQ(part.text, sse_event("alert", "s-2", "2"));
  const auto none = hub.read(0, hub.newest(), EventHub::kIncident, kMuch);
  EXPECT_EQ(none.text, "");
  EXPECT_EQ(none.cursor, hub.newest()) << "what is left out counts as seen";
}

// Whole events only, and always one, or a large one would stop a client for ever.
TEST(EventHub, GivesAsMuchAsFits) {
  EventHub hub("s");
  for (const char* thing : {"a", "b", "c"}) {
    hub.add(EventHub::kMonitor, "monitor", thing, std::string(100, 'x'), kStart);
  }
  EventHub::Cursor at = 0;
  for (const EventHub::Cursor expected : {1U, 2U, 3U}) {
    const auto part = hub.read(at, hub.newest(), EventHub::kAllTopics, 10);
    EXPECT_EQ(part.cursor, expected);
    at = part.cursor;
  }
  EXPECT_EQ(hub.read(0, hub.newest(), EventHub::kAllTopics, 300).cursor, 2U);
  EXPECT_EQ(hub.read(0, 2, EventHub::kAllTopics, kMuch).cursor, 2U) << "not beyond the flush";
}

TEST(EventHub, ResumesBehindItsOwnIds) {
  EventHub hub("s");
  hub.add(EventHub::kMonitor, "monitor", "m1", "1", kStart);
  EXPECT_EQ(hub.resume("s-0", kStart), 0U);
  EXPECT_EQ(hub.resume("s-1", kStart), 1U);
  for (const char* other :
       {"", "s-2", "t-1", "s-", "s-1x", "s--1", "s-99999999999999999999", "1"}) {
    EXPECT_EQ(hub.resume(other, kStart), std::nullopt) << other;
  }
}

// Bounds: so many, so large, so long; who asks for what is gone is told to read all again.
TEST(EventHub, WhatFellOutIsAReset) {
  EventHub hub("s", {.events = 2, .bytes = kMuch, .age = 5min});
  for (const char* thing : {"a", "b", "c"}) {
    hub.add(EventHub::kMonitor, "monitor", thing, "1", kStart);
  }
  EXPECT_EQ(hub.resume("s-0", kStart), std::nullopt);
  EXPECT_EQ(text_after(hub, 0), sse_event("reset", "s-3", "{}"));
  EXPECT_EQ(hub.read(0, 3, EventHub::kAllTopics, kMuch).cursor, 3U) << "and it goes on from here";
  EXPECT_EQ(hub.resume("s-1", kStart), 1U) << "of what follows, all is there";
  EXPECT_EQ(hub.resume("s-1", kStart + 5min), std::nullopt) << "too long ago";
  EXPECT_EQ(hub.resume("s-3", kStart + 5min), 3U) << "it has seen all";
}

TEST(EventHub, IsBoundedByBytesToo) {
  EventHub hub("s", {.events = 100, .bytes = 300, .age = 5min});
  for (const char* thing : {"a", "b", "c"}) {
    hub.add(EventHub::kMonitor, "monitor", thing, std::string(100, 'x'), kStart);
  }
  EXPECT_EQ(hub.resume("s-0", kStart), std::nullopt);
  EXPECT_EQ(hub.resume("s-1", kStart), 1U);
}

// A replaced event is no loss.
TEST(EventHub, ManyChangesOfOneThingPushNothingOut) {
  EventHub hub("s", {.events = 2, .bytes = kMuch, .age = 5min});
  hub.add(EventHub::kIncident, "incident", "i", "first", kStart);
  for (int i = 0; i < 1000; ++i) {
    hub.add(EventHub::kMonitor, "monitor", "m", "1", kStart);
  }
  EXPECT_TRUE(text_after(hub, 0).starts_with(sse_event("incident", "s-1", "first")));
}

TEST(EventHub, LoseAllResetsEverybody) {
  EventHub hub("s");
  hub.add(EventHub::kMonitor, "monitor", "m", "1", kStart);
  const EventHub::Cursor all_seen = hub.newest();
  hub.lose_all();
  EXPECT_EQ(text_after(hub, all_seen), sse_event("reset", "s-2", "{}"));
  EXPECT_EQ(hub.resume("s-1", kStart), std::nullopt);
  hub.add(EventHub::kMonitor, "monitor", "m", "2", kStart);
  EXPECT_EQ(text_after(hub, 2), sse_event("monitor", "s-3", "2"));
}

}  // namespace
}  // namespace tocsin
