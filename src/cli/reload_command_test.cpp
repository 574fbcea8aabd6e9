// tocsin reload: what it says of each answer, and the status that systemd and scripts go by.
#include <gtest/gtest.h>

#include "base/scratch_folder.h"
#include "cli/socket_fixture.h"
#include "cli/test_support.h"

namespace tocsin::cli {
namespace {

TEST(Reload, SaysWhatChanged) {
  const ScratchFolder folder;
  OneAnswer server(folder.path(), "200 OK",
                   R"({"added":2,"changed":1,"kept":5,"retired":0,"revived":0,)"
                   R"("warnings":["server.dns changes with a restart\u001b[2J"]})");
  CliRun cli;
  cli.run({"reload", "--data", folder.path()});
  EXPECT_EQ(server.asked(), "POST /api/v1/reload HTTP/1.1");
  EXPECT_EQ(cli.code, ExitCode::ok);
  EXPECT_EQ(cli.out, "monitors: 2 added, 1 changed, 5 kept, 0 retired, 0 revived\n");
  EXPECT_EQ(cli.error, "warning: server.dns changes with a restart\\x1B[2J\n");
}

// As of `validate` and `serve`, so that one number means it everywhere.
TEST(Reload, AnInvalidConfigurationHasItsOwnStatus) {
  const ScratchFolder folder;
  OneAnswer server(
      folder.path(), "422 Unprocessable Content",
      R"({"title":"Unprocessable Content","code":"config_invalid","detail":"One mistake.",)"
      R"("errors":[{"pointer":"a.yaml:2:3","message":"port must be 1-65535","hint":"write one"}]})");
  CliRun cli;
  cli.run({"reload", "--data", folder.path()});
  EXPECT_EQ(cli.code, ExitCode::config_invalid);
  EXPECT_EQ(cli.error,
            "tocsin reload: Unprocessable Content: One mistake.\n  a.yaml:2:3: port must be "
            "1-65535\n    hint: write one\n");
}

TEST(Reload, AnotherRefusalIsAFailure) {
  const ScratchFolder folder;
  OneAnswer server(folder.path(), "409 Conflict", R"({"title":"Conflict","code":409})");
  CliRun cli;
  EXPECT_EQ(cli.run({"reload", "--data", folder.path()}).code, ExitCode::failed);
}

TEST(Reload, AnAnswerThatIsNoneIsNoSuccess) {
  const ScratchFolder folder;
  OneAnswer server(folder.path(), "200 OK", "<html>");
  CliRun cli;
  EXPECT_EQ(cli.run({"reload", "--data", folder.path()}).code, ExitCode::unreachable);
  EXPECT_EQ(cli.out, "");
}

TEST(Reload, WithoutAServerSaysHowToStartOne) {
  const ScratchFolder folder;
  CliRun cli;
  EXPECT_EQ(cli.run({"reload", "--data", folder.path()}).code, ExitCode::unreachable);
  EXPECT_NE(cli.error.find("start it: tocsin serve"), std::string::npos) << cli.error;
}

}  // namespace
}  // namespace tocsin::cli
