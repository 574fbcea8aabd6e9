// What each channel sends for each event, byte for byte: tests/golden/notify/<channel>/<case>.out.
// UPDATE_GOLDEN=1 writes them anew; the difference is then reviewed like code.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "notify/email/payload.h"
#include "notify/message.h"
#include "notify/notice_samples.h"
#include "notify/webhook/payload.h"

namespace tocsin {
namespace {

class Golden : public testing::TestWithParam<std::pair<std::string, NoticeFacts>> {
 protected:
  static void expect_golden(const std::string& channel, const std::string& actual) {
    const std::filesystem::path path = std::filesystem::path(TOCSIN_SOURCE_DIR) / "tests/golden" /
                                       "notify" / channel / (GetParam().first + ".out");
    if (std::getenv("UPDATE_GOLDEN") != nullptr) {
      std::filesystem::create_directories(path.parent_path());
      std::ofstream(path, std::ios::binary) << actual;
    }
    std::ifstream file(path, std::ios::binary);
    std::ostringstream expected;
    expected << file.rdbuf();
    EXPECT_EQ(actual, expected.str()) << "differs from " << path;
  }
  static const NoticeFacts& facts() { return GetParam().second; }
};

// The version and the signature change by themselves; they have tests of their own.
TEST_P(Golden, Webhook) {
  const Channel channel = samples::webhook();
  const auto message = webhook_message(channel, samples::delivery(facts(), channel), facts(),
                                       samples::at("2026-11-21T14:05:00Z"));
  ASSERT_TRUE(message.has_value());
  std::string shown = message->method + "\n";
  for (const auto& [name, value] : message->headers) {
    shown += name + ": " + (name == "user-agent" ? "tocsin/VERSION" : value.reveal()) + "\n";
  }
  expect_golden("webhook", shown + "\n" + message->body + "\n");
}

TEST_P(Golden, Email) {
  const Channel channel = samples::email();
  const auto message = email_message(channel, samples::delivery(facts(), channel), facts());
  ASSERT_TRUE(message.has_value());
  std::string shown;
  for (const char c : message->content) {
    if (c != '\r') {  // that every line ends in CRLF has its own test; here it would only hide in
                      // editors
      shown += c;
    }
  }
  expect_golden("email", shown);
}

TEST_P(Golden, PlainText) { expect_golden("text", notice_text(facts())); }

INSTANTIATE_TEST_SUITE_P(Notify, Golden, testing::ValuesIn(samples::all()),
                         [](const auto& row) { return row.param.first; });

}  // namespace
}  // namespace tocsin
