// An optional value behind a pointer.
#include "base/boxed.h"

#include <gtest/gtest.h>

#include <string>

namespace tocsin {
namespace {

TEST(Boxed, HoldsOneOrNone) {
  Boxed<std::string> box;
  EXPECT_FALSE(box);
  EXPECT_EQ(box.take(), std::nullopt);
  box = "one";
  EXPECT_EQ(*box, "one");
  box = "two";
  EXPECT_EQ(box->size(), 3u);
  EXPECT_EQ(box.take(), "two");
  EXPECT_FALSE(box);
}

}  // namespace
}  // namespace tocsin
