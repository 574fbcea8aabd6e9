#include "model/preset.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "base/bytes.h"

namespace tocsin {
namespace {

// The first sixteen are the ports of the page that people come from, in its order.
TEST(Preset, KeepsTheOrderOfThePage) {
  std::vector<uint16_t> first;
  std::vector<uint16_t> more;
  for (const Preset& preset : presets()) {
    (preset.more ? more : first).push_back(preset.port);
  }
  EXPECT_EQ(first, (std::vector<uint16_t>{21, 22, 25, 53, 80, 443, 587, 993, 995, 3306, 4222, 5432,
                                          5672, 6379, 8080, 27017}));
  EXPECT_EQ(more, (std::vector<uint16_t>{465, 143, 110, 1433, 389, 636, 1883, 3389, 5222, 9042,
                                         9092, 11211, 2181}));
}

TEST(Preset, IsFoundByIdAndByPort) {
  std::set<std::string_view> ids;
  for (const Preset& preset : presets()) {
    EXPECT_TRUE(ids.insert(preset.id).second) << preset.id;
    EXPECT_EQ(find_preset(preset.id), &preset);
    EXPECT_EQ(preset_of_port(preset.port), &preset);
  }
  EXPECT_EQ(find_preset("gopher"), nullptr);
  EXPECT_EQ(preset_of_port(70), nullptr);
}

// Binary probes carry their own length; a miscounted byte would leave the server waiting.
TEST(Preset, BinaryProbesHaveTheLengthTheyClaim) {
  EXPECT_EQ(unescape(find_preset("dns")->send)->size(), 2U + 17);
  EXPECT_EQ(unescape(find_preset("postgres")->send)->size(), 8U);
  EXPECT_EQ(unescape(find_preset("rabbitmq")->send)->size(), 8U);
  EXPECT_EQ(unescape(find_preset("mongodb")->send)->size(), 0x34U);
  EXPECT_EQ(unescape(find_preset("mssql")->send)->size(), 0x2FU);
  EXPECT_EQ(unescape(find_preset("ldap")->send)->size(), 2U + 0x2A);
  EXPECT_EQ(unescape(find_preset("ldap")->goodbye)->size(), 2U + 5);
  EXPECT_EQ(unescape(find_preset("mysql")->goodbye)->size(), 4U + 0x3E + 4);
  EXPECT_EQ(unescape(find_preset("mqtt")->send)->size(), 2U + 0x0C);
  EXPECT_EQ(unescape(find_preset("rdp")->send)->size(), 0x13U);
  EXPECT_EQ(unescape(find_preset("cassandra")->send)->size(), 9U);
  EXPECT_EQ(unescape(find_preset("kafka")->send)->size(), 4U + 0x10);
}

// XMPP names the host that is asked for in its first line.
TEST(Preset, AProbeNamesItsHost) {
  EXPECT_NE(probe_bytes(*find_preset("xmpp"), "chat.example.com").find(" to='chat.example.com' "),
            std::string::npos);
  EXPECT_EQ(probe_bytes(*find_preset("redis"), "cache"), "PING\r\n");
}

// Where the protocol has a goodbye that a client may say before it has logged in, the preset says
// it. These have none, or the server ends the connection itself.
TEST(Preset, SaysGoodbyeWhereThereIsOne) {
  const std::set<std::string_view> without = {
      "dns",     "http",  "https", "http-alt",  "nats",  "postgres", "rabbitmq",
      "mongodb", "mssql", "rdp",   "cassandra", "kafka", "zookeeper"};
  for (const Preset& preset : presets()) {
    EXPECT_EQ(preset.goodbye.empty(), without.contains(preset.id)) << preset.id;
  }
}

TEST(Preset, EscapesAreValid) {
  for (const Preset& preset : presets()) {
    EXPECT_TRUE(unescape(preset.send)) << preset.id;
    EXPECT_TRUE(unescape(preset.goodbye)) << preset.id;
    EXPECT_FALSE(preset.help.empty()) << preset.id;
  }
}

}  // namespace
}  // namespace tocsin
