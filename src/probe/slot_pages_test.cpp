#include "probe/slot_pages.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

TEST(SlotPages, HoldsEverySlotUpToTheLast) {
  SlotPages<int> pages(1000);
  EXPECT_EQ(pages.size(), 1000U);
  for (size_t i = 0; i < pages.size(); ++i) {
    EXPECT_EQ(pages[i], 0);
    pages[i] = static_cast<int>(i);
  }
  EXPECT_EQ(pages[0], 0);
  EXPECT_EQ(pages[255], 255);
  EXPECT_EQ(pages[256], 256);
  EXPECT_EQ(pages[999], 999);
}

TEST(SlotPages, TakesMemoryForWhatIsUsed) {
  SlotPages<int> pages(100'000);
  size_t used = 0;
  pages.for_each([&](size_t) { ++used; });
  EXPECT_EQ(used, 0U);
  pages[3] = 1;
  pages[99'999] = 1;
  pages.for_each([&](size_t index) { used += index == 3 || index == 99'999 ? 1000 : 1; });
  EXPECT_GE(used, 2000U);
  EXPECT_LT(used, 2600U) << "two pages";
}

// The kernel writes into what lies in a slot while others come into use.
TEST(SlotPages, ASlotNeverMoves) {
  SlotPages<int> pages(100'000);
  const int* const first = &pages[0];
  pages[99'999] = 1;
  EXPECT_EQ(&pages[0], first);
}

}  // namespace
}  // namespace tocsin
