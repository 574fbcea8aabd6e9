// What the way of a probe means when it is written well; what bad ones are told stands in
// tests/golden/config/way_wrong.
#include "config/way_reader.h"

#include <gtest/gtest.h>

#include "config/config_reader.h"
#include "config/monitor_writer.h"

namespace tocsin {
namespace {

Config read(const std::string& text) {
  const ConfigText one{.name = "x.yaml", .text = text};
  const ReferenceSource references{
      .environment = [](const std::string&) { return std::optional<std::string>("p@ss"); },
      .file = [](const std::filesystem::path&) -> Result<std::string> {
        return fail(ErrorKind::not_found, "there is no such file");
      }};
  const ConfigReading reading = read_config({&one, 1}, references);
  EXPECT_TRUE(reading.config);
  for (const ConfigProblem& problem : reading.problems) {
    ADD_FAILURE() << problem_text(problem);
  }
  return reading.config.value_or(Config{});
}

Monitor monitor_of(const std::string& fields, const std::string& top = "") {
  const Config config = read(top + "monitors: { m: { " + fields + " } }\n");
  return config.monitors.empty() ? Monitor{} : config.monitors[0];
}

TEST(WayReader, ReadsAll) {
  const Monitor monitor = monitor_of(
      "target: \"db:1\", source: 192.0.2.10, resolver: [192.0.2.53, '[::1]:5353'], "
      "proxy: \"socks5://probe:${env:P}@proxy:1080\"");
  EXPECT_EQ(monitor.source->text(), "192.0.2.10");
  ASSERT_EQ(monitor.resolver.size(), 2U);
  EXPECT_EQ(monitor.resolver[0].text(), "192.0.2.53:53");
  EXPECT_EQ(monitor.resolver[1].text(), "[::1]:5353");
  EXPECT_EQ(monitor.proxy->at.text(), "proxy:1080");
  EXPECT_EQ(monitor.proxy->password.reveal(), "p@ss") << "an @ in a reference needs no escape";
}

TEST(WayReader, DefaultsAreForAllAndNoneTakesAProxyAway) {
  const std::string defaults = "defaults: { proxy: \"http://proxy:8080\", source: 192.0.2.10 }\n";
  EXPECT_TRUE(monitor_of("target: \"db:1\"", defaults).proxy);
  EXPECT_FALSE(monitor_of("target: \"db:1\", proxy: none", defaults).proxy);
  EXPECT_TRUE(monitor_of("target: \"unix:/run/x\"", defaults).target.is_unix());
}

TEST(WayReader, ASourceGoesWithEitherFamilyOfAName) {
  EXPECT_TRUE(monitor_of("target: \"db:1\", source: '2001:db8::10', ip_family: auto").source);
  EXPECT_TRUE(monitor_of("target: \"db:1\", source: '2001:db8::10', ip_family: ipv6").source);
}

TEST(WayReader, TheServerHasOneOfEachFamily) {
  const Config config = read(
      "server: { source: [192.0.2.10, '2001:db8::10'] }\n"
      "monitors: { m: { target: \"db:1\" } }\n");
  ASSERT_EQ(config.server.sources.size(), 2U);
  EXPECT_EQ(config.server.sources[1].text(), "2001:db8::10");
}

// Whoever asks, the password is not there.
TEST(WayReader, TheProxyIsWrittenWithoutItsPassword) {
  const Monitor monitor = monitor_of("target: \"db:1\", proxy: \"http://probe:s3cret@proxy:1\"");
  for (const SentBytes sent : {SentBytes::show, SentBytes::hide}) {
    const std::string text = json_of(write_definition(monitor, sent));
    EXPECT_NE(text.find("http://probe:***@proxy:1"), std::string::npos) << text;
    EXPECT_EQ(text.find("s3cret"), std::string::npos);
  }
}

}  // namespace
}  // namespace tocsin
