#include "api/definition_body.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

std::expected<Monitor, Problem> read(const std::string& body, bool is_operator = false) {
  const auto value = read_json(body);
  EXPECT_TRUE(value) << value.error().detail;
  auto reading = read_definition(
      *value, {.author = is_operator ? ReachRole::operator_files : ReachRole::editor_api});
  if (!reading) {
    return std::unexpected(reading.error());
  }
  return std::move(reading->monitors.front());
}

// Each value stands on a line of its own, so that a mistake's line is a pointer.
TEST(LayOutMonitor, KnowsThePointerOfEveryLine) {
  const auto body = read_json(R"({"target": "a:1", "request": [{"send": "x\ny"}], "tls": {}})");
  const LaidOut laid_out = lay_out_monitor(*body, "probe");
  EXPECT_EQ(laid_out.text,
            "{\"monitors\": {\"probe\": {\n \"target\": \"a:1\",\n \"request\": [\n {\n"
            " \"send\": \"x\\ny\"}],\n \"tls\": {}}}}\n");
  EXPECT_EQ(laid_out.pointers, (std::vector<std::string>{"", "/target", "/request", "/request/0",
                                                         "/request/0/send", "/tls"}));
}

TEST(DefinitionBody, ReadsADefinitionWithTheNamesOfTheFiles) {
  const auto monitor = read(
      R"({"target": "db.example.com:6379", "timeout": "2s", "ip_family": "ipv6",
          "request": [{"send": "PING\\r\\n"}, {"expect": "+PONG"}],
          "assert": ["response_time < 200ms"]})");
  ASSERT_TRUE(monitor) << monitor.error().detail << " "
                       << (monitor.error().errors.empty() ? "" : monitor.error().errors[0].message);
  EXPECT_EQ(monitor->target.text(), "db.example.com:6379");
  EXPECT_EQ(monitor->timeout, 2s);
  EXPECT_EQ(monitor->ip_family, IpFamily::ipv6);
  ASSERT_EQ(monitor->request.size(), 2u);
  EXPECT_EQ(std::get<SendStep>(monitor->request[0]).bytes, "PING\r\n");
  EXPECT_EQ(monitor->assertions.size(), 1u);
}

// Every mistake at once, each with its place in the body.
TEST(DefinitionBody, PointsAtEveryMistake) {
  const auto monitor =
      read(R"({"target": "db.example.com:70000", "timeot": "2s", "assert": ["nonsense"]})");
  ASSERT_FALSE(monitor);
  EXPECT_EQ(monitor.error().status, 422);
  std::vector<std::string> pointers;
  for (const FieldProblem& error : monitor.error().errors) {
    pointers.push_back(error.pointer);
  }
  EXPECT_EQ(pointers, (std::vector<std::string>{"/target", "/timeot", "/assert/0"}));
}

// The API must never read the server's environment or files for a caller.
TEST(DefinitionBody, RefusesReferences) {
  for (const char* body :
       {R"({"target": "${env:HOME}:1"})", R"({"target": "a:1", "request": "${file:/etc/passwd}"})",
        R"({"target": "a:1", "request": [{"send": "x${env:X:-d}"}]})"}) {
    const auto monitor = read(body, true);
    ASSERT_FALSE(monitor) << body;
    EXPECT_EQ(monitor.error().errors.at(0).code, "reference_refused");
  }
}

TEST(DefinitionBody, FilesAndUnixTargetsAreTheOperators) {
  const char* const with_file = R"({"target": "a:1", "tls": {"mode": "direct", "ca_file": "/x"}})";
  ASSERT_FALSE(read(with_file));
  EXPECT_EQ(read(with_file).error().errors.at(0).pointer, "/tls/ca_file");
  const char* const unix_target = R"({"target": "unix:/run/x.sock"})";
  ASSERT_FALSE(read(unix_target));
  EXPECT_EQ(read(unix_target).error().errors.at(0).pointer, "/target");
  EXPECT_TRUE(read(unix_target, true));
}

