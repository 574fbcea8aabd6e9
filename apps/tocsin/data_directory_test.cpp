#include "data_directory.h"

#include <gtest/gtest.h>

#include "base/scratch_folder.h"

namespace tocsin {
namespace {

namespace fs = std::filesystem;

// Who may write the directory may replace the store in it.
TEST(DataDirectory, TellsWhenOthersMayWriteIt) {
  const ScratchFolder scratch;
  const fs::path& folder = scratch.path();
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
