#include "cli/port_list.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "model/preset.h"

namespace tocsin::cli {
namespace {

using Ports = std::vector<uint16_t>;

TEST(PortList, ReadsNumbersAndRanges) {
  EXPECT_EQ(read_port_list("22").value(), Ports{22});
  EXPECT_EQ(read_port_list("443,22,80-82").value(), (Ports{22, 80, 81, 82, 443}));
  EXPECT_EQ(read_port_list("80,79-81,80").value(), (Ports{79, 80, 81}));
  EXPECT_EQ(read_port_list("1-65535").value().size(), 65535U);
}

TEST(PortList, KnownMeansThePresets) {
  const Ports ports = read_port_list("known,8400").value();
  for (const Preset& preset : presets()) {
    EXPECT_TRUE(std::ranges::binary_search(ports, preset.port)) << preset.id;
  }
  EXPECT_TRUE(std::ranges::binary_search(ports, 8400));
}

TEST(PortList, NamesThePartThatIsWrong) {
  const auto why = [](const char* text) { return read_port_list(text).error().message; };
  for (const char* wrong : {"", "0", "65536", "80,", ",80", "80,,81", "-80", "80-", "ssh", "8 0",
                            "80-90-100", "+80", "1e3", "99999999999999999999"}) {
    EXPECT_FALSE(read_port_list(wrong)) << wrong;
  }
  EXPECT_EQ(why("22,http"),
            "'http' is no port and no range of ports; write numbers from 1 to 65535 like "
            "22,80,8000-8100, or known");
  EXPECT_EQ(why("90-80"), "the range 90-80 goes down; write 80-90");
}

}  // namespace
}  // namespace tocsin::cli
