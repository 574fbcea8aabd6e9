// The count of what we do to one destination, on a clock that a test moves.
#include "probe/destination_load.h"

#include <gtest/gtest.h>

#include "model/target.h"

namespace tocsin {
namespace {

constexpr size_t kSlots = 65'536;

DestinationLoad::Cell cell(std::string_view target) {
  return DestinationLoad({}, kSlots).cell_of(Target::parse(target).value());
}

constexpr SteadyTime kStart{1h};

TEST(DestinationLoad, ADestinationIsItsHostAndPort) {
  EXPECT_EQ(cell("db.example:5432"), cell("db.example:5432"));
  EXPECT_NE(cell("db.example:5432"), cell("db.example:5433"));
  EXPECT_NE(cell("db.example:5432"), cell("web.example:5432"));
}

TEST(DestinationLoad, CountsWhatIsUnderWay) {
  DestinationLoad load({}, kSlots);
  const auto db = cell("db.example:5432");
  load.begin(db);
  load.begin(db);
  load.end(db, false, kStart);
  EXPECT_EQ(load.in_flight(db), 1u);
  EXPECT_EQ(load.resting(db, kStart), 0u) << "what took no port rests not";
}

// A port rests for 60 s: what was closed long ago counts no more, and what was closed half a window
// ago by half.
TEST(DestinationLoad, PortsComeBack) {
  DestinationLoad load({.count = 1000, .rest = 60s}, kSlots);
  const auto db = cell("db.example:5432");
  for (int i = 0; i < 100; ++i) {
    load.begin(db);
    load.end(db, true, kStart);
  }
  EXPECT_EQ(load.resting(db, kStart), 100u);
  EXPECT_EQ(load.resting(db, kStart + 59s), 100u);
  EXPECT_EQ(load.resting(db, kStart + 90s), 50u);
  EXPECT_EQ(load.resting(db, kStart + 120s), 0u);
  EXPECT_EQ(load.resting(db, kStart + 1h), 0u);
}

// The kernel looks at half of its ports first, so that the budget is less than half.
TEST(DestinationLoad, TheBudgetIsTwoFifthsOfThePorts) {
  EXPECT_EQ(DestinationLoad({.count = 1000, .rest = 60s}, kSlots).resting_max(), 400u);
  EXPECT_EQ(DestinationLoad({.count = 1, .rest = 60s}, kSlots).resting_max(), 1u);
}

}  // namespace
}  // namespace tocsin
