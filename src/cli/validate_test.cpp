#include <gtest/gtest.h>

#include "base/scratch_folder.h"
#include "cli/test_support.h"
#include "cli/validate_text.h"

namespace tocsin::cli {
namespace {

ConfigReading invalid_reading() {
  ConfigReading reading;
  reading.problems = {
      {.file = "a.yaml",
       .line = 3,
       .column = 13,
       .message = "port must be 1-65535, got 70000",
       .hint = "write a port",
       .excerpt = "    target: h:70000"},
      {.file = "a.yaml", .line = 5, .column = 1, .message = "100% odd", .is_warning = true},
      {.file = "b,c.yaml", .line = 1, .column = 1, .message = "two\nlines"}};
  return reading;
}

TEST(ValidateText, EachFormatIsGolden) {
  expect_golden("validate_text", validate_text(invalid_reading()));
  expect_golden("validate_json", validate_json(invalid_reading()));
  expect_golden("validate_github", validate_github(invalid_reading()));
}

TEST(ValidateText, ValidSaysWhatIsInIt) {
  ConfigReading reading;
  reading.config = Config{};
  reading.config->monitors.resize(1);
  EXPECT_EQ(validate_text(reading), "valid: 1 monitor, 0 channels\n");
}

TEST(ValidateCommand, ExitCodesTellValidFromInvalid) {
  const ScratchFolder folder;
  const std::filesystem::path good = folder.path() / "good.yaml";
  const std::filesystem::path bad = folder.path() / "bad.yaml";
  std::ofstream(good) << "version: 1\nmonitors:\n  a: { target: \"127.0.0.1:80\" }\n";
  std::ofstream(bad) << "version: 1\nmonitors:\n  a: { target: \"127.0.0.1:0\" }\n";
  CliRun cli;
  cli.run({"validate", good});
  EXPECT_EQ(cli.code, ExitCode::ok) << cli.out;
  EXPECT_EQ(cli.out, "valid: 1 monitor, 0 channels\n");
  cli.run({"validate", bad});
  EXPECT_EQ(cli.code, ExitCode::config_invalid);
  EXPECT_NE(cli.out.find("bad.yaml:3:"), std::string::npos) << cli.out;
  cli.run({"validate", folder.path() / "missing.yaml"});
  EXPECT_EQ(cli.code, ExitCode::config_invalid);
}

// Files may name channels that live in a server's store; a folder without one is a slip of the pen.
TEST(ValidateCommand, DataNamesTheChannelsOfAServer) {
  const ScratchFolder folder;
  const std::filesystem::path file = folder.path() / "a.yaml";
  std::ofstream(file) << "monitors: { a: { target: \"127.0.0.1:80\", channels: [oncall] } }\n";
  CliRun cli;
  cli.run({"validate", file});
  EXPECT_EQ(cli.code, ExitCode::config_invalid) << cli.out;
  cli.run({"validate", file, "--data", folder.path()});
  EXPECT_EQ(cli.code, ExitCode::failed);
  EXPECT_NE(cli.error.find("there is no store in"), std::string::npos) << cli.error;
}

}  // namespace
}  // namespace tocsin::cli
