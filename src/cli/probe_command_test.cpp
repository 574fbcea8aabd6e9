// tocsin probe with real sockets on loopback.
#include <gtest/gtest.h>

#include <algorithm>

#include "cli/test_support.h"

namespace tocsin::cli {
namespace {

size_t lines_in(const std::string& text) {
  return static_cast<size_t>(std::ranges::count(text, '\n'));
}

TEST(ProbeCommand, OpenPortPasses) {
  const LoopbackPort port(true);
  CliRun cli;
  cli.run({"probe", port.target()});
  EXPECT_EQ(cli.code, ExitCode::ok) << cli.out << cli.error;
  EXPECT_TRUE(cli.out.starts_with("✓ " + port.target())) << cli.out;
  EXPECT_EQ(lines_in(cli.out), 1U);
  EXPECT_EQ(cli.error, "");
}

// One that fails among many decides the exit code, and the others are told all the same.
TEST(ProbeCommand, OneRefusedTargetFailsTheCommand) {
  const LoopbackPort open(true);
  const LoopbackPort closed(false);
  CliRun cli{.in = open.target() + "\n" + closed.target() + "\n"};
  cli.run({"probe", "-", "--json"});
  EXPECT_EQ(cli.code, ExitCode::failed);
  EXPECT_EQ(lines_in(cli.out), 2U);
  EXPECT_NE(cli.out.find(R"("verdict":"passed")"), std::string::npos);
  EXPECT_NE(cli.out.find(R"("code":"tcp_refused")"), std::string::npos);
}

TEST(ProbeCommand, CountShowsStatistics) {
  const LoopbackPort port(true);
  CliRun cli;
  cli.run({"probe", port.target(), "--count", "3", "--interval", "10ms"});
  EXPECT_EQ(cli.code, ExitCode::ok) << cli.out << cli.error;
  EXPECT_NE(cli.out.find(port.target() + ": 3 probes, 3 passed\n  min "), std::string::npos)
      << cli.out;
}

TEST(ProbeCommand, WrongWordsAreUsageErrors) {
  CliRun cli;
  cli.run({"probe", "http://example.com"});
  EXPECT_EQ(cli.code, ExitCode::usage);
  EXPECT_EQ(cli.out, "");
  EXPECT_TRUE(cli.error.starts_with("tocsin probe: ")) << cli.error;
  cli.run({"probe", "-4", "[::1]:80"});
  EXPECT_EQ(cli.code, ExitCode::usage);
}

// Addresses that nobody may reach are refused here too, and that is our doing, not the target's.
TEST(ProbeCommand, PassesTheReachGate) {
  CliRun cli;
  cli.run({"probe", "169.254.169.254:80"});
  EXPECT_EQ(cli.code, ExitCode::failed);
  EXPECT_NE(cli.out.find("reach_denied"), std::string::npos) << cli.out;
  EXPECT_NE(cli.out.find("169.254.169.254 is a cloud metadata address; such addresses are never "
                         "probed"),
            std::string::npos)
      << cli.out;
}

}  // namespace
}  // namespace tocsin::cli
