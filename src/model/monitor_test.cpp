#include "model/monitor.h"

#include <gtest/gtest.h>

#include "model/channel.h"

namespace tocsin {
namespace {

// A moved line in the file must not restart a monitor.
TEST(Monitor, OriginIsNoChange) {
  Monitor before;
  Monitor after;
  after.origin = {"shop.yaml", 12};
  EXPECT_TRUE(same_definition(before, after));
  after.timeout = 3s;
  EXPECT_FALSE(same_definition(before, after));
}

// The cheap path of the engine: nothing to read means the verdict is known at connect time.
TEST(Monitor, ConnectOnlyMeansNothingToRead) {
  Monitor monitor;
  EXPECT_TRUE(is_connect_only(monitor));
  monitor.assertions = {{AssertionSource::response_time, "", Comparison::less_than, "200000"}};
  EXPECT_TRUE(is_connect_only(monitor));
  monitor.assertions = {{AssertionSource::bytes_received, "", Comparison::greater_than, "1"}};
  EXPECT_FALSE(is_connect_only(monitor));
  monitor.assertions.clear();
  monitor.request = {ExpectStep{"220", false, {}}};
  EXPECT_FALSE(is_connect_only(monitor));
}

// `preset: submission` with `tls: starttls` says it all.
TEST(Monitor, APresetBringsItsProtocolOfStarttls) {
  Monitor monitor;
  monitor.tls.mode = TlsMode::starttls;
  EXPECT_EQ(starttls_protocol(monitor), "");
  monitor.preset = "submission";
  EXPECT_EQ(starttls_protocol(monitor), "smtp");
  monitor.tls.protocol = "imap";
  EXPECT_EQ(starttls_protocol(monitor), "imap");
}

// A changed password is a changed channel.
TEST(Channel, ComparesSecretsButNotOrigin) {
  Channel before;
  Channel after;
  after.origin = {"shop.yaml", 3};
  EXPECT_TRUE(same_definition(before, after));
  after.smtp.password = Secret("x");
  EXPECT_FALSE(same_definition(before, after));
}

}  // namespace
}  // namespace tocsin
