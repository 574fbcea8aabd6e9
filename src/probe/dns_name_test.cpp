#include "probe/dns_name.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

// One spelling, so that DB.Example and db.example share one question.
TEST(DnsName, OneSpelling) {
  EXPECT_EQ(dns_name("DB.Example"), "db.example");
  EXPECT_EQ(dns_name("db.example."), "db.example.");
  EXPECT_EQ(dns_name("_sip._tcp.x-1"), "_sip._tcp.x-1");
}

TEST(DnsName, RefusesWhatDnsCannotHold) {
  const std::string label(63, 'a');
  const std::string longest = label + "." + label + "." + label + "." + std::string(61, 'a');
  EXPECT_TRUE(dns_name(longest));
  EXPECT_TRUE(dns_name(longest + "."));
  EXPECT_FALSE(dns_name(longest + "a"));
  EXPECT_FALSE(dns_name(label + "a"));
  for (const char* name : {"", ".", "..", "a..b", ".a", "a b", "a/b", "a\\b", "*.a", "ä"}) {
    EXPECT_FALSE(dns_name(name)) << name;
  }
}

}  // namespace
}  // namespace tocsin
