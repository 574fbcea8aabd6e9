#include "journal_stream.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/scratch_folder.h"
#include "base/unique_fd.h"

namespace tocsin {
namespace {

// The set-up link is printed where this is false: a stream that is not told apart puts it into a
// log, and one told apart wrongly hides it from who started the server by hand.
TEST(JournalStream, IsTheOneThatSystemdNamed) {
  const ScratchFolder folder;
  const UniqueFd fd(::open((folder.path() / "stream").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600));
  struct stat found{};
  ASSERT_EQ(::fstat(fd.get(), &found), 0);
  const std::string device = std::to_string(found.st_dev);
  const std::string inode = std::to_string(found.st_ino);
  EXPECT_TRUE(is_journal_stream(fd.get(), device + ":" + inode));
  EXPECT_FALSE(is_journal_stream(fd.get(), device + ":" + inode + "1"));
  EXPECT_FALSE(is_journal_stream(fd.get(), ""));
  EXPECT_FALSE(is_journal_stream(fd.get(), std::nullopt));
  EXPECT_FALSE(is_journal_stream(-1, device + ":" + inode));
}

}  // namespace
}  // namespace tocsin
