// What good files mean. What bad ones are told stands in the golden files.
#include "config/config_reader.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "base/limits.h"

namespace tocsin {
namespace {

ReferenceSource references() {
  return {.environment = [](const std::string& name) -> std::optional<std::string> {
            if (name == "HOOK_SECRET") {
              return "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3";
            }
            if (name == "PORT") {
              return "6379";
            }
            return std::nullopt;
          },
          .file = [](const std::filesystem::path&) -> Result<std::string> {
            return fail(ErrorKind::not_found, "there is no such file");
          }};
}

ConfigReading read(std::string text) {
  const std::vector<ConfigText> texts = {{"x.yaml", std::move(text)}};
  return read_config(texts, references());
}

std::string told(const ConfigReading& reading) {
  std::string all;
  for (const ConfigProblem& problem : reading.problems) {
    all += problem_text(problem);
  }
  return all;
}

// The only monitor of `fields`, which are its lines of YAML in flow style.
Monitor monitor_of(const std::string& fields, const std::string& top = "") {
  const ConfigReading reading =
      read(top + "monitors: { m: { target: \"db:1\", " + fields + " } }\n");
  EXPECT_TRUE(reading.config) << told(reading);
  return reading.config && !reading.config->monitors.empty() ? reading.config->monitors[0]
                                                             : Monitor{};
}

// The file of the first page of the documentation.
TEST(ConfigReader, ReadsTheExampleShop) {
  std::ifstream input(std::string(TOCSIN_SOURCE_DIR) + "/examples/shop.yaml");
  std::ostringstream text;
  text << input.rdbuf();
  const ConfigReading reading = read(text.str());
  ASSERT_EQ(told(reading), "");
  ASSERT_TRUE(reading.config);
  const Config& config = *reading.config;
  EXPECT_EQ(config.project_id, "shop");
  EXPECT_EQ(config.project_name, "Shop");
  EXPECT_EQ(config.channels.at("ops").secret.reveal(), "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3");
  EXPECT_EQ(config.channels.at("mail").smtp.port, 2525);
  EXPECT_EQ(config.channels.at("mail").smtp.security, SmtpSecurity::none);
  ASSERT_EQ(config.monitors.size(), 1U);
  const Monitor& redis = config.monitors[0];
  EXPECT_EQ(redis.project, "shop");
  EXPECT_EQ(redis.id, "redis");
  EXPECT_EQ(redis.name, "Redis sessions");
  EXPECT_EQ(redis.target.text(), "127.0.0.1:6379");
  EXPECT_EQ(redis.interval, 1s);
  EXPECT_EQ(redis.timeout, 5s);
  EXPECT_EQ(redis.channels, (std::vector<std::string>{"ops", "mail"}));
  EXPECT_EQ(redis.request, (std::vector<Step>{SendStep{"PING\r\n"}}));
  ASSERT_EQ(redis.assertions.size(), 2U);
  EXPECT_EQ(redis.assertions[0].target, "+PONG");
  EXPECT_EQ(redis.assertions[1].target, "200000");
  EXPECT_EQ(redis.degraded_after, 50ms);
  EXPECT_EQ(redis.alert.after_runs, 2U);
  EXPECT_EQ(redis.origin.line, 8);
}

// Every spelling of a request means the same bytes.
TEST(ConfigReader, ReadsEverySpellingOfARequest) {
  const std::vector<Step> ping = {SendStep{"PING\r\n"}};
  for (const std::string request :
       {R"("PING\r\n")", R"('PING\r\n')", R"([ { send: "PING\r\n" } ])",
        R"([ { send: { text: 'PING\r\n' } } ])", R"([ { send: { hex: "50 49 4e 47 0d 0a" } } ])",
        R"([ { send: { base64: "UElORw0K" } } ])"}) {
    EXPECT_EQ(monitor_of("request: " + request).request, ping) << request;
  }
  EXPECT_TRUE(monitor_of("request: ''").request.empty());
}

TEST(ConfigReader, ReadsExpectSteps) {
  const Monitor monitor = monitor_of(
      R"(request: [ { expect: '+OK\r\n' }, { expect: { regex: '^220', refuse: ['^5'] } } ])");
  EXPECT_EQ(monitor.request, (std::vector<Step>{ExpectStep{"+OK\r\n", false, {}},
                                                ExpectStep{"^220", true, {"^5"}}}));
}

// The map form is for generators; it means what the line means.
// The protocol of STARTTLS is written, comes with the preset, or is the request's own affair.
TEST(ConfigReader, ReadsEveryWayToStarttls) {
  EXPECT_EQ(monitor_of("tls: { mode: starttls, protocol: smtp }").tls.protocol, "smtp");
  EXPECT_EQ(starttls_protocol(monitor_of("preset: submission, tls: starttls")), "smtp");
  EXPECT_TRUE(
      has_starttls_step(monitor_of("tls: starttls, request: [ { expect: INFO }, starttls ]")));
  EXPECT_TRUE(has_starttls_step(monitor_of("request: [ { expect: INFO }, starttls ]")));
  EXPECT_EQ(monitor_of("close: quiet").close, CloseMode::quiet);
}

TEST(ConfigReader, AssertionsAsMapsEqualAssertionsAsLines) {
  const Monitor lines = monitor_of(
      "assert: [ 'response_time < 200ms', 'response_data($.a) == \"x\"', 'response_data not_empty' "
      "]");
  const Monitor maps = monitor_of(
      "assert: [ { source: response_time, comparison: less_than, target: 200ms },"
      " { source: response_data, property: $.a, comparison: '==', target: x },"
      " { source: response_data, comparison: not_empty } ]");
  EXPECT_EQ(lines.assertions, maps.assertions);
}

// A monitor changes what it writes; the rest of a policy comes from the defaults.
TEST(ConfigReader, DefaultsShineThrough) {
  const Monitor monitor = monitor_of(
      "alert: { after_runs: 3 }, retry: { max: 5 }, tags: [own], timeout: 2s",
      "defaults: { timeout: 3s, interval: 5s, tags: [all], retry: { strategy: linear, base: 1s },"
      " alert: { recover_after_runs: 2 } }\n");
  EXPECT_EQ(monitor.timeout, 2s);
  EXPECT_EQ(monitor.interval, 5s);
  EXPECT_EQ(monitor.tags, std::vector<std::string>{"own"});
  EXPECT_EQ(monitor.alert.after_runs, 3U);
  EXPECT_EQ(monitor.alert.recover_after_runs, 2U);
  EXPECT_EQ(monitor.retry.strategy, RetryStrategy::linear);
  EXPECT_EQ(monitor.retry.max, 5U);
  EXPECT_EQ(monitor.retry.base, 1s);
}

TEST(ConfigReader, ReadsPolicies) {
  const Monitor monitor = monitor_of(
      "retry: { strategy: exponential, base: 2s, max: 3, total: 1m, same_location: false, "
      "only_on: network }, "
      "alert: { after_minutes: 5m, locations: { percent: 50 }, degraded: true, strict: true, "
      "reminders: { every: 10m, count: 3 } }, "
      "tls: { mode: direct, server_name: db, verify: false, alpn: [h2], min_version: '1.2' }");
  EXPECT_EQ(monitor.retry, (RetryPolicy{RetryStrategy::exponential, 2s, 3, 60s, false, true}));
  EXPECT_EQ(monitor.alert.after_minutes, 5min);
  EXPECT_EQ(monitor.alert.locations, LocationPolicy(PercentOf{50}));
  EXPECT_TRUE(monitor.alert.degraded);
  EXPECT_TRUE(monitor.alert.strict);
  EXPECT_EQ(monitor.alert.reminder_every, 10min);
  EXPECT_EQ(monitor.alert.reminder_count, 3U);
  EXPECT_EQ(monitor.tls.mode, TlsMode::direct);
  EXPECT_EQ(monitor.tls.alpn, std::vector<std::string>{"h2"});
  EXPECT_EQ(monitor.tls.min_version, "1.2");
  EXPECT_EQ(monitor_of("retry: fixed").retry.strategy, RetryStrategy::fixed);
  EXPECT_EQ(monitor_of("tls: direct").tls.mode, TlsMode::direct);
}

// An address in the target is its own family; only a written one is kept apart.
TEST(ConfigReader, AnAddressBringsItsFamily) {
  const ConfigReading reading = read(
      "defaults: { ip_family: auto }\n"
      "monitors: { a: { target: \"[::1]:1\" }, b: { target: \"db:1\" },"
      " c: { target: \"[::1]:1\", ip_family: all } }\n");
  ASSERT_TRUE(reading.config) << told(reading);
  EXPECT_EQ(reading.config->monitors[0].ip_family, IpFamily::ipv6);
  EXPECT_FALSE(reading.config->monitors[0].ip_family_written);
  EXPECT_EQ(reading.config->monitors[1].ip_family, IpFamily::automatic);
  EXPECT_EQ(reading.config->monitors[2].ip_family, IpFamily::all);
  EXPECT_TRUE(reading.config->monitors[2].ip_family_written);
}

// A reference is a text for YAML, whatever it stands for.
TEST(ConfigReader, ReferencesFillNumbersToo) {
  const ConfigReading reading = read("monitors: { m: { host: db, port: \"${env:PORT}\" } }\n");
  ASSERT_TRUE(reading.config) << told(reading);
  EXPECT_EQ(reading.config->monitors[0].target.text(), "db:6379");
}

TEST(ConfigReader, ForEachNamesWhatItMakes) {
  const ConfigReading reading =
      read("monitors: { s: { name: Services, target: s.internal, for_each: [22, 80] } }\n");
  ASSERT_TRUE(reading.config) << told(reading);
  ASSERT_EQ(reading.config->monitors.size(), 2U);
  EXPECT_EQ(reading.config->monitors[1].id, "s-80");
  EXPECT_EQ(reading.config->monitors[1].name, "Services 80");
  EXPECT_EQ(reading.config->monitors[1].target.text(), "s.internal:80");
}

TEST(ConfigReader, ReadsServerSettings) {
  const ConfigReading reading = read(
      "server: { public_url: \"https://s.example.com\", retention: { raw: 7d },"
      " reach: { allow: [10.0.0.0/8] }, dns: { servers: [127.0.0.1, \"[::1]:5353\"], canary: a.b "
      "}, "
      "io: epoll, realtime: true, trusted_proxies: [127.0.0.1/32, \"fd00::/8\"] }\n"
      "monitors: { m: { target: \"db:1\" } }\n");
  ASSERT_TRUE(reading.config) << told(reading);
  const ServerSettings& server = reading.config->server;
  EXPECT_EQ(server.public_url, "https://s.example.com");
  EXPECT_EQ(server.retention.raw, 24h * 7);
  EXPECT_EQ(server.retention.failures, 24h * 400);
  EXPECT_EQ(server.reach_allow, std::vector<std::string>{"10.0.0.0/8"});
  EXPECT_EQ(server.dns_servers, (std::vector<std::string>{"127.0.0.1:53", "[::1]:5353"}));
  EXPECT_EQ(server.dns_canary, "a.b");
  EXPECT_EQ(server.io, IoBackend::epoll);
  EXPECT_TRUE(server.realtime);
  EXPECT_EQ(server.trusted_proxies, (std::vector<std::string>{"127.0.0.1/32", "fd00::/8"}));
}

// Two files are one configuration: names of one are known in the other, whatever their order.
TEST(ConfigReader, FilesKnowEachOther) {
  const std::vector<ConfigText> texts = {
      {"a.yaml", "monitors: { m: { target: \"db:1\", channels: [ops], depends_on: [r] } }\n"},
      {"b.yaml",
       "channels: { ops: { type: webhook, url: \"https://h.example.com\" } }\n"
       "monitors: { r: { target: \"10.0.0.1:22\" } }\n"}};
  const ConfigReading reading = read_config(texts, references());
  ASSERT_TRUE(reading.config) << told(reading);
  EXPECT_EQ(reading.config->monitors.size(), 2U);
}

// A file that cannot be parsed may define what the others use; guessing would only add noise.
TEST(ConfigReader, ABrokenFileSilencesUnknownNames) {
  const std::vector<ConfigText> texts = {
      {"a.yaml", "monitors: { m: { target: \"db:1\", channels: [ops] } }\n"},
      {"b.yaml", "channels: { ops: [ }\n"}};
  const ConfigReading reading = read_config(texts, references());
  ASSERT_EQ(reading.problems.size(), 1U);
  EXPECT_EQ(reading.problems[0].file, "b.yaml");
}

// A generator gone wrong: the first 199 and how many more, in order.
TEST(ConfigReader, TellsAtMost200Problems) {
  std::string text = "monitors:\n";
  for (int i = 0; i < 300; ++i) {
    text += "  m" + std::to_string(i) + ": { target: \"db:70000\" }\n";
  }
  const ConfigReading reading = read(std::move(text));
  EXPECT_FALSE(reading.config);
  ASSERT_EQ(reading.problems.size(), 200U);
  EXPECT_EQ(reading.problems[0].line, 2);
  EXPECT_EQ(reading.problems[198].line, 200);
  EXPECT_EQ(reading.problems[199].message, "101 more problems are not shown");
}

// 10 MB to send is refused by what may be sent, and the message does not carry it.
TEST(ConfigReader, ALongBodyIsRefusedBriefly) {
  const ConfigReading reading = read("monitors: { m: { target: \"db:1\", request: \"" +
                                     std::string(10_MiB, 'x') + "\" } }\n");
  ASSERT_EQ(reading.problems.size(), 1U);
  EXPECT_EQ(reading.problems[0].message,
            "request sends 10485760 bytes; at most 65536 are possible");
  EXPECT_LE(reading.problems[0].excerpt.size(), 200U);
}

TEST(ConfigReader, BoundsStepsAndAssertions) {
  std::string steps;
  for (size_t i = 0; i <= kStepsMax; ++i) {
    steps += "{ send: a }, ";
  }
  EXPECT_EQ(
      read("monitors: { m: { target: \"db:1\", request: [" + steps + "] } }").problems[0].message,
      "request has 33 items; at most 32 are possible");
  std::string assertions;
  for (size_t i = 0; i <= kAssertionsMax; ++i) {
    assertions += "'response_time < 1s', ";
  }
  EXPECT_EQ(read("monitors: { m: { target: \"db:1\", assert: [" + assertions + "] } }")
                .problems[0]
                .message,
            "assert has 51 items; at most 50 are possible");
}

// The text form that editors and people read.
TEST(ConfigReader, ProblemTextShowsThePlace) {
  const ConfigProblem problem{.file = "shop.yaml",
                              .line = 12,
                              .column = 9,
                              .message = "port must be 1-65535, got 0",
                              .hint = "add a port",
                              .excerpt = "  port: 0"};
  EXPECT_EQ(problem_text(problem),
            "shop.yaml:12:9: error: port must be 1-65535, got 0\n"
            "    port: 0\n"
            "          ^\n"
            "  hint: add a port\n");
}

// An editor that saves in two steps, or a disk that was full, leaves such files behind: they must
// not end the watch over everything.
TEST(RefuseEmptied, FilesWithoutTheWordMonitorsAreAMistakeWhileSomeRun) {
  for (const char* text :
       {"", "# all gone\n", "version: 1\n", "project: { id: shop }\n", "monitors:\n"}) {
    ConfigReading reading = read(text);
    ASSERT_TRUE(reading.config) << text << told(reading);
    refuse_emptied(reading, 3);
    EXPECT_FALSE(reading.config) << text;
    EXPECT_EQ(told(reading),
              "x.yaml: error: the files name no monitors while 3 are being watched\n"
              "  hint: to stop watching them all write monitors: {}\n");
  }
  ConfigReading one = read("");
  refuse_emptied(one, 1);
  EXPECT_EQ(one.problems.front().message, "the files name no monitors while 1 is being watched");
}

// Written down it is meant, and so is a first start without any.
TEST(RefuseEmptied, WhatIsWrittenIsObeyed) {
  ConfigReading none = read("monitors: {}\n");
  refuse_emptied(none, 3);
  EXPECT_TRUE(none.config);
  ConfigReading first_start = read("");
  refuse_emptied(first_start, 0);
  EXPECT_TRUE(first_start.config);
  ConfigReading some = read("monitors: { m: { target: \"db:1\" } }\n");
  refuse_emptied(some, 3);
  EXPECT_TRUE(some.config);
}

// Channels may also be made over the API: files name them like their own, and a slip of the pen is
// still found.
TEST(ConfigNames, ChannelsOutsideTheFilesMayBeNamed) {
  const ConfigText text{"a.yaml", "monitors: { db: { target: \"h:1\", channels: [oncall] } }\n"};
  EXPECT_FALSE(read_config({&text, 1}, process_references()).config);
  const ConfigReading reading =
      read_config({&text, 1}, process_references(), NamesIn::texts, {"oncall"});
  ASSERT_TRUE(reading.config) << problem_text(reading.problems.at(0));
  EXPECT_TRUE(reading.config->channels.empty());
  const ConfigReading slip =
      read_config({&text, 1}, process_references(), NamesIn::texts, {"oncal"});
  ASSERT_FALSE(slip.config);
  EXPECT_EQ(slip.problems.at(0).message, "there is no channel \"oncall\"");
  EXPECT_EQ(slip.problems.at(0).hint, "did you mean \"oncal\"?");
}

}  // namespace
}  // namespace tocsin
