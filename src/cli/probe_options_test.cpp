#include "cli/probe_options.h"

#include <gtest/gtest.h>

#include <sstream>

#include "cli/commands.h"
#include "cli/parse_command.h"
#include "cli/target_list.h"

namespace tocsin::cli {
namespace {

Result<ProbeOptions> read(std::vector<std::string> words, const std::string& in = "") {
  const CommandSpec root = command_tree();
  words.insert(words.begin(), "probe");
  const Parsed parsed = parse_command(root, words);
  EXPECT_EQ(parsed.kind, Parsed::Kind::run) << parsed.message;
  std::istringstream input(in);
  return read_probe_options(parsed.arguments, input);
}

std::string error_of(const std::vector<std::string>& words, const std::string& in = "") {
  const auto options = read(words, in);
  EXPECT_FALSE(options);
  return options ? "" : options.error().message;
}

TEST(ProbeOptions, MakesOneMonitorATarget) {
  const auto options = read({"db:80", "[::1]:443", "--timeout", "3s", "-6"});
  ASSERT_TRUE(options) << options.error().message;
  ASSERT_EQ(options->monitors.size(), 2U);
  EXPECT_EQ(options->monitors[1]->target.text(), "[::1]:443");
  EXPECT_EQ(options->monitors[0]->timeout, 3s);
  EXPECT_EQ(options->monitors[0]->ip_family, IpFamily::ipv6);
  EXPECT_EQ(options->count, 1U);
  EXPECT_FALSE(options->statistics);
}

// Unsaid, the answer must be the one that a monitor with defaults would give.
TEST(ProbeOptions, DefaultsAreAMonitorsDefaults) {
  const auto options = read({"h:1"});
  ASSERT_TRUE(options);
  const Monitor& monitor = *options->monitors.front();
  EXPECT_EQ(monitor.timeout, Monitor{}.timeout);
  EXPECT_EQ(monitor.ip_family, Monitor{}.ip_family);
  EXPECT_FALSE(monitor.ip_family_written);
  EXPECT_TRUE(is_connect_only(monitor));
}

TEST(ProbeOptions, ReadsEscapesOfSendAndExpect) {
  const auto options = read({"h:1", "--send", R"(PING\r\n)", "--expect", R"(+PONG\x0d)"});
  ASSERT_TRUE(options) << options.error().message;
  EXPECT_EQ(options->monitors.front()->request,
            (std::vector<Step>{SendStep{"PING\r\n"}, ExpectStep{.pattern = "+PONG\r"}}));
}

TEST(ProbeOptions, ReadsTheWay) {
  const auto options = read({"db:80", "--source", "192.0.2.10", "--resolver", "192.0.2.53",
                             "--resolver", "[::1]:5353", "--proxy", "socks5://u:pw@p:1080"});
  ASSERT_TRUE(options) << options.error().message;
  const Monitor& monitor = *options->monitors.front();
  EXPECT_EQ(monitor.source->text(), "192.0.2.10");
  ASSERT_EQ(monitor.resolver.size(), 2U);
  EXPECT_EQ(monitor.resolver[0].port, 53);
  EXPECT_EQ(monitor.proxy->user, "u");
}

TEST(ProbeOptions, RefusesAWayThatLeadsNowhere) {
  EXPECT_EQ(error_of({"h:1", "--source", "eth0"}),
            "--source: 'eth0' is not an address of a machine; the name of an interface is none");
  EXPECT_EQ(error_of({"h:1", "--resolver", "dns.example"}),
            "--resolver: 'dns.example' is not an address, like 127.0.0.1 or [::1]:5353");
  EXPECT_EQ(error_of({"h:1", "--proxy", "socks5://u:s3cret@h"}).find("s3cret"), std::string::npos);
  EXPECT_NE(error_of({"h:1", "--proxy", "https://u:s3cret@p:1"}).find("in TLS (https://)"),
            std::string::npos);
  EXPECT_EQ(error_of({"h:1", "--proxy", "https://u:s3cret@p:1"}).find("s3cret"), std::string::npos);
  // What a configuration file refuses: core/way_misfit.
  EXPECT_EQ(error_of({"h:1", "--proxy", "http://p:1", "--close", "quiet"}),
            "with --proxy no connection stays unseen: leave --close quiet out");
  EXPECT_EQ(error_of({"h:1", "--proxy", "http://p:1", "--assert", "resolved_ip == \"192.0.2.1\""}),
            "with --proxy nobody here learns the target's address: leave --assert resolved_ip out");
  EXPECT_EQ(error_of({"h:1", "--proxy", "http://p:1", "--all-addresses"}),
            "with --proxy the proxy looks the name up: leave -4, -6 and --all-addresses out");
  EXPECT_NE(error_of({"h:1", "--source", "::1"}).find("write -6 too"), std::string::npos);
  EXPECT_NE(error_of({"[::1]:1", "--source", "192.0.2.10"}).find("IPv4"), std::string::npos);
  EXPECT_NE(error_of({"unix:/x", "--proxy", "http://p:1"}), "");
}

// A greeting that came before TLS does not come again inside it: waiting for it would never end.
TEST(ProbeOptions, AfterStarttlsAPresetSaysOnlyWhatCanBeSaidAgain) {
  const auto mail = read({"mail", "--preset", "smtp", "--starttls", "smtp"});
  ASSERT_TRUE(mail) << mail.error().message;
  EXPECT_TRUE(mail->monitors.front()->request.empty());
  const auto directory = read({"directory", "--preset", "ldap", "--starttls", "ldap"});
  ASSERT_TRUE(directory) << directory.error().message;
  EXPECT_EQ(directory->monitors.front()->request.size(), 2U);
}

// The preset knows port and words; what is typed counts more.
TEST(ProbeOptions, PresetFillsInPortAndDialogue) {
  const auto redis = read({"cache.example.com", "--preset", "redis"});
  ASSERT_TRUE(redis) << redis.error().message;
  EXPECT_EQ(redis->monitors.front()->target.text(), "cache.example.com:6379");
  EXPECT_EQ(redis->monitors.front()->request.size(), 2U);
  EXPECT_EQ(redis->monitors.front()->preset, "redis");
  const auto own = read({"cache.example.com:1", "--preset", "redis", "--expect", "x"});
  ASSERT_TRUE(own);
  EXPECT_EQ(own->monitors.front()->target.port(), 1);
  EXPECT_EQ(own->monitors.front()->request, (std::vector<Step>{ExpectStep{.pattern = "x"}}));
  const auto chat = read({"chat.example.com", "--preset", "xmpp"});
  ASSERT_TRUE(chat) << chat.error().message;
  EXPECT_NE(std::get<SendStep>(chat->monitors.front()->request.front())
                .bytes.find("to='chat.example.com'"),
            std::string::npos);
  const auto https = read({"example.com", "--preset", "https"});
  ASSERT_TRUE(https);
  EXPECT_EQ(https->monitors.front()->tls.mode, TlsMode::direct);
}

TEST(ProbeOptions, TlsIsAskedForAsAMonitorAsks) {
  const auto options =
      read({"h:1", "--ca-file", "ca.pem", "--certificate-file", "c.pem", "--key-file", "k.pem",
            "--alpn", "h2", "--alpn", "http/1.1", "--min-version", "1.3"});
  ASSERT_TRUE(options) << options.error().message;
  EXPECT_EQ(options->monitors.front()->tls, (TlsOptions{.mode = TlsMode::direct,
                                                        .protocol = "",
                                                        .server_name = "",
                                                        .verify = true,
                                                        .alpn = {"h2", "http/1.1"},
                                                        .certificate_file = "c.pem",
                                                        .key_file = "k.pem",
                                                        .ca_file = "ca.pem",
                                                        .min_version = "1.3"}));
  for (const char* flag : {"--ca-file", "--alpn"}) {
    EXPECT_EQ(read({"h:1", flag, "x"})->monitors.front()->tls.mode, TlsMode::direct) << flag;
  }
  EXPECT_EQ(error_of({"h:1", "--key-file", "k.pem"}),
            "--certificate-file and --key-file come together");
  EXPECT_EQ(error_of({"h:1", "--alpn", std::string(256, 'a')}),
            "--alpn: at most 10 protocols of 1 to 255 bytes each");
}

// A step says when TLS begins: what is asked of it does not make it begin at once.
TEST(ProbeOptions, TlsBeginsAtTheStepThatSaysSo) {
  const auto options = read({"h:1", "--request", "[{expect: '220'}, starttls]", "--no-verify"});
  ASSERT_TRUE(options) << options.error().message;
  EXPECT_EQ(options->monitors.front()->tls.mode, TlsMode::starttls);
  EXPECT_FALSE(options->monitors.front()->tls.verify);
}

TEST(ProbeOptions, BothFamiliesMayBeTried) {
  EXPECT_EQ(read({"h:1", "--auto"})->monitors.front()->ip_family, IpFamily::automatic);
  EXPECT_EQ(read({"h:1", "--all-addresses"})->monitors.front()->ip_family, IpFamily::all);
  EXPECT_EQ(error_of({"h:1", "--auto", "-6"}), "--auto takes both families: leave -4 and -6 out");
  EXPECT_EQ(error_of({"h:1", "--auto", "--all-addresses"}),
            "--all-addresses and --auto exclude each other");
}

TEST(ProbeOptions, FlagsOfTlsImplyIt) {
  const auto options = read({"h:1", "--tls-name", "db", "--no-verify"});
  ASSERT_TRUE(options);
  EXPECT_EQ(options->monitors.front()->tls.mode, TlsMode::direct);
  EXPECT_EQ(options->monitors.front()->tls.server_name, "db");
  EXPECT_FALSE(options->monitors.front()->tls.verify);
  const auto starttls = read({"h:1", "--starttls", "smtp"});
  ASSERT_TRUE(starttls);
  EXPECT_EQ(starttls->monitors.front()->tls.mode, TlsMode::starttls);
  EXPECT_EQ(starttls->monitors.front()->tls.protocol, "smtp");
  const auto quiet = read({"h:1", "--close", "quiet"});
  ASSERT_TRUE(quiet);
  EXPECT_EQ(quiet->monitors.front()->close, CloseMode::quiet);
}

// Lists come from files and other programs: spaces, comments and empty lines are theirs.
TEST(ProbeOptions, ReadsTargetsFromStandardInput) {
  const auto options = read({"-", "z:3"}, "a:1\n\n  # mail\n b:2 \r\n");
  ASSERT_TRUE(options) << options.error().message;
  ASSERT_EQ(options->monitors.size(), 3U);
  EXPECT_EQ(options->monitors[1]->target.text(), "b:2");
  EXPECT_EQ(options->monitors[2]->target.text(), "z:3");
}

TEST(ProbeOptions, SaysWhichWordIsWrong) {
  EXPECT_EQ(error_of({"-"}, "\n"), "standard input: no target in it");
  EXPECT_EQ(error_of({"h:1", "--count", "0"}),
            "--count must be a whole number from 1 to 1000000, got '0'");
  EXPECT_EQ(error_of({"h:1", "--count", "2x"}),
            "--count must be a whole number from 1 to 1000000, got '2x'");
  EXPECT_EQ(error_of({"h:1", "--timeout", "1ms"}), "--timeout must be 100ms to 2m, got 1ms");
  EXPECT_EQ(error_of({"h:1", "--expect", "a", "--expect-regex", "b"}),
            "--expect and --expect-regex exclude each other");
  EXPECT_EQ(error_of({"h:1", "-4", "-6"}), "-4 and -6 exclude each other");
  EXPECT_EQ(error_of({"h:1", "--tls", "--starttls", "smtp"}),
            "--tls and --starttls exclude each other");
  EXPECT_EQ(error_of({"h:1", "--send", std::string(65537, 'x')}),
            "--send: needs 1 to 65536 bytes, got 65537");
  EXPECT_EQ(error_of({"h", "--preset", "rediss"}).substr(0, 62),
            "--preset: there is no preset 'rediss' (did you mean redis?); t");
  EXPECT_EQ(error_of({"h:1", "--send", R"(\q)"}).substr(0, 8), "--send: ");
  EXPECT_EQ(error_of({"h:1", "--expect-regex", "("}).substr(0, 16), "--expect-regex: ");
  EXPECT_EQ(error_of({"h:1", "--assert", "nonsense"}).substr(0, 10), "--assert: ");
  EXPECT_NE(error_of({"http://h:1"}), "");
  EXPECT_NE(error_of({"h:70000"}), "");
}

// A list comes from another program and may be long: the line is what its owner needs.
TEST(ProbeOptions, NamesTheLineOfStandardInput) {
  EXPECT_EQ(error_of({"z:1", "-"}, "# databases\n\na:1\nfoo\n"),
            "stdin:4: the target \"foo\" has no port; write foo:PORT");
  EXPECT_EQ(
      error_of({"-", "-4"}, "a:1\n[::1]:2"),
      "stdin:2: -4 does not fit the IPv6 address ::1; leave it out: an address brings its own "
      "family");
  EXPECT_EQ(error_of({"-"}, "a:1\n" + std::string(2000, 'a')),
            "stdin:2: the line is too long for a target, more than 1024 bytes");
}

// The longest line is read whole, with and without its end.
TEST(ProbeOptions, ReadsTheLongestLine) {
  const std::string spaces(kTargetLineBytesMax - 3, ' ');
  for (const std::string& in : {"a:1" + spaces + "\nb:2\n", "b:2\n" + spaces + "a:1"}) {
    const auto options = read({"-"}, in);
    ASSERT_TRUE(options) << options.error().message;
    EXPECT_EQ(options->monitors.size(), 2U);
  }
}

// Asking for IPv4 at an IPv6 address is a slip of the caller's, not a service that is down.
TEST(ProbeOptions, FamilyMustFitAnAddress) {
  EXPECT_EQ(error_of({"[::1]:80", "-4"}),
            "-4 does not fit the IPv6 address ::1; leave it out: an address brings its own family");
  EXPECT_EQ(error_of({"127.0.0.1:80", "-6"}),
            "-6 does not fit the IPv4 address 127.0.0.1; leave it out: an address brings its own "
            "family");
  EXPECT_TRUE(read({"127.0.0.1:80", "h:1", "-4"}));
  EXPECT_TRUE(read({"[::1]:80", "unix:/run/x", "-6"}));
}

}  // namespace
}  // namespace tocsin::cli
