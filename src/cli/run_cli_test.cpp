#include "cli/run_cli.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "cli/test_support.h"

namespace tocsin::cli {
namespace {

// A token that never reached its file must not look like success.
TEST(RunCli, SaysWhenTheOutputCannotBeWritten) {
  std::ofstream full("/dev/full");
  std::istringstream in;
  std::ostringstream messages;
  const Shell shell{.in = in,
                    .out = full,
                    .error = messages,
                    .out_style = {},
                    .error_style = {},
                    .environment = [](const std::string&) { return std::optional<std::string>(); },
                    .serve = [](const ServeOptions&) { return ExitCode::ok; }};
  const std::vector<std::string> words = {"schema"};
  EXPECT_EQ(run_cli(words, shell, false, false), ExitCode::failed);
  EXPECT_EQ(messages.str(),
            "tocsin: the output could not be written; is the disk full or the receiver gone?\n");
}

}  // namespace
}  // namespace tocsin::cli
