// Dialogues of a whole server: what is captured goes back, and what is secret stays so.
#include <gtest/gtest.h>

#include "base/bytes.h"
#include "sim/world.h"
#include "store/json.h"

namespace tocsin::sim {
namespace {

constexpr auto kMail = "10.0.0.1:110";

// A service that wants to hear what it has said is up, in one piece or byte by byte.
TEST(DialogueStory, WhatIsCapturedIsSentBack) {
  for (const size_t segment : {size_t{0}, size_t{1}}) {
    World world(1);
    Monitor mail = monitor("mail", kMail);
    mail.request = {ExpectStep{"^\\+OK <([^>]+)> ready\\r\\n", true, {}},
                    SendStep{"APOP \r\n", {{5, "1"}}},
                    ExpectStep{"APOP 12.34@mail\r\n", false, {}}};
    world.watch(mail);
    world.up(kMail);
    world.service(kMail).greeting = "+OK <12.34@mail> ready\r\n";
    world.service(kMail).echoes = true;
    world.service(kMail).segment_bytes = segment;
    world.run_until(2min);
    EXPECT_EQ(world.status("mail"), StatusKind::up) << segment;
    EXPECT_EQ(world.told(), Told{});
  }
}

// A service that sends the password back, in the clear and in base64, and then refuses: people are
// told why it failed, and nowhere stands the password.
TEST(DialogueStory, ASecretThatComesBackIsKeptNowhere) {
  const std::string password = "correct-horse-battery";
  World world(2);
  Monitor mail = monitor("mail", kMail);
  mail.request = {SendStep{"PASS " + password + "\r\n"}, ExpectStep{"^\\+OK", true, {"denied"}}};
  mail.secrets = {password};
  world.watch(mail);
  world.up(kMail);
  world.service(kMail).echoes = true;
  world.service(kMail).answer = to_base64(password) + " is denied\r\n";
  world.run_until(2min);
  ASSERT_EQ(types(world.told()), Told{"monitor.down mail"});
  std::string seen = world.log();
  for (const auto& [id, row] : world.disk().attempts) {
    seen += to_json(row.attempt);
  }
  for (const std::string& line : world.journal().lines()) {
    seen += line;
  }
  EXPECT_NE(seen.find("PASS ***"), std::string::npos) << "the rest of the talk is kept";
  for (size_t from = 0; from + 8 <= password.size(); ++from) {
    EXPECT_EQ(seen.find(password.substr(from, 8)), std::string::npos) << "no part of it";
  }
  EXPECT_EQ(seen.find(to_base64(password)), std::string::npos);
}

}  // namespace
}  // namespace tocsin::sim
