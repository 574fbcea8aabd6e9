// One table for all: what it names, the reader reads and the schema shows, and neither has anything
// of its own.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "base/bytes.h"
#include "config/config_reader.h"
#include "config/other_fields.h"
#include "config/schema.h"
#include "core/pattern.h"
#include "model/field_table.h"
#include "model/preset.h"

namespace tocsin {
namespace {

using Json = nlohmann::json;

ReferenceSource no_references() {
  return {
      .environment = [](const std::string&) -> std::optional<std::string> {
        return "a text of more than 24 bytes, as secrets are";
      },
      .file = [](const std::filesystem::path&) -> Result<std::string> { return "from a file"; }};
}

// What the reader says to a text; empty when it is content.
std::string told(const std::string& text) {
  const std::vector<ConfigText> texts = {{"x.yaml", text}};
  std::string all;
  for (const ConfigProblem& problem : read_config(texts, no_references()).problems) {
    all += problem_text(problem);
  }
  return all;
}

// A configuration around one field of a monitor; names that the examples use are defined.
std::string around(const std::string& field_line, bool with_target) {
  return fmt::format(
      "channels: {{ oncall: {{ type: webhook, url: \"https://h.example.com\" }} }}\n"
      "monitors:\n"
      "  router: {{ target: \"10.0.0.1:22\" }}\n"
      "  m:\n"
      "{}"
      "    {}\n",
      with_target ? "    target: \"db:1\"\n" : "", field_line);
}

TEST(Parity, TheReaderAcceptsTheExampleOfEveryField) {
  const std::set<std::string_view> about_target = {"target", "host", "port", "preset", "for_each"};
  for (const Field& field : monitor_fields()) {
    const std::string line = fmt::format("{}: {}", field.name, field.example);
    std::string text = around(line, !about_target.contains(field.name));
    if (field.name == "host") {
      text += "    port: 1\n";
    } else if (field.name == "port" || field.name == "preset" || field.name == "for_each") {
      text += "    target: db\n";
    }
    EXPECT_EQ(told(text), "") << text;
  }
}

TEST(Parity, TheReaderAcceptsTheExamplesOfPolicies) {
  const auto expect_accepted = [](std::string_view name, std::span<const Field> fields,
                                  std::string_view beside) {
    for (const Field& field : fields) {
      const std::string text =
          around(fmt::format("{}: {{ {}{}: {} }}", name,
                             beside.starts_with(fmt::format("{}:", field.name)) ? "" : beside,
                             field.name, field.example),
                 true);
      if (field.name == "certificate_file" || field.name == "key_file") {
        continue;  // they come together
      }
      EXPECT_EQ(told(text), "") << text;
    }
  };
  expect_accepted("retry", retry_fields(), "strategy: fixed, ");
  expect_accepted("alert", alert_fields(), "");
  expect_accepted("tls", tls_fields(), "mode: direct, ");
}

TEST(Parity, TheReaderAcceptsTheExamplesOfDefaults) {
  for (const Field& field : monitor_fields()) {
    const std::string text = fmt::format(
        "channels: {{ oncall: {{ type: webhook, url: \"https://h.example.com\" }} }}\n"
        "defaults: {{ {}: {} }}\nmonitors: {{ m: {{ target: \"db:1\" }} }}\n",
        field.name, field.example);
    EXPECT_EQ(told(text).empty(), field.in_defaults) << text << told(text);
  }
}

TEST(Parity, TheReaderAcceptsTheOtherExamples) {
  for (const Field& field : root_fields()) {
    const std::string text =
        fmt::format("{}: {}\n", field.name, field.example) +
        (field.name == "defaults" ? "channels: { oncall: { type: webhook, url: \"https://h\" } }\n"
                                  : "") +
        (field.name == "monitors" ? "" : "monitors: { m: { target: \"db:1\" } }\n");
    EXPECT_EQ(told(text), "") << text;
  }
  for (const Field& field : server_fields()) {
    const std::string text =
        fmt::format("server: {{ {}: {} }}\nmonitors: {{ m: {{ target: \"d:1\" }} }}\n", field.name,
                    field.example);
    EXPECT_EQ(told(text), "") << text;
  }
  std::string channels = "monitors: { m: { target: \"d:1\" } }\nchannels:\n";
  for (const std::string type : {"webhook", "email"}) {
    channels += fmt::format("  {0}:\n    type: {0}\n", type);
    for (const Field& field : channel_fields()) {
      if (field.help.starts_with(type + ":")) {
        channels += fmt::format("    {}: {}\n", field.name, field.example);
      }
    }
  }
  EXPECT_EQ(told(channels), "") << channels;
}

std::set<std::string> names_of(std::span<const Field> fields) {
  std::set<std::string> names;
  for (const Field& field : fields) {
    names.emplace(field.name);
  }
  return names;
}

std::set<std::string> keys_of(const Json& object) {
  std::set<std::string> keys;
  for (const auto& [key, value] : object.at("properties").items()) {
    EXPECT_TRUE(value.contains("description") && !value["description"].get<std::string>().empty())
        << key;
    keys.insert(key);
  }
  EXPECT_EQ(object.at("additionalProperties"), false);
  return keys;
}

TEST(Parity, TheSchemaHasTheSameFields) {
  const Json schema = Json::parse(config_schema_json());
  EXPECT_EQ(schema.at("$schema"), "http://json-schema.org/draft-07/schema#");
  EXPECT_EQ(keys_of(schema), names_of(root_fields()));
  const Json& monitor = schema.at("definitions").at("monitor");
  EXPECT_EQ(keys_of(monitor), names_of(monitor_fields()));
  EXPECT_EQ(keys_of(monitor["properties"]["alert"]), names_of(alert_fields()));
  EXPECT_EQ(keys_of(monitor["properties"]["retry"]["anyOf"][1]), names_of(retry_fields()));
  EXPECT_EQ(keys_of(monitor["properties"]["tls"]["anyOf"][1]), names_of(tls_fields()));
  const Json& channel = schema["properties"]["channels"]["additionalProperties"];
  EXPECT_EQ(keys_of(channel), names_of(channel_fields()));
  EXPECT_EQ(keys_of(channel["properties"]["smtp"]), names_of(smtp_fields()));
  EXPECT_EQ(keys_of(schema["properties"]["server"]), names_of(server_fields()));
  EXPECT_EQ(schema["properties"]["monitors"]["additionalProperties"]["$ref"],
            "#/definitions/monitor");
}

// Fields that may stand under defaults, and no others.
TEST(Parity, TheSchemaOfDefaultsHasTheFieldsOfDefaults) {
  std::set<std::string> names;
  for (const Field& field : monitor_fields()) {
    if (field.in_defaults) {
      names.emplace(field.name);
    }
  }
  EXPECT_EQ(keys_of(Json::parse(config_schema_json())["definitions"]["defaults"]), names);
}

// A preset offers its probe to the form and the CLI; a pattern that does not compile would offer a
// mistake.
TEST(Parity, PatternsOfPresetsMatchRealAnswers) {
  using namespace std::string_literals;
  const auto found = [](std::string_view preset, std::string_view answer) {
    const Result<Pattern> pattern = Pattern::compile(find_preset(preset)->expect);
    return pattern && pattern->found_in(answer);
  };
  for (const Preset& preset : presets()) {
    EXPECT_TRUE(Pattern::compile(preset.expect)) << preset.id;
  }
  EXPECT_TRUE(found("ssh", "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"));
  EXPECT_TRUE(found("ssh", "Welcome\r\nSSH-1.99-x\r\n"));
  EXPECT_FALSE(found("ssh", "SSH-1.5-x\r\n"));
  EXPECT_TRUE(found("smtp", "220 mail.example.com ESMTP\r\n"));
  EXPECT_FALSE(found("smtp", "554 go away\r\n"));
  EXPECT_TRUE(found("redis", "+PONG\r\n"));
  EXPECT_TRUE(found("redis", "-NOAUTH Authentication required.\r\n"));
  EXPECT_FALSE(found("redis", "-LOADING Redis is loading the dataset in memory\r\n"));
  EXPECT_TRUE(found("postgres", "S"));
  EXPECT_TRUE(found("postgres", "N"));
  EXPECT_TRUE(found("imaps", "* OK [CAPABILITY IMAP4rev1] ready\r\n"));
  EXPECT_TRUE(found("nats", "INFO {\"server_id\":\"x\"}\r\n"));
  EXPECT_TRUE(found("mysql", std::string("\x4a\x00\x00\x00\x0a", 5) + "8.0.36"));
  EXPECT_TRUE(found("mysql", "\x42\x00\x00\x00\xffj\x04Host 'x' is not allowed to connect"s));
  EXPECT_FALSE(found("mysql", "\x69\x00\x00\x00\xffi\x04Host 'x' is blocked"s));
  EXPECT_TRUE(found("dns", std::string("\x01\xE4TC\x81\x80", 6)));
  EXPECT_TRUE(found("rabbitmq", std::string("\x01\x00\x00\x00\x00\x01\xf8", 7)));
  EXPECT_TRUE(found("http", "HTTP/1.1 404 Not Found\r\n"));
  EXPECT_TRUE(found("mssql", std::string("\x04\x01\x00\x2b", 4)));
  EXPECT_TRUE(found("ldap",
                    "0\x09\x02\x01\x01\x64\x04\x04\x00"s
                    "0\x00"s
                    "0\x0c\x02\x01\x01\x65\x07\x0a\x01\x00\x04\x00\x04\x00"s));
  EXPECT_TRUE(found("ldap",
                    "0\x84\x00\x00\x00\x10\x02\x01\x01\x65\x84\x00\x00\x00\x07\x0a\x01\x32"
                    "\x04\x00\x04\x00"s));
  EXPECT_TRUE(found("mqtt", "\x20\x02\x00\x05"s));
  EXPECT_TRUE(found(
      "rdp", "\x03\x00\x00\x13\x0e\xd0\x00\x00\x12\x34\x00\x02\x00\x08\x00\x02\x00\x00\x00"s));
  EXPECT_TRUE(found("xmpp", "<?xml version='1.0'?><stream:stream><stream:features><starttls/>"));
  EXPECT_TRUE(found("xmpp", "<stream:stream><stream:error><host-unknown/></stream:error>"));
  EXPECT_TRUE(found("cassandra", "\x84\x00\x00\x00\x06\x00\x00\x00\x60"s));
  EXPECT_FALSE(found("cassandra", "\x84\x00\x00\x00\x00\x00\x00\x00\x60"s));
  EXPECT_TRUE(found("kafka", "\x00\x00\x00\x0a\x00\x00TC\x00\x00\x00\x00"s));
  EXPECT_TRUE(found("memcached", "VERSION 1.6.18\r\n"));
  EXPECT_TRUE(found("memcached", "CLIENT_ERROR unauthenticated\r\n"));
  EXPECT_TRUE(found("zookeeper", "Zookeeper version: 3.8.0\n"));
  EXPECT_FALSE(found("zookeeper", "This ZooKeeper instance is not currently serving requests\n"));
}

}  // namespace
}  // namespace tocsin
