#include "base/ids.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace tocsin {
namespace {

SystemTime at_us(int64_t microseconds) { return SystemTime(Duration(microseconds)); }

// --- result ids

TEST(ResultIdText, IsItsFiveNumbers) {
  const ResultId id{.monitor = {42},
                    .location = 3,
                    .clock_epoch = 7,
                    .slot = at_us(1'795'269'800'000'000),
                    .attempt = 2};
  EXPECT_EQ(result_id_text(id), "42-3-7-1795269800000000-2");
}

TEST(ResultIdText, ReadsBackWhatItWrote) {
  std::mt19937_64 random(20266);
  for (int round = 0; round < 1000; ++round) {
    const ResultId id{.monitor = {static_cast<int64_t>(random() >> 1U)},
                      .location = static_cast<uint16_t>(random()),
                      .clock_epoch = static_cast<uint32_t>(random()),
                      .slot = at_us(static_cast<int64_t>(random() >> 1U)),
                      .attempt = static_cast<uint8_t>(random())};
    ASSERT_EQ(result_id_from_text(result_id_text(id)), id);
  }
}

// One attempt has one text, so that a link to it is the same link everywhere.
TEST(ResultIdText, RefusesWhatItWouldNotHaveWritten) {
  EXPECT_TRUE(result_id_from_text("0-0-0-0-0"));
  for (const char* text :
       {"", "-", "----", "1-2-3-4", "1-2-3-4-5-6", "1-2-3-4-5-", "-1-2-3-4-5", "1--2-3-4-5",
        "01-2-3-4-5", "+1-2-3-4-5", "1-2-3-4-x", "1-2-3-4-5 ", "1-65536-3-4-5",
        "1-2-4294967296-4-5", "1-2-3-9223372036854775808-5", "1-2-3-4-256"}) {
    EXPECT_FALSE(result_id_from_text(text)) << text;
  }
}

// The clock of the server jumped back: the later epoch comes after, although its slot is earlier.
TEST(ResultId, OrderOfTimeIsEpochThenSlot) {
  const ResultId before{.monitor = {1}, .clock_epoch = 1, .slot = at_us(2000)};
  const ResultId after{.monitor = {1}, .clock_epoch = 2, .slot = at_us(1000)};
  EXPECT_LT(before, after);
}

// --- stable_hash

// Schedule phases rest on these: a change moves every check of every installation.
TEST(StableHash, NeverChanges) {
  EXPECT_EQ(stable_hash(""), 14087677454934409008ULL);
  EXPECT_EQ(stable_hash("tocsin"), 4399692265391902527ULL);
  EXPECT_EQ(stable_hash("db-1.example.com"), 15364558307057181754ULL);
  EXPECT_EQ(stable_hash(uint64_t{0}), 6603144262649002859ULL);
  EXPECT_EQ(stable_hash(uint64_t{1}), 14032713033332024147ULL);
  EXPECT_EQ(stable_hash(std::numeric_limits<uint64_t>::max()), 11451725857892274853ULL);
}

TEST(StableHash, NumberIsHashedAsItsBytesLowestFirst) {
  EXPECT_EQ(stable_hash(uint64_t{0x6867666564636261}), stable_hash("abcdefgh"));
}

TEST(StableHash, TakesZeroBytesIntoAccount) {
  EXPECT_NE(stable_hash(std::string_view("a\0", 2)), stable_hash("a"));
}

// Neighbouring uids must not check at the same moment: 6,000 of them in 60 s fill each second about
// evenly.
TEST(StableHash, SpreadsNeighboursOverAnInterval) {
  std::vector<int> per_second(60);
  for (uint64_t uid = 1; uid <= 6000; ++uid) {
    ++per_second[stable_hash(uid) % 60'000'000 / 1'000'000];
  }
  for (const int count : per_second) {
    EXPECT_GT(count, 60);
    EXPECT_LT(count, 140);
  }
}

// --- uuid7

// RFC 9562 appendix A.6.
TEST(Uuid7, AgreesWithTheVectorOfTheRfc) {
  EXPECT_EQ(uuid7(at_us(0x017F22E279B0 * 1000), 0xCC3, 0x18C4DC0C0C07398F),
            "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
}

TEST(Uuid7, HasVersionAndVariantWhateverTheRandomBits) {
  EXPECT_EQ(uuid7(at_us(0), 0, 0), "00000000-0000-7000-8000-000000000000");
  EXPECT_EQ(uuid7(at_us(0), UINT64_MAX, UINT64_MAX), "00000000-0000-7fff-bfff-ffffffffffff");
}

TEST(Uuid7, SortsByTime) {
  std::string previous;
  for (int64_t ms = 1; ms < 1'000'000'000'000; ms = ms * 3 + 1) {
    const std::string id = uuid7(at_us(ms * 1000), UINT64_MAX * (ms % 2 == 0), 0);
    EXPECT_LT(previous, id);
    previous = id;
  }
}

TEST(Uuid7, TimeBefore1970CountsAs1970) {
  EXPECT_EQ(uuid7(at_us(-1), 0, 0), "00000000-0000-7000-8000-000000000000");
}

TEST(Uuid7, EachRandomBitCounts) {
  std::set<std::string> ids;
  for (unsigned bit = 0; bit < 12; ++bit) {
    ids.insert(uuid7(at_us(0), uint64_t{1} << bit, 0));
  }
  for (unsigned bit = 0; bit < 62; ++bit) {
    ids.insert(uuid7(at_us(0), 0, uint64_t{1} << bit));
  }
  EXPECT_EQ(ids.size(), 74U);
}

}  // namespace
}  // namespace tocsin
