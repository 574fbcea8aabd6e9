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
  EXPECT_EQ(more, (std::vector<uint16_t>{465, 143, 110, 1433}));
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
