#include "notify/signature.h"

#include <gtest/gtest.h>

#include "notify/digest.h"

namespace tocsin {
namespace {

// The published example of Standard Webhooks; a receiver's library computes exactly this.
TEST(WebhookSignature, MatchesThePublishedExample) {
  const auto key = webhook_key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  ASSERT_TRUE(key.has_value());
  EXPECT_EQ(key->size(), 24U);
  EXPECT_EQ(webhook_signature(*key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330",
                              "{\"test\": 2432232314}"),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

// A receiver must notice any change: of the body, of the id, of the time.
TEST(WebhookSignature, EveryPartIsSigned) {
  const std::string signature = webhook_signature("key", "id", "1", "body");
  EXPECT_NE(signature, webhook_signature("kez", "id", "1", "body"));
  EXPECT_NE(signature, webhook_signature("key", "ie", "1", "body"));
  EXPECT_NE(signature, webhook_signature("key", "id", "2", "body"));
  EXPECT_NE(signature, webhook_signature("key", "id", "1", "bodz"));
}

// Plenty of secrets were made by a password manager and are no base64.
TEST(WebhookKey, PlainTextOf24BytesIsTheKeyItself) {
  EXPECT_EQ(webhook_key("abcdefghijklmnopqrstuvwx").value(), "abcdefghijklmnopqrstuvwx");
}

// Some tools print base64 without its padding.
TEST(WebhookKey, MissingPaddingIsAdded) { EXPECT_EQ(webhook_key("whsec_YWJjZA").value(), "abcd"); }

TEST(WebhookKey, ShortTextIsRefusedWithoutShowingIt) {
  const auto key = webhook_key("hunter2");
  ASSERT_FALSE(key.has_value());
  EXPECT_EQ(key.error().message,
            "the webhook secret has 7 bytes; write \"whsec_\" and base64, or a text of at least 24 "
            "bytes");
}

TEST(WebhookKey, BrokenBase64IsRefusedWithoutShowingIt) {
  for (const char* secret : {"whsec_", "whsec_hunter2!", "whsec_A"}) {
    const auto key = webhook_key(secret);
    ASSERT_FALSE(key.has_value()) << secret;
    EXPECT_EQ(key.error().message,
              "the webhook secret has no base64 after \"whsec_\"; copy it again as a whole");
  }
}

TEST(WebhookTimestamp, IsWholeSeconds) {
  EXPECT_EQ(webhook_timestamp(SystemTime(1614265330s + 999ms)), "1614265330");
}

// RFC 4231 test case 2 and FIPS 180-2 appendix B.1.
TEST(Digest, PublishedExamples) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(
      sha256_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
      sha256_hex(std::string("\x5b\xdc\xc1\x46\xbf\x60\x75\x4e\x6a\x04\x24\x26\x08\x95\x75\xc7"
                             "\x5a\x00\x3f\x08\x9d\x27\x39\x83\x9d\xec\x58\xb9\x64\xec\x38\x43",
                             32)));
}

}  // namespace
}  // namespace tocsin
