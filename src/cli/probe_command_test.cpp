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

// A dialogue cannot be had unseen: that the wish is not granted is told, and nothing else of it.
TEST(ProbeCommand, AQuietCloseThatCannotBeIsTold) {
  const LoopbackPort port(true);
  CliRun cli;
  cli.run({"probe", port.target(), "--close", "quiet", "--send", "hello"});
  EXPECT_EQ(cli.code, ExitCode::ok) << cli.out;
  EXPECT_EQ(cli.error,
            "tocsin probe: close: quiet is for TCP connections on which nothing is said: this one "
            "ends in order (fin).\n");
  cli.run({"probe", port.target(), "--close", "quiet"});
  EXPECT_EQ(cli.error, "");
}

// Before anything is connected to: it is a mistake of the command line.
TEST(ProbeCommand, AFileThatCannotBeUsedIsAMistake) {
  CliRun cli;
  cli.run({"probe", "127.0.0.1:9", "--ca-file", "/gone/ca.pem"});
  EXPECT_EQ(cli.code, ExitCode::usage);
  EXPECT_EQ(cli.error,
            "tocsin probe: cannot read ca_file /gone/ca.pem: No such file or directory\n");
  EXPECT_EQ(cli.out, "");
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

// A refusal has a second try only: the reset has shown already that the host lives.
TEST(ProbeCommand, VeryVerboseLooksIntoAFailure) {
  const LoopbackPort closed(false);
  CliRun cli;
  cli.run({"probe", closed.target(), "-vv"});
  EXPECT_EQ(cli.code, ExitCode::failed);
  EXPECT_NE(cli.out.find("found        A second try at once failed in the same way."),
            std::string::npos)
      << cli.out;
  cli.run({"probe", closed.target(), "-v"});
  EXPECT_EQ(cli.code, ExitCode::failed);
  EXPECT_EQ(cli.out.find("second try"), std::string::npos) << cli.out;
}

// What fails again and again is looked into once, and the probes go on at their pace.
TEST(ProbeCommand, OnlyTheFirstFailureInARowIsLookedInto) {
  const LoopbackPort closed(false);
  CliRun cli;
  cli.run({"probe", closed.target(), "-vv", "--json", "--count", "3", "--interval", "10ms"});
  EXPECT_EQ(cli.code, ExitCode::failed);
  EXPECT_EQ(lines_in(cli.out), 4U);
  const size_t first = cli.out.find(R"("state":"gathered")");
  ASSERT_NE(first, std::string::npos) << cli.out;
  EXPECT_EQ(cli.out.find(R"("state":)", first + 1), std::string::npos) << cli.out;
}

// More at once than are looked into: the others say so, and all are told.
TEST(ProbeCommand, TooManyFailuresAtOnceAreToldAsSuch) {
  const LoopbackPort closed(false);
  CliRun cli;
  for (int i = 0; i < 6; ++i) {
    cli.in += closed.target() + "\n";
  }
  cli.run({"probe", "-", "-vv"});
  EXPECT_EQ(cli.code, ExitCode::failed);
  size_t left_out = 0;
  for (size_t at = 0; (at = cli.out.find("Not looked into", at)) != std::string::npos; ++at) {
    ++left_out;
  }
  EXPECT_EQ(left_out, 2U) << cli.out;
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
