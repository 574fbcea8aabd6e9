#include "data_directory.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

namespace fs = std::filesystem;

// Who may write the directory may replace the store in it.
TEST(DataDirectory, TellsWhenOthersMayWriteIt) {
  std::string folder = ::testing::TempDir() + "tocsin-mode-XXXXXX";
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  EXPECT_EQ(mode_open_to_others(folder), std::nullopt);
  fs::permissions(folder, fs::perms(0755));
  EXPECT_EQ(mode_open_to_others(folder), std::nullopt);
  fs::permissions(folder, fs::perms(0775));
  EXPECT_EQ(mode_open_to_others(folder), "0775");
  fs::permissions(folder, fs::perms(01777));
  EXPECT_EQ(mode_open_to_others(folder), "1777");
  fs::remove_all(folder);
  EXPECT_EQ(mode_open_to_others(folder), std::nullopt);
}

}  // namespace
}  // namespace tocsin
