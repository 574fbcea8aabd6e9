#include "model/target.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

std::string message_of(std::string_view text) {
  const Result<Target> target = Target::parse(text);
  return target ? "accepted as " + target->text() : target.error().message;
}

// The three forms of the documentation, and that each reads back what it writes.
TEST(Target, ReadsEveryFormItWrites) {
  for (const std::string_view text :
       {"db.example.com:5432", "127.0.0.1:80", "[::1]:22", "[fe80::1%2]:22", "unix:/run/redis.sock",
        "db.:53", "unix:80"}) {
    const Result<Target> target = Target::parse(text);
    ASSERT_TRUE(target) << target.error().message;
    EXPECT_EQ(target->text(), text);
    EXPECT_EQ(*Target::parse(target->text()), *target);
  }
}

// Names compare without case, so two spellings are one target.
TEST(Target, LowersNamesAndShortensAddresses) {
  EXPECT_EQ(Target::parse("DB.Example.COM:5432")->host(), "db.example.com");
  EXPECT_EQ(Target::parse("[0:0:0::0001]:22")->text(), "[::1]:22");
  EXPECT_TRUE(Target::parse("10.0.0.1:22")->literal());
  EXPECT_FALSE(Target::parse("db:22")->literal());
}

// Port mistakes are the most common of all.
TEST(Target, RefusesWrongPorts) {
  EXPECT_EQ(message_of("db:0"), "port must be 1-65535, got 0");
  EXPECT_EQ(message_of("db:65536"), "port must be 1-65535, got 65536");
  EXPECT_EQ(message_of("db:99999999999999999999"),
            "port must be 1-65535, got 99999999999999999999");
  EXPECT_EQ(message_of("db:80.5"), "port must be a whole number 1-65535, got \"80.5\"");
  EXPECT_EQ(message_of("db:-1"), "port must be a whole number 1-65535, got \"-1\"");
  EXPECT_EQ(message_of("db:080"), "port must be a whole number 1-65535, got \"080\"");
  EXPECT_EQ(message_of("db:"), "port must be a whole number 1-65535, got \"\"");
  EXPECT_EQ(message_of("db"), "the target \"db\" has no port; write db:PORT");
  EXPECT_EQ(message_of("[::1]"), "the target \"[::1]\" has no port; write [::1]:PORT");
}

// What people paste from a browser or a connection string; the message shows the right form.
TEST(Target, ExplainsPastedAddresses) {
  EXPECT_EQ(message_of("https://shop.example.com/cart"),
            "the target \"https://shop.example.com/cart\" has a scheme; only host and port are "
            "used: shop.example.com:PORT");
  EXPECT_EQ(message_of("tcp://db:5432"),
            "the target \"tcp://db:5432\" has a scheme; only host and port are used: db:5432");
  EXPECT_EQ(message_of("db:80/health"),
            "the target \"db:80/health\" has a path; only host and port are used: db:80");
  EXPECT_EQ(message_of("::1"),
            "the target \"::1\" looks like IPv6; put the address in brackets: [::1]:PORT");
  EXPECT_EQ(message_of("db: 80"), "the target \"db: 80\" has a space in it; write host:port");
}

// A connection string carries a password; it must not end up in a log.
TEST(Target, NeverShowsAPassword) {
  EXPECT_EQ(message_of("redis://:hunter2@cache:6379/0"),
            "the target has a user name in it; only host and port are used: cache:6379");
}

// A half address would be completed by the system's resolver to some other machine.
TEST(Target, RefusesHalfAddresses) {
  EXPECT_EQ(message_of("127.1:80"), "\"127.1\" is neither a name nor a complete IPv4 address");
  EXPECT_EQ(message_of("0x7f000001:80"),
            "\"0x7f000001\" is neither a name nor a complete IPv4 address");
  EXPECT_EQ(message_of("256.0.0.1:80"),
            "\"256.0.0.1\" is neither a name nor a complete IPv4 address");
  EXPECT_EQ(message_of("[10.0.0.1]:80"), "\"10.0.0.1\" is not an IPv6 address");
}

// RFC 1035 bounds names; what lies beyond could never resolve.
TEST(Target, RefusesImpossibleNames) {
  EXPECT_EQ(message_of(":80"), "the host is empty; write for example db.example.com:5432");
  EXPECT_EQ(message_of("a..b:80"), "the host \"a..b\" has an empty part between its dots");
  EXPECT_EQ(message_of("a!b:80"), "the host \"a!b\" has a character that no host name has: \"!\"");
  EXPECT_EQ(message_of("münchen.example:80"),
            "the host \"münchen.example\" has letters outside ASCII; write it in its xn-- form");
  EXPECT_EQ(message_of(std::string(64, 'a') + ":80"),
            "a part of the host is longer than 63 characters");
  std::string longest;
  while (longest.size() < 253) {
    longest += longest.empty() ? "a" : ".a";
  }
  EXPECT_TRUE(Target::parse(longest + ":80"));
  EXPECT_EQ(message_of(longest + "a:80"), "the host has 254 characters; at most 253 are possible");
}

TEST(Target, RefusesBadUnixPaths) {
  EXPECT_EQ(message_of("unix:redis.sock"),
            "a unix target needs an absolute path, for example unix:/run/redis/redis.sock");
  EXPECT_EQ(message_of("unix:/" + std::string(107, 'a')),
            "the path of the unix socket has 108 bytes; at most 107 are possible");
}

// The API and for_each bring host and port apart.
TEST(Target, MakesFromHostAndPort) {
  EXPECT_EQ(Target::make("::1", 80)->text(), "[::1]:80");
  EXPECT_EQ(Target::make("[::1]", 80)->text(), "[::1]:80");
  EXPECT_EQ(Target::make("Db", 80)->text(), "db:80");
  EXPECT_EQ(*Target::parse(Target::make("Unix", 80)->text()), *Target::make("unix", 80));
  EXPECT_EQ(Target::make("db", 0).error().message, "port must be 1-65535, got 0");
}

}  // namespace
}  // namespace tocsin
