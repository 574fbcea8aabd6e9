#include "store/secret_box.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>

#include "base/scratch_folder.h"

namespace tocsin {
namespace {

class SecretBoxTest : public testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path key() const { return temp_.path() / "key"; }
  [[nodiscard]] std::string key_bytes() const {
    std::ifstream in(key(), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void write_key(const std::string& bytes) const {
    std::ofstream(key(), std::ios::binary | std::ios::trunc) << bytes;
  }

  ScratchFolder temp_;
  SecretBox box_{temp_.path()};
};

// What was sealed comes back, and the sealed bytes do not hold it.
TEST_F(SecretBoxTest, OpensWhatItSealed) {
  const std::string plain("p\0ssword", 8);
  const Result<std::string> sealed = box_.seal(plain);
  ASSERT_TRUE(sealed) << sealed.error().message;
  EXPECT_EQ(sealed->find("ssword"), std::string::npos);
  EXPECT_EQ(box_.open(*sealed), plain);
  // Another program on the same directory, as after a restart.
  EXPECT_EQ(SecretBox(temp_.path()).open(*sealed), plain);
}

// The same secret twice gives no hint that it is the same.
TEST_F(SecretBoxTest, SealsDifferentlyEachTime) {
  EXPECT_NE(box_.seal("secret").value(), box_.seal("secret").value());
}

// The key is made at first use, for us alone, and stays.
TEST_F(SecretBoxTest, MakesOneKeyForItsOwner) {
  EXPECT_FALSE(std::filesystem::exists(key()));
  ASSERT_TRUE(box_.seal("secret"));
  struct stat found{};
  ASSERT_EQ(::stat(key().c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 07777U, 0600U);
  const std::string first = key_bytes();
  EXPECT_EQ(first.size(), 32U);
  EXPECT_NE(first, std::string(32, '\0'));
  ASSERT_TRUE(box_.seal("another"));
  EXPECT_EQ(key_bytes(), first);
  EXPECT_FALSE(std::filesystem::exists(temp_.path() / "key.new"));
}

// Whoever lost the key reads what that means; looking makes no new one.
TEST_F(SecretBoxTest, SaysThatTheKeyIsGone) {
  const std::string sealed = box_.seal("secret").value();
  std::filesystem::remove(key());
  const Result<std::string> opened = box_.open(sealed);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::not_found);
  EXPECT_EQ(opened.error().message, key().string() + " is gone");
  EXPECT_FALSE(std::filesystem::exists(key()));
}

// Where others are sealed with the key that is gone, no other one is made in its place.
TEST_F(SecretBoxTest, MakesNoOtherKeyWhenToldSo) {
  const Result<std::string> sealed = box_.seal("secret", SecretBox::NoKey::refuse);
  ASSERT_FALSE(sealed);
  EXPECT_EQ(sealed.error().kind, ErrorKind::conflict);
  EXPECT_FALSE(std::filesystem::exists(key()));
}

TEST_F(SecretBoxTest, RefusesAnotherKeyAndDamagedBytes) {
  const std::string sealed = box_.seal("secret").value();
  for (size_t at = 0; at < sealed.size(); ++at) {
    std::string damaged = sealed;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    const Result<std::string> opened = box_.open(damaged);
    ASSERT_FALSE(opened) << at;
    EXPECT_EQ(opened.error().kind, ErrorKind::corrupt);
  }
  EXPECT_FALSE(box_.open(sealed.substr(0, 39)));
  EXPECT_FALSE(box_.open(""));
  write_key(std::string(32, 'x'));
  EXPECT_EQ(box_.open(sealed).error().kind, ErrorKind::corrupt);
}

// A file that is no key may be a mistake of a restore: it is left for people to judge.
TEST_F(SecretBoxTest, NeverWritesOverWhatIsNoKey) {
  for (const std::string& wrong : {std::string(), std::string(31, 'x'), std::string(33, 'x')}) {
    write_key(wrong);
    const Result<std::string> sealed = box_.seal("secret");
    ASSERT_FALSE(sealed);
    EXPECT_EQ(sealed.error().kind, ErrorKind::conflict);
    EXPECT_EQ(key_bytes(), wrong);
  }
}

}  // namespace
}  // namespace tocsin