TEST(DefinitionBody, IsOneMonitorOnly) {
  EXPECT_FALSE(read(R"({"target": "a:1", "for_each": [1, 2]})"));
  EXPECT_FALSE(read("{}"));
}

// "$${" is a text for the reader, so it is none of our business.
TEST(DefinitionBody, TakesATextThatOnlyLooksLikeAReference) {
  const auto monitor = read(R"({"target": "a:1", "description": "$${env:HOME}"})");
  ASSERT_TRUE(monitor);
  EXPECT_EQ(monitor->description, "${env:HOME}");
}

// One body, several monitors, where that is allowed; each id begins with the one given.
TEST(DefinitionBody, ForEachMakesSeveralWhereItMay) {
  const auto body = read_json(R"({"target": "a", "for_each": [22, 80]})");
  const auto reading = read_definition(*body, {.id = "web", .may_be_many = true});
  ASSERT_TRUE(reading);
  ASSERT_EQ(reading->monitors.size(), 2u);
  EXPECT_EQ(reading->monitors[0].id, "web-22");
  EXPECT_EQ(reading->monitors[1].target.text(), "a:80");
}

TEST(DefinitionBody, RefusesAnIdThatCannotBeOne) {
  const auto body = read_json(R"({"target": "a:1"})");
  const auto reading = read_definition(*body, {.id = "a b"});
  ASSERT_FALSE(reading);
  EXPECT_EQ(reading.error().errors.at(0).pointer, "/id");
}

// An editor may rename what the operator made, and not point its certificate elsewhere.
TEST(DefinitionBody, OperatorsPartsMayStayAsTheyAre) {
  const auto body = read_json(R"({"target": "unix:/run/x.sock", "tags": ["a"]})");
  Monitor current;
  current.target = *Target::parse("unix:/run/x.sock");
  EXPECT_TRUE(read_definition(*body, {.id = "x", .current = &current}));
  current.target = *Target::parse("unix:/run/y.sock");
  EXPECT_FALSE(read_definition(*body, {.id = "x", .current = &current}));
}

// A password that was hidden stays what it is, and only where it was: who may write must not send
// it elsewhere to read it.
TEST(DefinitionBody, AHiddenPasswordStaysAtItsPlace) {
  Monitor current;
  current.target = *Target::parse("db:1");
  current.proxy = parse_proxy("socks5://probe:s3cret@proxy:1080").value();
  const auto read_with = [&](const std::string& proxy) {
    const auto body = read_json(R"({"target": "db:1", "proxy": ")" + proxy + R"("})");
    return read_definition(*body, {.id = "x", .current = &current});
  };
  const auto same = read_with("socks5://probe:***@proxy:1080");
  ASSERT_TRUE(same);
  EXPECT_EQ(same->monitors.front().proxy->password.reveal(), "s3cret");
  for (const char* other : {"socks5://probe:***@evil:1080", "socks5://probe:***@proxy:1081",
                            "http://probe:***@proxy:1080", "socks5://other:***@proxy:1080"}) {
    const auto moved = read_with(other);
    ASSERT_FALSE(moved) << other;
    EXPECT_EQ(moved.error().errors.front().pointer, "/proxy");
    EXPECT_EQ(moved.error().errors.front().code, "secret_needed");
  }
  const auto written = read_with("socks5://probe:other@evil:1080");
  ASSERT_TRUE(written);
  EXPECT_EQ(written->monitors.front().proxy->password.reveal(), "other");
}

TEST(IdFrom, IsWhatPeopleWouldType) {
  EXPECT_EQ(id_from("Redis sessions (prod)"), "redis-sessions-prod");
  EXPECT_EQ(id_from("db.example.com:5432"), "db-example-com-5432");
  EXPECT_EQ(id_from("[::1]:80"), "1-80");
  EXPECT_EQ(id_from("\xd0\x94\xd0\x91"), "monitor");
  EXPECT_EQ(id_from(std::string(500, 'a')).size(), 60u);
}

}  // namespace
}  // namespace tocsin
