#include "probe/slot_stack.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace tocsin {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<uint32_t> rested(SlotStack& stack) {
  std::vector<uint32_t> slots;
  while (const auto slot = stack.next_rested()) {
    slots.push_back(*slot);
  }
  return slots;
}

void give_back(SlotStack& stack, uint32_t slot) { stack.give_back(std::array{slot}); }

TEST(SlotStack, TheLastGivenBackIsTakenFirst) {
  SlotStack stack(3);
  EXPECT_EQ(stack.take(), 0U);
  EXPECT_EQ(stack.take(), 1U);
  give_back(stack, 0);
  EXPECT_EQ(stack.take(), 0U);
  EXPECT_EQ(stack.take(), 2U);
  EXPECT_TRUE(stack.empty());
}

// After a burst only what goes on is kept ready.
TEST(SlotStack, WhatABurstNeededRestsAfterAWholeWhileWithoutUse) {
  SlotStack stack(5);
  for (int i = 0; i < 4; ++i) {
    stack.take();
  }
  stack.give_back(std::array<uint32_t, 4>{3, 2, 1, 0});
  stack.end_of_while();
  EXPECT_THAT(rested(stack), IsEmpty()) << "they were needed in the while that ended";
  give_back(stack, stack.take());
  stack.end_of_while();
  EXPECT_THAT(rested(stack), ElementsAre(3, 2, 1)) << "slot 0 alone works on, slot 4 never did";
  EXPECT_TRUE(stack.has_used());
  stack.end_of_while();
  EXPECT_THAT(rested(stack), ElementsAre(0));
  EXPECT_FALSE(stack.has_used());
}

TEST(SlotStack, OneThatIsUsedAgainIsToldAgain) {
  SlotStack stack(1);
  EXPECT_FALSE(stack.has_used()) << "it was never used";
  for (int round = 0; round < 2; ++round) {
    give_back(stack, stack.take());
    EXPECT_TRUE(stack.has_used());
    stack.end_of_while();
    stack.end_of_while();
    EXPECT_THAT(rested(stack), ElementsAre(0));
    EXPECT_THAT(rested(stack), IsEmpty());
  }
}

// Told one by one, with work in between.
TEST(SlotStack, OneThatIsTakenMeanwhileDoesNotRest) {
  SlotStack stack(2);
  stack.take();
  stack.take();
  stack.give_back(std::array<uint32_t, 2>{1, 0});
  stack.end_of_while();
  stack.end_of_while();
  EXPECT_EQ(stack.next_rested(), 1U);
  stack.take();
  EXPECT_EQ(stack.next_rested(), std::nullopt);
  stack.take();
  EXPECT_EQ(stack.next_rested(), std::nullopt);
}

}  // namespace
}  // namespace tocsin
