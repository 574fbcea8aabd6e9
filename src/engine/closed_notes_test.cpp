#include "engine/closed_notes.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

constexpr Moment kNow{.wall = SystemTime(1'000'000'000s), .steady = SteadyTime(1h)};

Incident closed_incident() {
  Incident incident{.id = {"i1"}, .monitor = {7}};
  incident.closed = kNow.wall - 1h;
  return incident;
}

// Two people write at once: the second read the incident before the first note was on the disk.
TEST(ClosedNotes, SecondNoteKeepsTheFirst) {
  PendingBatch batch;
  ClosedNotes notes(batch);
  notes.add(closed_incident(), "ann", "It was the switch.", kNow);
  notes.add(closed_incident(), "bob", "Replaced.", kNow);
  const Incident& kept = batch.rows().incidents.back();
  ASSERT_EQ(kept.timeline.size(), 2U);
  EXPECT_EQ(kept.timeline[0].text, "ann: It was the switch.");
  EXPECT_EQ(kept.timeline[1].text, "bob: Replaced.");
  EXPECT_EQ(kept.timeline[1].kind, TimelineKind::note);
  EXPECT_EQ(kept.closed, closed_incident().closed);
}

// Once all notes are on the disk the store is asked again: nothing is held for ever.
TEST(ClosedNotes, ForgetsWhatIsOnTheDisk) {
  PendingBatch batch;
  ClosedNotes notes(batch);
  notes.add(closed_incident(), "ann", "one", kNow);
  notes.add(closed_incident(), "ann", "two", kNow);
  notes.settled({"i1"});
  notes.add(closed_incident(), "ann", "three", kNow);
  EXPECT_EQ(batch.rows().incidents.back().timeline.size(), 3U);
  notes.settled({"i1"});
  notes.settled({"i1"});
  notes.settled({"somebody else's"});
  notes.add(closed_incident(), "ann", "four", kNow);
  EXPECT_EQ(batch.rows().incidents.back().timeline.size(), 1U);
}

}  // namespace
}  // namespace tocsin
