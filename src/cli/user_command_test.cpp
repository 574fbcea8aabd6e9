// tocsin user, without a server: what it writes, what it says, and how it takes a password. With a
// server: tests/e2e/accounts_test.py.
#include "cli/user_command.h"

#include <gtest/gtest.h>

#include "api/password_hash.h"
#include "base/scratch_folder.h"
#include "cli/offline_store.h"
#include "cli/test_support.h"
#include "cli/user_store.h"

namespace tocsin::cli {
namespace {

std::vector<UserRow> users_in(const std::filesystem::path& data) {
  const auto store = OfflineStore::open(data);
  EXPECT_TRUE(store) << store.error().message;
  return (*store)->reader().value()->users().value();
}

class UserCommand : public testing::Test {
 protected:
  CliRun& run(CliRun& cli, const std::vector<std::string>& words) {
    std::vector<std::string> line = {"user"};
    line.insert(line.end(), words.begin(), words.end());
    line.insert(line.end(), {"--data", data()});
    return cli.run(line);
  }
  CliRun piped(const std::string& in, const std::vector<std::string>& words) {
    CliRun cli{.in = in};
    return run(cli, words);
  }
  CliRun typed(std::vector<std::string> lines, const std::vector<std::string>& words) {
    CliRun cli;
    cli.typed = std::move(lines);
    return run(cli, words);
  }
  [[nodiscard]] std::string data() const { return folder_.path() / "data"; }
  // Whether the only user has this password.
  [[nodiscard]] bool signs_in(const std::string& password) const {
    const auto users = users_in(data());
    return users.size() == 1 && PasswordHasher().check(users[0].password_hash, password).is_right;
  }

  ScratchFolder folder_;
};

TEST_F(UserCommand, MakesAUserInTheStoreWhenNoServerRuns) {
  const CliRun cli = piped("correct horse\nmore\n", {"create", "ann"});
  EXPECT_EQ(cli.code, ExitCode::ok);
  EXPECT_EQ(cli.out, "ann can sign in.\n");
  EXPECT_EQ(cli.error,
            "note: there was no store in " + data() + "; made one for a server to come\n");
  EXPECT_TRUE(signs_in("correct horse"));
  EXPECT_EQ(users_in(data())[0].name, "ann");
}

TEST_F(UserCommand, MakesNobodyTwice) {
  piped("correct horse\n", {"create", "ann"});
  const CliRun cli = piped("battery staple\n", {"create", "ann"});
  EXPECT_EQ(cli.code, ExitCode::failed);
  EXPECT_EQ(cli.error,
            "tocsin user create: There is a user of this name already. tocsin user password sets "
            "their password anew.\n");
  EXPECT_TRUE(signs_in("correct horse"));
}

// Who lost a password may have lost a device: whoever is signed in has to do so again.
TEST_F(UserCommand, SetsAPasswordAndEndsTheSessions) {
  piped("correct horse\n", {"create", "ann"});
  {
    WriteBatch batch;
    batch.sessions = {{.hash = "a", .user = "ann"}, {.hash = "b", .user = "bob"}};
    ASSERT_TRUE(OfflineStore::open(data()).value()->write(std::move(batch)));
  }
  const CliRun cli = piped("battery staple", {"password", "ann"});
  EXPECT_EQ(cli.code, ExitCode::ok) << cli.error;
  EXPECT_EQ(cli.out,
            "The password of ann is set; whoever was signed in by the old one no longer is.\n");
  EXPECT_TRUE(signs_in("battery staple"));
  const auto sessions = OfflineStore::open(data()).value()->reader().value()->sessions().value();
  ASSERT_EQ(sessions.size(), 1U);
  EXPECT_EQ(sessions[0].user, "bob");
}

TEST_F(UserCommand, UnknownUserIsNotFound) {
  piped("correct horse\n", {"create", "ann"});
  const CliRun cli = piped("battery staple\n", {"password", "bob"});
  EXPECT_EQ(cli.code, ExitCode::not_found);
  EXPECT_EQ(cli.error, "tocsin user password: There is no user of this name.\n");
}

// On a terminal a slip of a finger that nobody sees must not become the password.
TEST_F(UserCommand, AsksTwiceOnATerminal) {
  EXPECT_EQ(typed({"correct horse", "correct hose"}, {"create", "ann"}).error,
            "tocsin user create: the two passwords differ; nothing was changed\n");
  EXPECT_EQ(typed({"correct horse"}, {"create", "ann"}).error,
            "tocsin user create: no password was typed\n");
  EXPECT_EQ(typed({"correct horse", "correct horse"}, {"create", "ann"}).code, ExitCode::ok);
  EXPECT_TRUE(signs_in("correct horse"));
}

// Every refusal is a usage error with its reason, before anything is touched.
TEST_F(UserCommand, RefusesWhatIsUnfit) {
  struct Case {
    std::string in, name, error;
  };
  const std::string name_rule =
      "A user name is one line of 1 to 100 bytes without spaces at its ends, like \"ann\".";
  for (const Case& one : {
           Case{"", "ann",
                "no password came on standard input: type it on a terminal, or redirect it"},
           Case{"\n", "ann",
                "no password came on standard input: type it on a terminal, or redirect it"},
           Case{"short\n", "ann", "A password has 10 to 1024 bytes; this one has 5."},
           Case{std::string(5000, 'x'), "ann",
                "A password has 10 to 1024 bytes; this one has 1025."},
           Case{"correct\xff horse\n", "ann", "the password is not valid UTF-8"},
           Case{"correct horse\n", "..", name_rule},
           Case{"correct horse\n", " ann", name_rule},
       }) {
    const CliRun cli = piped(one.in, {"create", one.name});
    EXPECT_EQ(cli.code, ExitCode::usage) << one.error;
    EXPECT_EQ(cli.error, "tocsin user create: " + one.error + "\n");
  }
  EXPECT_FALSE(std::filesystem::exists(data()));
}

// A file made on another system ends its lines with two bytes.
TEST_F(UserCommand, TakesAFileWithCarriageReturns) {
  piped("correct horse\r\n", {"create", "ann"});
  EXPECT_TRUE(signs_in("correct horse"));
}

}  // namespace
}  // namespace tocsin::cli
