// The steps of a request as they are written: captures, JSON, secrets, and what is wrong with them.
#include "config/request_text.h"

#include <gtest/gtest.h>

#include "config/monitor_writer.h"

namespace tocsin {
namespace {

ReferenceSource references() {
  return {.environment = [](const std::string& name) -> std::optional<std::string> {
            return name == "PW" ? std::optional<std::string>("{{s3cret}}\\n") : std::nullopt;
          },
          .file = [](const std::filesystem::path&) -> Result<std::string> { return "cGFzcw=="; }};
}

RequestReading read(const std::string& yaml) {
  Result<RequestReading> reading = read_request_text(yaml, references());
  EXPECT_TRUE(reading) << reading.error().message;
  return reading ? *std::move(reading) : RequestReading{};
}

std::string error_of(const std::string& yaml) {
  const Result<RequestReading> reading = read_request_text(yaml, references());
  return reading ? "" : reading.error().message;
}

TEST(RequestText, TakesEveryKindOfStep) {
  const RequestReading reading = read(R"(
- expect: { regex: "<(?P<stamp>[^>]+)>", refuse: ["^-ERR"] }
- send: "APOP x {{stamp}} {{1}}\r\n"
- expect: { json: "$.status", is: 3, refuse: [no] }
- expect: { json: "$" }
- starttls
- send: { hex: "7b7b" }
)");
  ASSERT_EQ(reading.steps.size(), 6U);
  EXPECT_EQ(reading.steps[1], Step(SendStep{"APOP x  \r\n", {{7, "stamp"}, {8, "1"}}}));
  EXPECT_EQ(reading.steps[2], Step(ExpectJsonStep{"$.status", "3", {"no"}}));
  EXPECT_EQ(reading.steps[3], Step(ExpectJsonStep{"$", std::nullopt, {}}));
  EXPECT_EQ(reading.steps[5], Step(SendStep{"{{", {}})) << "hex has no captures";
  EXPECT_TRUE(reading.secrets.empty());
}

// What a reference stands for is bytes: neither its braces nor its backslashes mean anything. It is
// a secret, in each spelling that is sent.
TEST(RequestText, TakesReferencesAsTheyAre) {
  const RequestReading reading =
      read(R"([{send: "AUTH ${env:PW}\r\n"}, {send: {base64: "${file:/pw}"}}])");
  ASSERT_EQ(reading.steps.size(), 2U);
  EXPECT_EQ(reading.steps[0], Step(SendStep{"AUTH {{s3cret}}\\n\r\n", {}}));
  EXPECT_EQ(reading.steps[1], Step(SendStep{"pass", {}}));
  EXPECT_EQ(reading.secrets, (std::vector<std::string>{"{{s3cret}}\\n", "cGFzcw==", "pass"}));
}

// A capture that can never be there is told before anything is sent.
TEST(RequestText, TellsOfCapturesThatCannotBe) {
  EXPECT_EQ(error_of(R"y([{expect: {regex: "(?P<stamp>.)"}}, {send: "{{stmp}}"}])y"),
            "line 1, column 37: {{stmp}} is sent, but no expect before it has a group stmp (there "
            "are stamp; for a plain {{ write \\{{)");
  EXPECT_EQ(error_of(R"y([{expect: {regex: "(.)(.)"}}, {send: "{{3}}"}])y"),
            "line 1, column 31: {{3}} is sent, but no expect before it has a group 3 (there are "
            "{{1}} to {{2}}; for a plain {{ write \\{{)");
  EXPECT_EQ(error_of(R"y("{{name}}")y"),
            "line 1, column 1: {{name}} is sent, but no expect before it has a group name (an "
            "expect before it needs a regex with a group: (?P<name>...); for a plain {{ write "
            "\\{{)");
  EXPECT_EQ(error_of(R"y([{send: "{{1"}])y"),
            "line 1, column 9: {{ has no closing }}; write \\{{ for a plain {{");
}

TEST(RequestText, TellsOfJsonThatCannotBe) {
  EXPECT_EQ(error_of("[{expect: {json: $.a, text: b}}]"),
            "line 1, column 11: expect takes one of text, regex and json");
  EXPECT_EQ(error_of("[{expect: {text: b, is: c}}]"),
            "line 1, column 11: is says what json finds (for example { json: \"$.status\", is: "
            "ready })");
  EXPECT_EQ(error_of("[{expect: {json: status}}]").substr(0, 18), "line 1, column 18:");
}

// What the API shows of a project's monitor has neither what it sends nor what it awaits in
// secret.
TEST(RequestText, IsShownWithoutItsSecrets) {
  RequestReading reading =
      read(R"([{send: "${env:PW}"}, {expect: {regex: "x", refuse: ["no ${file:/pw}"]}}])");
  Monitor monitor;
  monitor.target = *Target::parse("h:1");
  monitor.request = reading.steps;
  monitor.secrets = reading.secrets;
  EXPECT_EQ(json_of(write_definition(monitor, SentBytes::hide)),
            R"({"target":"h:1","request":[{"send":{"hidden":12}},)"
            R"({"expect":{"regex":"x","refuse":["no ***"]}}]})");
}

}  // namespace
}  // namespace tocsin
