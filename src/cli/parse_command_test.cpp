#include "cli/parse_command.h"

#include <gtest/gtest.h>

#include "cli/commands.h"
#include "cli/test_support.h"

namespace tocsin::cli {
namespace {

std::string usage_message(const std::vector<std::string>& words) {
  const CommandSpec root = command_tree();
  const Parsed parsed = parse_command(root, words);
  EXPECT_EQ(parsed.kind, Parsed::Kind::usage_error);
  return parsed.message;
}

TEST(ParseCommand, FindsTheCommandAndItsArguments) {
  const CommandSpec root = command_tree();
  const Parsed parsed = parse_command(
      root, std::vector<std::string>{"probe", "a:1", "--send", "x", "b:2", "-vv", "--json"});
  ASSERT_EQ(parsed.kind, Parsed::Kind::run) << parsed.message;
  EXPECT_EQ(parsed.path.back()->name, "probe");
  EXPECT_EQ(parsed.arguments.positionals, (std::vector<std::string>{"a:1", "b:2"}));
  EXPECT_EQ(parsed.arguments.value("send"), "x");
  EXPECT_EQ(parsed.arguments.count("verbose"), 2U);
  EXPECT_TRUE(parsed.arguments.has("json"));
}

// Flags that stand for all commands may stand before them.
TEST(ParseCommand, TakesFlagsAnywhere) {
  const CommandSpec root = command_tree();
  const Parsed parsed =
      parse_command(root, std::vector<std::string>{"--no-color", "monitors", "--json", "list"});
  ASSERT_EQ(parsed.kind, Parsed::Kind::run) << parsed.message;
  EXPECT_EQ(parsed.path.back()->name, "list");
  EXPECT_TRUE(parsed.arguments.has("no-color"));
  EXPECT_TRUE(parsed.arguments.has("json"));
}

// Whoever asks for help gets it, wherever the flag stands and whatever else is wrong.
TEST(ParseCommand, HelpWinsAnywhere) {
  const CommandSpec root = command_tree();
  for (const std::vector<std::string>& words : {std::vector<std::string>{"probe", "-h"},
                                                {"probe", "--bogus", "x", "--help"},
                                                {"-h", "probe"},
                                                {"probe", "a:1", "--count", "3", "-h"}}) {
    const Parsed parsed = parse_command(root, words);
    EXPECT_EQ(parsed.kind, Parsed::Kind::help);
    EXPECT_EQ(parsed.path.back()->name, "probe");
  }
}

// A value is a value even when it looks like a flag; what stands behind -- is an argument.
TEST(ParseCommand, ValuesMayLookLikeFlags) {
  const CommandSpec root = command_tree();
  const Parsed value =
      parse_command(root, std::vector<std::string>{"probe", "a:1", "--send", "-h", "--expect=-x"});
  ASSERT_EQ(value.kind, Parsed::Kind::run) << value.message;
  EXPECT_EQ(value.arguments.value("send"), "-h");
  EXPECT_EQ(value.arguments.value("expect"), "-x");
  const Parsed literal = parse_command(root, std::vector<std::string>{"probe", "--", "-h"});
  ASSERT_EQ(literal.kind, Parsed::Kind::run) << literal.message;
  EXPECT_EQ(literal.arguments.positionals, (std::vector<std::string>{"-h"}));
}

// Brackets are no list, a lone dash is no flag, and a repeated flag keeps each value apart from the
// targets behind it.
TEST(ParseCommand, KeepsOddWordsWhole) {
  const CommandSpec root = command_tree();
  const Parsed parsed = parse_command(
      root, std::vector<std::string>{"probe", "--expect", "[a,b]", "[::1]:80", "-", "--assert",
                                     "one", "--assert", "two", "h:1", "-4"});
  ASSERT_EQ(parsed.kind, Parsed::Kind::run) << parsed.message;
  EXPECT_EQ(parsed.arguments.value("expect"), "[a,b]");
  EXPECT_EQ(parsed.arguments.positionals, (std::vector<std::string>{"[::1]:80", "-", "h:1"}));
  EXPECT_EQ(parsed.arguments.all("assert"), (std::vector<std::string>{"one", "two"}));
  EXPECT_TRUE(parsed.arguments.has("ipv4"));
}

TEST(ParseCommand, SuggestsTheNearestWord) {
  EXPECT_EQ(usage_message({"prob", "a:1"}),
            "there is no command 'prob' under 'tocsin'; did you mean tocsin probe?");
  EXPECT_EQ(
      usage_message({"monitors", "lst"}),
      "there is no command 'lst' under 'tocsin monitors'; did you mean tocsin monitors list?");
  EXPECT_EQ(usage_message({"probe", "a:1", "--tiemout", "3s"}),
            "there is no flag --tiemout; did you mean --timeout?");
  EXPECT_EQ(usage_message({"probe", "a:1", "--jsno"}),
            "there is no flag --jsno; did you mean --json?");
  EXPECT_EQ(usage_message({"validate", "x", "--format", "jsn"}),
            "--format must be one of text, json, github, not 'jsn'; did you mean json?");
}

// Nothing near: no guess, and no abbreviations that would break when a command is added.
TEST(ParseCommand, DoesNotGuessWildly) {
  EXPECT_EQ(usage_message({"deploy"}), "there is no command 'deploy' under 'tocsin'");
  EXPECT_EQ(usage_message({"probe", "a:1", "--time", "3s"}), "there is no flag --time");
}

TEST(ParseCommand, SaysWhatIsMissingOrTooMuch) {
  EXPECT_EQ(usage_message({"probe"}), "HOST:PORT is needed");
  EXPECT_EQ(usage_message({"probe", "a:1", "--send"}), "--send needs a value");
  EXPECT_EQ(usage_message({"serve", "--config", "a"}), "--data DIR is needed");
  EXPECT_EQ(usage_message({"version", "now"}), "'now' is one argument too many");
  EXPECT_EQ(usage_message({"probe", "a:1", "--send", "x", "--send", "y"}),
            "--send is given more than once");
  EXPECT_EQ(usage_message({"completion", "ksh"}),
            "SHELL must be one of bash, zsh, fish, not 'ksh'; did you mean zsh?");
  EXPECT_EQ(usage_message({"probe", "a:1", "--json=maybe"}), "--json takes no value");
}

// "$DIR" with DIR unset: never the folder one stands in.
TEST(ParseCommand, AnEmptyValueIsAMistake) {
  EXPECT_EQ(usage_message({"token", "create", "--data", "", "--scope", "read"}),
            "--data DIR is empty");
  EXPECT_EQ(usage_message({"probe", "a:1", "--send", ""}), "--send TEXT is empty");
  EXPECT_EQ(usage_message({"validate", "a.yaml", ""}), "PATH is empty");
}

// Messages show what was typed without letting it speak to the terminal.
TEST(ParseCommand, EscapesWhatWasTyped) {
  EXPECT_EQ(usage_message({"pr\x1b[2Jobe"}),
            R"(there is no command 'pr\x1B[2Jobe' under 'tocsin')");
}

// A mistake ends with 2, on standard error, and says where help is.
TEST(ParseCommand, UsageErrorsGoToStandardError) {
  CliRun cli;
  cli.run({"probe", "--json"});
  EXPECT_EQ(cli.code, ExitCode::usage);
  EXPECT_EQ(cli.out, "");
  EXPECT_EQ(cli.error,
            "tocsin probe: HOST:PORT is needed\n"
            "usage: tocsin probe [flags] HOST:PORT...\n"
            "help:  tocsin probe --help\n");
  cli.run({});
  EXPECT_EQ(cli.code, ExitCode::usage);
  EXPECT_EQ(cli.out, "");
  EXPECT_NE(cli.error.find("COMMANDS"), std::string::npos);
  cli.run({"--version"});
  EXPECT_EQ(cli.code, ExitCode::ok);
  EXPECT_EQ(cli.out, "tocsin " TOCSIN_VERSION "\n");
}

}  // namespace
}  // namespace tocsin::cli
