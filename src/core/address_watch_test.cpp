// A name that moves, as a story: at these minutes the resolver says this, and then this is told.
#include "core/address_watch.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tocsin {
namespace {

std::vector<IpAddress> set_of(std::string_view letters) {
  std::vector<IpAddress> set;
  for (const char letter : letters) {
    set.push_back(*IpAddress::parse("192.0.2." + std::to_string(letter - 'A' + 1)));
  }
  return set;
}

class AddressWatchTest : public testing::Test {
 protected:
  // What the resolver says at that minute, and what is told then; empty: nothing.
  std::string at(int minute, std::string_view letters) {
    const AddressStep step =
        watch_addresses(kept_, set_of(letters), SystemTime(std::chrono::minutes(minute) + 100h));
    kept_ = step.after;
    kept_times_ += step.to_disk ? 1 : 0;
    return step.moved ? address_move_text(*step.moved) : "";
  }
  // Every minute from one to the other; true when nothing was told.
  bool is_quiet(int from, int to, std::string_view letters) {
    bool quiet = true;
    for (int minute = from; minute <= to; ++minute) {
      quiet = at(minute, letters).empty() && quiet;
    }
    return quiet;
  }
  KeptAddresses kept_;
  int kept_times_ = 0;
};

TEST_F(AddressWatchTest, AMoveIsToldOnceItHasSettled) {
  EXPECT_TRUE(is_quiet(0, 4, "AB"));
  EXPECT_TRUE(is_quiet(5, 14, "C"));
  EXPECT_EQ(at(15, "C"), "192.0.2.1, 192.0.2.2 → 192.0.2.3");
  EXPECT_TRUE(is_quiet(16, 60, "C"));
}

// A node that was replaced is a move too.
TEST_F(AddressWatchTest, ASetThatChangesInPartIsTold) {
  EXPECT_TRUE(is_quiet(0, 4, "ABC"));
  EXPECT_TRUE(is_quiet(5, 14, "ABD"));
  EXPECT_FALSE(at(15, "ABD").empty());
}

TEST_F(AddressWatchTest, TheOrderMeansNothing) {
  EXPECT_TRUE(is_quiet(0, 1, "ABC"));
  EXPECT_TRUE(is_quiet(2, 60, "CAB"));
  EXPECT_EQ(kept_times_, 1) << "nothing to write to the disk either";
}

TEST_F(AddressWatchTest, ThereAndBackIsNoMove) {
  for (int minute = 0; minute < 200; minute += 5) {
    EXPECT_EQ(at(minute, minute % 10 == 0 ? "A" : "B"), "");
  }
}

// Eight of a hundred each time: no set ever holds.
TEST_F(AddressWatchTest, PartsOfALargeSetAreNoise) {
  for (int minute = 0; minute < 1000; ++minute) {
    std::string letters;
    for (int i = 0; i < 3; ++i) {
      letters += static_cast<char>('A' + (minute * 7 + i * 5) % 26);
    }
    EXPECT_EQ(at(minute, letters), "") << minute;
  }
}

// One address of three, each for an hour: told three times, then it is known.
TEST_F(AddressWatchTest, AnHourlyRotationIsToldThreeTimesADay) {
  int told = 0;
  for (int minute = 0; minute < 3 * 24 * 60; ++minute) {
    const char letter = static_cast<char>('A' + minute / 60 % 3);
    told += at(minute, std::string(1, letter)).empty() ? 0 : 1;
  }
  EXPECT_EQ(told, 3);
}

TEST_F(AddressWatchTest, AfterADayAtOnePlaceAMoveIsToldAgain) {
  for (int hour = 0; hour < 6; ++hour) {
    at(hour * 60, std::string(1, static_cast<char>('A' + hour)));
    at(hour * 60 + 30, std::string(1, static_cast<char>('A' + hour)));
  }
  EXPECT_TRUE(is_quiet(360, 24 * 60 + 400, "F"));
  EXPECT_TRUE(is_quiet(24 * 60 + 401, 24 * 60 + 410, "Z"));
  EXPECT_FALSE(at(24 * 60 + 411, "Z").empty());
}

TEST_F(AddressWatchTest, NoAnswerTeachesNothing) {
  EXPECT_TRUE(is_quiet(0, 1, "A"));
  EXPECT_TRUE(is_quiet(2, 60, ""));
  EXPECT_TRUE(is_quiet(61, 70, "B"));
  EXPECT_EQ(at(71, "B"), "192.0.2.1 → 192.0.2.2");
}

TEST_F(AddressWatchTest, ManyAddressesAreCountedInTheSentence) {
  AddressMove move{.from = set_of("ABCDEF"), .to = set_of("G")};
  EXPECT_EQ(address_move_text(move),
            "192.0.2.1, 192.0.2.2, 192.0.2.3, 192.0.2.4 and 2 more → 192.0.2.7");
}

}  // namespace
}  // namespace tocsin
