// The command that does a failed check again fails as the check did, and shows nobody a secret.
#include "core/dialogue_flags.h"

#include <gtest/gtest.h>

#include "core/assert.h"
#include "core/causes.h"
#include "model/preset.h"

namespace tocsin {
namespace {

Monitor redis(std::vector<Step> request) {
  Monitor monitor;
  monitor.target = Target::parse("db.example.com:6379").value();
  monitor.request = std::move(request);
  return monitor;
}

std::string flags_of(const Monitor& monitor) {
  return dialogue_flags(monitor, SendsShown::yes).flags;
}

TEST(DialogueFlags, SimpleStepsHaveFlagsOfTheirOwn) {
  EXPECT_EQ(flags_of(redis({})), "");
  EXPECT_EQ(flags_of(redis({SendStep{"PING\r\n"}, ExpectStep{.pattern = "+PONG"}})),
            R"( --send 'PING\r\n' --expect +PONG)");
  EXPECT_EQ(flags_of(redis({ExpectStep{.pattern = "^220 it's", .is_regex = true}})),
            R"( --expect-regex '^220 it'\''s')");
}

TEST(DialogueFlags, OtherStepsAreOneRequest) {
  EXPECT_EQ(flags_of(redis({ExpectStep{.pattern = "220"}, SendStep{"EHLO ${x}\r\n"}})),
            R"( --request '[{"expect":{"text":"220"}},{"send":"EHLO $${x}\\r\\n"}]')");
  EXPECT_EQ(flags_of(redis({ExpectStep{.pattern = "id=(\\d+)", .is_regex = true, .refuse = {"^5"}},
                            SendStep{.bytes = "<>", .captures = {{.at = 1, .group = "1"}}},
                            ExpectJsonStep{.path = "$.status", .is = "ready"}, StarttlsStep{}})),
            R"x( --request '[{"expect":{"regex":"id=(\\d+)","refuse":["^5"]}},)x"
            R"x({"send":"<{{1}}>"},{"expect":{"json":"$.status","is":"ready"}},)x"
            R"x({"starttls":true}]')x");
}

TEST(DialogueFlags, APresetThatSaysTheSameIsNamed) {
  const Preset& preset = *find_preset("redis");
  Monitor monitor = redis({SendStep{probe_bytes(preset, "db.example.com")},
                           ExpectStep{.pattern = std::string(preset.expect), .is_regex = true}});
  monitor.preset = "redis";
  EXPECT_EQ(flags_of(monitor), " --preset redis");
  monitor.request.pop_back();
  EXPECT_FALSE(flags_of(monitor).contains("--preset")) << "it would wait for more";
}

TEST(DialogueFlags, AssertionsAreDemandedToo) {
  Monitor monitor = redis({SendStep{"INFO"}});
  monitor.assertions = {parse_assertion("response_data contains \"role:master\"").value()};
  EXPECT_EQ(flags_of(monitor), R"( --send INFO --assert 'response_data contains "role:master"')");
}

// In words, so that nobody takes a pass for the end of the trouble.
TEST(DialogueFlags, WhatIsNotShownIsSaidToBeLeftOut) {
  const Monitor plain = redis({SendStep{"AUTH hunter22\r\n"}, ExpectStep{.pattern = "+OK"}});
  Monitor secret = plain;
  secret.secrets = {"hunter22"};
  const Monitor huge = redis({SendStep{std::string(5000, 'x')}, ExpectStep{.pattern = "+OK"}});
  const ProbeError error{.code = ErrorCode::expect_mismatch, .phase = Phase::data, .detail = {}};
  for (const auto& lines : {commands_to_try(error, plain, {}, SendsShown::no),
                            commands_to_try(error, secret, {}), commands_to_try(error, huge, {})}) {
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_EQ(lines[0], "tocsin probe db.example.com:6379 -vv");
    EXPECT_TRUE(lines[1].starts_with("# without what the monitor says, which is ")) << lines[1];
    EXPECT_TRUE(lines[1].ends_with(": it may pass")) << lines[1];
  }
  EXPECT_EQ(commands_to_try(error, plain, {}).front(),
            R"(tocsin probe db.example.com:6379 -vv --send 'AUTH hunter22\r\n' --expect +OK)");
  const Monitor waits = redis({ExpectStep{.pattern = "+OK"}});
  EXPECT_EQ(commands_to_try(error, waits, {}, SendsShown::no).front(),
            "tocsin probe db.example.com:6379 -vv --expect +OK")
      << "what is awaited is no secret";
}

// How far it got decides: a port that is closed is closed without a word.
TEST(DialogueFlags, OnlyAFailureOfTheDialogueNeedsIt) {
  const Monitor plain = redis({SendStep{"PING\r\n"}, ExpectStep{.pattern = "+PONG"}});
  EXPECT_EQ(commands_to_try({.code = ErrorCode::tcp_refused, .phase = Phase::connect, .detail = {}},
                            plain, {})
                .front(),
            "tocsin probe db.example.com:6379 -v");
  Monitor mail = redis({ExpectStep{.pattern = "220"}, StarttlsStep{}});
  mail.tls.mode = TlsMode::starttls;
  EXPECT_EQ(
      commands_to_try({.code = ErrorCode::tls_expired, .phase = Phase::tls, .detail = {}}, mail, {})
          .front(),
      R"(tocsin probe db.example.com:6379 -v --request )"
      R"('[{"expect":{"text":"220"}},{"starttls":true}]')");
}

}  // namespace
}  // namespace tocsin
