#include "config/channel_writer.h"

#include <gtest/gtest.h>

#include "config/config_reader.h"

namespace tocsin {
namespace {

Channel webhook(const std::string& id) {
  Channel channel;
  channel.id = channel.name = id;
  channel.url = Secret("https://u:canary@hooks.example.com/canary");
  channel.secret = Secret("canary-canary-canary-canary");
  channel.headers = {{"X-Team", Secret("canary")}};
  return channel;
}

Channel mail() {
  Channel channel;
  channel.id = "mail";
  channel.name = "Mail $${x} \"room\"";
  channel.type = ChannelType::email;
  channel.send = {EventType::down, EventType::self};
  channel.to = {"a@example.com", "b@example.com"};
  channel.from = "t@example.com";
  channel.smtp = {.host = "mail.example.com",
                  .port = 465,
                  .security = SmtpSecurity::tls,
                  .username = "watcher",
                  .password = Secret("canary"),
                  .verify = false};
  return channel;
}

std::string text_of(const Channel& channel) {
  std::set<std::string> variables;
  WrittenValue channels, root;
  channels.add(channel.id, write_channel_definition(channel, variables));
  root.add("channels", std::move(channels));
  return yaml_of(root);
}

TEST(ChannelWriter, WritesReferencesForSecrets) {
  EXPECT_EQ(text_of(webhook("ops/room-1")),
            "channels:\n  ops/room-1:\n    type: webhook\n    url: \"${env:OPS_ROOM_1_URL}\"\n"
            "    secret: \"${env:OPS_ROOM_1_SECRET}\"\n    headers:\n"
            "      X-Team: \"${env:OPS_ROOM_1_X_TEAM}\"\n");
  EXPECT_EQ(text_of(mail()).find("canary"), std::string::npos);
}

// Read back with the variables set it is the same channel.
TEST(ChannelWriter, ReadBackItIsTheSameChannel) {
  const ReferenceSource references{
      .environment = [](const std::string& name) -> std::optional<std::string> {
        return name.ends_with("_URL")      ? "https://u:canary@hooks.example.com/canary"
               : name.ends_with("_SECRET") ? "canary-canary-canary-canary"
                                           : "canary";
      },
      .file = {}};
  for (const Channel& channel : {webhook("ops"), webhook("1/-x"), mail()}) {
    const ConfigText text{"x.yaml", text_of(channel)};
    const ConfigReading reading = read_config({&text, 1}, references);
    ASSERT_TRUE(reading.config) << problem_text(reading.problems.at(0)) << text.text;
    EXPECT_TRUE(same_definition(reading.config->channels.at(channel.id), channel)) << text.text;
  }
}

// Two secrets never share a variable, however alike the ids are.
TEST(ChannelWriter, EachSecretHasAVariableOfItsOwn) {
  std::set<std::string> variables;
  write_channel_definition(webhook("a-b"), variables);
  write_channel_definition(webhook("A_b"), variables);
  EXPECT_EQ(variables, (std::set<std::string>{"A_B_URL", "A_B_SECRET", "A_B_X_TEAM", "A_B_URL_2",
                                              "A_B_SECRET_2", "A_B_X_TEAM_2"}));
}

}  // namespace
}  // namespace tocsin
