// tocsin sweep with real sockets on loopback.
#include <gtest/gtest.h>

#include "cli/test_support.h"

namespace tocsin::cli {
namespace {

std::string port_of(const LoopbackPort& port) {
  return port.target().substr(port.target().rfind(':') + 1);
}

TEST(SweepCommand, ShowsWhatIsOpenAndCountsTheRest) {
  const LoopbackPort open(true);
  const LoopbackPort closed(false);
  CliRun cli;
  cli.run({"sweep", "127.0.0.1", port_of(open) + "," + port_of(closed), "--rate", "1000"});
  EXPECT_EQ(cli.code, ExitCode::ok) << cli.out << cli.error;
  EXPECT_NE(cli.out.find(port_of(open) + "  open"), std::string::npos) << cli.out;
  EXPECT_EQ(cli.out.find("  closed"), std::string::npos) << cli.out;
  EXPECT_NE(cli.out.find("2 ports of 127.0.0.1: 1 open, 1 closed\n"), std::string::npos) << cli.out;
  EXPECT_EQ(cli.error, "");
}

TEST(SweepCommand, AllShowsWhyTheOthersAreNot) {
  const LoopbackPort closed(false);
  CliRun cli;
  cli.run({"sweep", "127.0.0.1", port_of(closed), "--all"});
  EXPECT_EQ(cli.code, ExitCode::ok);
  EXPECT_NE(cli.out.find("  closed    "), std::string::npos) << cli.out;
  cli.run({"sweep", "127.0.0.1", port_of(closed), "--json"});
  EXPECT_NE(
      cli.out.find(R"("host":"127.0.0.1","port":)" + port_of(closed) + R"(,"state":"closed")"),
      std::string::npos)
      << cli.out;
}

// What holds for every port is said once, and the rest is not tried.
TEST(SweepCommand, AHostThatMayNotBeReachedIsNotSwept) {
  CliRun cli;
  cli.run({"sweep", "169.254.169.254", "1-100"});
  EXPECT_EQ(cli.code, ExitCode::failed);
  EXPECT_EQ(cli.out, "");
  EXPECT_NE(cli.error.find("such addresses are never probed"), std::string::npos) << cli.error;
}

TEST(SweepCommand, WrongWordsAreUsageErrors) {
  CliRun cli;
  const auto why = [&cli](const std::vector<std::string>& words) {
    cli.run(words);
    EXPECT_EQ(cli.code, ExitCode::usage);
    return cli.error;
  };
  EXPECT_EQ(why({"sweep", "127.0.0.1", "80", "--rate", "5000"}),
            "tocsin sweep: --rate must be a whole number from 1 to 1000, got '5000'\n");
  EXPECT_EQ(why({"sweep", "http://db", "80"}),
            "tocsin sweep: 'http://db' is no name and no address of a host\n");
  EXPECT_NE(why({"sweep", "127.0.0.1", "http"}).find("'http' is no port"), std::string::npos);
  EXPECT_NE(why({"sweep", "127.0.0.1"}).find("PORTS"), std::string::npos);
}

}  // namespace
}  // namespace tocsin::cli
