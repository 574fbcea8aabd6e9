// The lock in a directory that is not ours: the message says whose it is. (Who else may hold it is
// told by sqlite_store_test.)
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "base/scratch_folder.h"
#include "store/sqlite_store.h"
#include "store/test_support.h"

namespace tocsin {
namespace {

namespace fs = std::filesystem;

constexpr uid_t kStranger = 54321;  // a user that no system knows by name

// Root may write everywhere; for this object's life the process is a user that may not.
class AsStranger {
 public:
  AsStranger() : before_(::geteuid()) {
    if (before_ == 0) {
      EXPECT_EQ(::seteuid(kStranger), 0);
    }
  }
  ~AsStranger() {
    if (before_ == 0) {
      EXPECT_EQ(::seteuid(before_), 0);
    }
  }
  AsStranger(const AsStranger&) = delete;
  AsStranger& operator=(const AsStranger&) = delete;

 private:
  uid_t before_;
};

std::string refusal(const fs::path& dir) {
  const AsStranger stranger;
  const auto lock = StoreLock::acquire(dir);
  EXPECT_FALSE(lock);
  return lock ? "" : lock.error().message;
}

// Started once by hand as root, then as a service: the operator sees which user is the wrong one.
TEST(StoreLock, ForeignDirectoryNamesOwnerAndUser) {
  // Nobody else can make such a directory; CI and the bare machine check run as root, so it runs
  // where it counts.
  if (::geteuid() != 0) {
    GTEST_SKIP() << "only root can make what belongs to another user";
  }
  const ScratchFolder temp;
  fs::permissions(temp.path(), fs::perms(0755));
  const std::string dir = temp.path().string();
  EXPECT_EQ(refusal(dir), dir + "/lock cannot be opened: Permission denied; " + dir +
                              " belongs to root, and this program runs as uid 54321: run it as "
                              "root, or use another data directory");
  ASSERT_TRUE(StoreLock::acquire(dir));
  const std::string file = dir + "/lock";
  EXPECT_EQ(refusal(dir), file + " cannot be opened: Permission denied; " + file +
                              " belongs to root, and this program runs as uid 54321: run it as "
                              "root, or use another data directory");
}

// One's own directory, without the right to write in it.
TEST(StoreLock, OwnDirectoryWithoutRightsNamesTheCommand) {
  const ScratchFolder temp;
  fs::permissions(temp.path(), fs::perms(0777));
  const std::string dir = (temp.path() / "data").string();
  {
    const AsStranger stranger;
    fs::create_directory(dir);
    fs::permissions(dir, fs::perms(0500));
  }
  const std::string message = refusal(dir);
  EXPECT_TRUE(message.starts_with(dir + "/lock cannot be opened: Permission denied; " + dir +
                                  " belongs to "))
      << message;
  EXPECT_TRUE(message.ends_with(", who runs this program: chmod u+rwX " + dir)) << message;
}

}  // namespace
}  // namespace tocsin
