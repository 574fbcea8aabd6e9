// tocsin setup-link without a server, and with one whose answers are not ours to trust. With a real
// server: tests/e2e/accounts_test.py.
#include <gtest/gtest.h>

#include "base/scratch_folder.h"
#include "cli/socket_fixture.h"
#include "cli/test_support.h"

namespace tocsin::cli {
namespace {

TEST(SetupLink, PrintsTheLinkAndNothingElse) {
  const ScratchFolder folder;
  OneAnswer server(folder.path(), "200 OK", R"({"link":"http://127.0.0.1:8400/#/setup/abc"})");
  CliRun cli;
  cli.run({"setup-link", "--data", folder.path()});
  EXPECT_EQ(server.asked(), "GET /api/v1/setup/link HTTP/1.1");
  EXPECT_EQ(cli.code, ExitCode::ok) << cli.error;
  EXPECT_EQ(cli.out, "http://127.0.0.1:8400/#/setup/abc\n");
}

// What a terminal would obey is not handed to it.
TEST(SetupLink, EscapesALink) {
  const ScratchFolder folder;
  OneAnswer server(folder.path(), "200 OK", "{\"link\":\"http://a/\\u001b[2J\"}");
  CliRun cli;
  EXPECT_EQ(cli.run({"setup-link", "--data", folder.path()}).out, "http://a/\\x1B[2J\n");
}

TEST(SetupLink, SaysThatSomebodyCanSignInAlready) {
  const ScratchFolder folder;
  OneAnswer server(folder.path(), "409 Conflict",
                   R"({"title":"Conflict","detail":"This server is set up: sign in."})");
  CliRun cli;
  cli.run({"setup-link", "--data", folder.path()});
  EXPECT_EQ(cli.code, ExitCode::failed);
  EXPECT_EQ(cli.out, "");
  EXPECT_EQ(cli.error, "tocsin setup-link: Conflict: This server is set up: sign in.\n");
}

TEST(SetupLink, RefusesAnAnswerWithoutALink) {
  const ScratchFolder folder;
  OneAnswer server(folder.path(), "200 OK", "[]");
  CliRun cli;
  EXPECT_EQ(cli.run({"setup-link", "--data", folder.path()}).code, ExitCode::unreachable);
  EXPECT_EQ(cli.error, "tocsin setup-link: the server's answer holds no link\n");
}

// Without root, or before the service runs: the next step is said.
TEST(SetupLink, WithoutAServerSaysWhoIsTold) {
  const ScratchFolder folder;
  const std::string data = folder.path();
  CliRun cli;
  EXPECT_EQ(cli.run({"setup-link", "--data", data}).code, ExitCode::unreachable);
  EXPECT_EQ(cli.error, "tocsin setup-link: no server answers at " + data +
                           "/tocsin.sock: No such file or directory\n  a running server tells the "
                           "link to its own user and to root: sudo tocsin setup-link --data " +
                           data + "\n");
}

}  // namespace
}  // namespace tocsin::cli
