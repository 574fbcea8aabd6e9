#include "notify/preview.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "notify/notice.h"
#include "notify/sample_facts.h"

namespace tocsin {
namespace {

std::string golden(const std::string& name) {
  std::ifstream in(std::filesystem::path(TOCSIN_SOURCE_DIR) / "tests/golden/notify" / name,
                   std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// What is shown is what would be sent, byte for byte.
TEST(Preview, IsWhatWouldBeSent) {
  const auto webhook = preview_of(ChannelType::webhook, EventType::recovered);
  ASSERT_TRUE(webhook);
  ASSERT_FALSE(webhook->body.empty());
  EXPECT_NE(golden("webhook/recovered.out").find(webhook->body), std::string::npos);
  const auto mail = preview_of(ChannelType::email, EventType::down);
  ASSERT_TRUE(mail);
  EXPECT_EQ(mail->text, golden("text/down.out"));
  EXPECT_EQ(mail->subject, notice_title(samples::down()));
  EXPECT_TRUE(mail->html.find("Redis sessions") != std::string::npos);
}

// Each event that it names it can show, for both; the others it does not make up.
TEST(Preview, HasASampleOfWhatItNames) {
  for (const EventType event : previewed_events()) {
    EXPECT_FALSE(preview_of(ChannelType::webhook, event).value().body.empty());
    EXPECT_FALSE(preview_of(ChannelType::email, event).value().text.empty());
  }
  EXPECT_FALSE(preview_of(ChannelType::email, EventType::group));
}

}  // namespace
}  // namespace tocsin
