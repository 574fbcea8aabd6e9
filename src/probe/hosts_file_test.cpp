#include "probe/hosts_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/scratch_folder.h"

namespace tocsin {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> texts(const std::vector<IpAddress>& addresses) {
  std::vector<std::string> found;
  found.reserve(addresses.size());
  for (const IpAddress& ip : addresses) {
    found.push_back(ip.text());
  }
  return found;
}

std::vector<std::string> parsed(std::string_view text, const std::string& name) {
  const HostsTable table = parse_hosts(text);
  const auto at = table.find(name);
  return at == table.end() ? std::vector<std::string>() : texts(at->second);
}

// The format as people and installers write it.
TEST(ParseHosts, ReadsTheFormat) {
  const std::string_view file =
      "# comment\n"
      "127.0.0.1 localhost\n"
      "10.0.0.1\tDB.Example db  database.# not.this\r\n"
      "10.0.0.2 db\n"
      "fd00::1 db\n"
      "  10.0.0.3 indented\n"
      "10.0.0.4 last";
  EXPECT_THAT(parsed(file, "localhost"), ElementsAre("127.0.0.1"));
  EXPECT_THAT(parsed(file, "db.example"), ElementsAre("10.0.0.1"));
  EXPECT_THAT(parsed(file, "db"), ElementsAre("10.0.0.1", "10.0.0.2", "fd00::1"));
  EXPECT_THAT(parsed(file, "database"), ElementsAre("10.0.0.1"));
  EXPECT_THAT(parsed(file, "not.this"), IsEmpty());
  EXPECT_THAT(parsed(file, "indented"), ElementsAre("10.0.0.3"));
  EXPECT_THAT(parsed(file, "last"), ElementsAre("10.0.0.4"));
}

// A line that is not of the format costs that line, not the file.
TEST(ParseHosts, PassesOverWhatItCannotRead) {
  const std::string_view file =
      "\n\n#\nnonsense\n10.0.0 short\n10.0.0.256 big\n10.0.0.1\n:: \nexample 10.0.0.1\n10.0.0.9 "
      "good\n";
  const HostsTable table = parse_hosts(file);
  EXPECT_EQ(table.size(), 1U);
  EXPECT_THAT(parsed(file, "good"), ElementsAre("10.0.0.9"));
}

TEST(ParseHosts, SameAddressTwiceIsOne) {
  EXPECT_THAT(parsed("10.0.0.1 a a\n10.0.0.1 a\n", "a"), ElementsAre("10.0.0.1"));
}

// A block list of a million lines, or one name with a million addresses, must not cost memory
// without end.
TEST(ParseHosts, IsBounded) {
  std::string file;
  for (int i = 0; i < 1000; ++i) {
    file += "10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250) + " many\n";
  }
  EXPECT_EQ(parsed(file, "many").size(), kHostsAddressesMax);
  EXPECT_THAT(parse_hosts("10.0.0.1 " + std::string(300, 'x')), IsEmpty());
}

class HostsFileTest : public testing::Test {
 protected:
  void write(const std::string& text) const { std::ofstream(path) << text; }

  const ScratchFolder folder;
  const std::string path = folder.path() / "hosts";
  HostsFile hosts{path};
  const SteadyTime start{1h};
};

// An edit is seen within a second; in between the file is left alone.
TEST_F(HostsFileTest, SeesAnEditWithinASecond) {
  write("10.0.0.1 db\n");
  EXPECT_THAT(texts(hosts.lookup("db", AddressWish::v4, start)), ElementsAre("10.0.0.1"));
  write("10.0.0.22 db\n");
  EXPECT_THAT(texts(hosts.lookup("db", AddressWish::v4, start + 999ms)), ElementsAre("10.0.0.1"));
  EXPECT_THAT(texts(hosts.lookup("db", AddressWish::v4, start + 1s)), ElementsAre("10.0.0.22"));
  std::filesystem::remove(path);
  EXPECT_THAT(hosts.lookup("db", AddressWish::v4, start + 2s), IsEmpty());
}

TEST_F(HostsFileTest, GivesTheWishedFamilies) {
  write("10.0.0.1 db\nfd00::1 db\n");
  EXPECT_THAT(texts(hosts.lookup("db", AddressWish::v6, start)), ElementsAre("fd00::1"));
  EXPECT_THAT(texts(hosts.lookup("db", AddressWish::both, start)),
              ElementsAre("10.0.0.1", "fd00::1"));
}

// RFC 6761: localhost is this machine, with or without a file, in both families.
TEST_F(HostsFileTest, LocalhostAlwaysResolves) {
  EXPECT_THAT(texts(hosts.lookup("localhost", AddressWish::both, start)),
              ElementsAre("::1", "127.0.0.1"));
  EXPECT_THAT(texts(hosts.lookup("a.localhost", AddressWish::v4, start)), ElementsAre("127.0.0.1"));
  EXPECT_THAT(hosts.lookup("notlocalhost", AddressWish::both, start), IsEmpty());
  write("127.0.0.9 localhost\n");
  EXPECT_THAT(texts(hosts.lookup("localhost", AddressWish::v4, start + 1s)),
              ElementsAre("127.0.0.9"));
  EXPECT_THAT(texts(hosts.lookup("localhost", AddressWish::v6, start + 1s)), ElementsAre("::1"));
  EXPECT_THAT(texts(hosts.lookup("localhost", AddressWish::both, start + 1s)),
              ElementsAre("127.0.0.9", "::1"));
}

// A directory or a pipe in its place must not hang the loop.
TEST_F(HostsFileTest, OnlyAFileIsRead) {
  HostsFile directory(folder.path());
  EXPECT_THAT(directory.lookup("db", AddressWish::both, start), IsEmpty());
}

}  // namespace
}  // namespace tocsin
