// What a plain check costs in memory, so that it does not grow unseen.
#include "probe/check_footprint.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

// When a network falls silent, every check of its monitors waits for its timeout.
TEST(CheckFootprint, ACheckUnderWayIsSmall) { EXPECT_LE(bytes_of_a_check_under_way(1000), 704U); }

TEST(CheckFootprint, APassAllocatesNothing) { EXPECT_EQ(allocations_of_passes(1000), 0U); }

}  // namespace
}  // namespace tocsin
