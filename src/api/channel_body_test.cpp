#include "api/channel_body.h"

#include <gtest/gtest.h>

#include "api/problem.h"

namespace tocsin {
namespace {

constexpr const char* kWebhook =
    R"({"type": "webhook", "name": "Ops", "send": ["down", "monitor.recovered"],
        "url": "https://user:pass@hooks.example.com/a?token=b", "secret": "a-signing-secret-of-24-bytes!",
        "headers": {"X-Team": "shop", "X-Dollar": "a$${b"}})";
constexpr const char* kMail =
    R"({"type": "email", "to": ["a@example.com"], "from": "t@example.com",
        "smtp": {"host": "mail.example.com", "port": 587, "username": "watcher", "password": "pa$${ss"}})";

BodyValue json(const std::string& text) {
  auto value = read_json(text);
  EXPECT_TRUE(value) << value.error().detail << " in " << text;
  return value ? std::move(*value) : BodyValue{};
}

Channel read(const std::string& text) {
  const auto channel = read_channel_body(json(text), "ops");
  EXPECT_TRUE(channel) << channel.error().errors.at(0).message;
  return channel ? *channel : Channel{};
}

// Each mistake as "pointer code".
std::vector<std::string> mistakes(const std::expected<Channel, Problem>& answer) {
  std::vector<std::string> found;
  if (!answer) {
    EXPECT_EQ(answer.error().status, 422);
    for (const FieldProblem& error : answer.error().errors) {
      found.push_back(error.pointer + " " + error.code);
    }
  }
  return found;
}
using Mistakes = std::vector<std::string>;

TEST(ChannelBody, ReadsTheFieldsOfTheFiles) {
  const Channel hook = read(kWebhook);
  EXPECT_EQ(hook.id, "ops");
  EXPECT_EQ(hook.name, "Ops");
  EXPECT_EQ(hook.project, "ui");
  EXPECT_EQ(hook.send, (std::vector{EventType::down, EventType::recovered}));
  EXPECT_EQ(hook.url.reveal(), "https://user:pass@hooks.example.com/a?token=b");
  ASSERT_EQ(hook.headers.size(), 2U);
  EXPECT_EQ(hook.headers[1].second.reveal(), "a${b");
  const Channel mail = read(kMail);
  EXPECT_EQ(mail.smtp.port, 587);
  EXPECT_EQ(mail.smtp.security, SmtpSecurity::starttls);
  EXPECT_EQ(mail.smtp.password.reveal(), "pa${ss");
}

// Every mistake at once, each with the pointer into the body.
TEST(ChannelBody, NamesThePlaceOfEveryMistake) {
  EXPECT_EQ(mistakes(read_channel_body(
                json(R"({"type": "webhook", "send": ["down", "dwn"], "url": "ftp://x", "colour": 1,
                         "headers": {"A": "1", "B C": "2"}})"),
                "ops")),
            (Mistakes{"/send/1 invalid_field", "/url invalid_field", "/colour invalid_field",
                      "/headers/B C invalid_field"}));
  EXPECT_EQ(mistakes(read_channel_body(json("{}"), "ops")), Mistakes{" invalid_field"});
  EXPECT_EQ(mistakes(read_channel_body(json(R"({"type": "email", "to": ["x"], "from": "t@e.com",
                                               "smtp": {"host": "m", "port": 0}})"),
                                       "ops")),
            (Mistakes{"/to/0 invalid_field", "/smtp/port invalid_field"}));
}

// Whoever reaches the API must not read the server's environment and files by it.
TEST(ChannelBody, RefusesReferences) {
  EXPECT_EQ(
      mistakes(read_channel_body(
          json(
              R"({"type": "webhook", "url": "https://x/${env:HOME}", "secret": "${file:/etc/passwd}"})"),
          "ops")),
      (Mistakes{"/url reference_refused", "/secret reference_refused"}));
}

// No message holds what was written for a secret.
TEST(ChannelBody, MessagesShowNoSecret) {
  for (const char* body :
       {R"({"type": "webhook", "url": "canary 4711"})",
        R"({"type": "webhook", "url": "https://x/", "secret": "canary"})",
        R"({"type": "webhook", "url": ["canary"], "secret": {"canary": 1}})",
        R"({"type": "webhook", "url": "https://x/", "headers": {"A": "canary\n"}})"}) {
    const auto answer = read_channel_body(json(body), "ops");
    ASSERT_FALSE(answer) << body;
    EXPECT_EQ(problem_response(answer.error(), "r").body.find("canary 4711"), std::string::npos);
    for (const FieldProblem& error : answer.error().errors) {
      EXPECT_EQ((error.message + error.hint).find("canary"), std::string::npos) << error.message;
    }
  }
}

TEST(ChannelBody, IdIsGivenOrMadeFromTheName) {
  const auto id_of = [](const std::string& text) {
    BodyValue body = json(text);
    const auto id = take_channel_id(body);
    EXPECT_TRUE(body.find("id") == nullptr || !id);
    return id ? *id : id.error().errors.at(0).code;
  };
  EXPECT_EQ(id_of(R"({"id": "ops/1", "name": "x"})"), "ops/1");
  EXPECT_EQ(id_of(R"({"name": "  On call: Room 2! "})"), "on-call-room-2");
  EXPECT_EQ(id_of(R"({"name": "Ü"})"), "required");
  EXPECT_EQ(id_of("{}"), "required");
  EXPECT_EQ(id_of(R"({"id": ""})"), "required");
  EXPECT_EQ(id_of(R"({"id": 7})"), "wrong_type");
  EXPECT_EQ(id_of(R"({"id": "a b"})"), "invalid_field");
}

// --- patch

// Nothing in it, nothing changes: what is kept goes through the reader and comes out the same.
TEST(ChannelPatch, EmptyPatchKeepsEverything) {
  for (const char* body : {kWebhook, kMail}) {
    const Channel before = read(body);
    const auto after = patch_channel_body(before, json("{}"));
    ASSERT_TRUE(after) << after.error().errors.at(0).message;
    EXPECT_TRUE(same_definition(before, *after));
  }
}

TEST(ChannelPatch, KeepsSecretsThatAreAbsent) {
  const auto hook = patch_channel_body(
      read(kWebhook), json(R"({"name": "Operations", "headers": {"X-Team": null}})"));
  ASSERT_TRUE(hook);
  EXPECT_EQ(hook->name, "Operations");
  EXPECT_EQ(hook->secret.reveal(), "a-signing-secret-of-24-bytes!");
  ASSERT_EQ(hook->headers.size(), 1U);
  EXPECT_EQ(hook->headers[0].first, "X-Dollar");
  const auto mail = patch_channel_body(read(kMail), json(R"({"to": ["b@example.com"]})"));
  ASSERT_TRUE(mail);
  EXPECT_EQ(mail->smtp.password.reveal(), "pa${ss");
  const auto open = patch_channel_body(read(kWebhook), json(R"({"secret": null})"));
  ASSERT_TRUE(open);
  EXPECT_TRUE(open->secret.empty());
}

// Another receiver gets no secret that was kept, be it only another path: hosts are shared.
TEST(ChannelPatch, AnotherPlaceNeedsTheSecretsAgain) {
  const Channel hook = read(kWebhook);
  const auto patch = [&](const Channel& channel, const std::string& text) {
    return mistakes(patch_channel_body(channel, json(text)));
  };
  EXPECT_EQ(patch(hook, R"({"url": "https://user:pass@hooks.example.com/a?token=b"})"), Mistakes{});
  for (const char* url :
       {"https://hooks.example.com/other", "https://evil.example.com/", "http://hooks.example.com/",
        "https://hooks.example.com:444/", "https://hooks.example.com@evil.example.com/",
        "https://hooks.example.com.evil.example.com/"}) {
    EXPECT_EQ(patch(hook, R"({"url": ")" + std::string(url) + R"("})"),
              (Mistakes{"/secret secret_needed", "/headers/X-Team secret_needed",
                        "/headers/X-Dollar secret_needed"}))
        << url;
  }
  EXPECT_EQ(
      patch(hook, R"({"url": "https://new.example.com/", "secret": "another-secret-of-24-bytes",
                            "headers": {"X-Team": "shop", "X-Dollar": null}})"),
      Mistakes{});
  const Channel mail = read(kMail);
  for (const char* smtp : {R"({"host": "evil.example.com"})", R"({"port": 2525})",
                           R"({"security": "none"})", R"({"verify": false})"}) {
    EXPECT_EQ(patch(mail, R"({"smtp": )" + std::string(smtp) + "}"),
              Mistakes{"/smtp/password secret_needed"})
        << smtp;
  }
  EXPECT_EQ(patch(mail, R"({"smtp": {"host": "new.example.com", "password": "again"}})"),
            Mistakes{});
  EXPECT_EQ(
      patch(mail, R"({"smtp": {"host": "new.example.com", "password": null, "username": null}})"),
      Mistakes{});
  // The user alone goes nowhere else.
  EXPECT_EQ(patch(mail, R"({"smtp": {"username": "other"}})"), Mistakes{});
}

// Without a secret there is none to ask for.
TEST(ChannelPatch, OpenWebhookMovesFreely) {
  const Channel open = read(R"({"type": "webhook", "url": "https://hooks.example.com/a"})");
  EXPECT_TRUE(patch_channel_body(open, json(R"({"url": "https://new.example.com/"})")));
}

// After a loss nobody knows what there was, so nothing is left out unsaid; a change of the name
// alone would else make a signed channel an open one.
TEST(ChannelPatch, LostSecretsAreAskedForWhateverChanges) {
  const auto patch = [&](Channel channel, const std::string& text) {
    channel.url = channel.secret = channel.smtp.password = Secret();
    for (auto& [name, value] : channel.headers) {
      value = Secret();
    }
    return mistakes(patch_channel_body(channel, json(text), KeptSecrets::lost));
  };
  const std::string url = R"("url": "https://h.example.com/")";
  EXPECT_EQ(patch(read(kWebhook), R"({"name": "x"})"), Mistakes{" invalid_field"}) << "no url";
  EXPECT_EQ(patch(read(kWebhook), "{" + url + "}"),
            (Mistakes{"/secret secret_needed", "/headers/X-Team secret_needed",
                      "/headers/X-Dollar secret_needed"}));
  EXPECT_EQ(patch(read(kWebhook), "{" + url + R"(, "secret": null, "headers": null})"), Mistakes{});
  EXPECT_EQ(patch(read(kMail), R"({"name": "x"})"), Mistakes{"/smtp invalid_field"})
      << "a username without its password";
  EXPECT_EQ(patch(read(kMail), R"({"smtp": {"password": "again"}})"), Mistakes{});
}

TEST(ChannelPatch, BecomesAnotherTypeOnlyWhole) {
  EXPECT_EQ(mistakes(patch_channel_body(read(kWebhook), json(R"({"type": "email"})"))).size(), 6U);
  const auto mail = patch_channel_body(
      read(kWebhook), json(R"({"type": "email", "url": null, "secret": null, "headers": null,
                               "to": ["a@example.com"], "from": "t@example.com", "smtp": {"host": "m"}})"));
  ASSERT_TRUE(mail) << mail.error().errors.at(0).message;
  EXPECT_EQ(mail->type, ChannelType::email);
  EXPECT_TRUE(mail->secret.empty());
}

// What is shown of a URL: where it goes, never who or what.
TEST(ChannelBody, OriginHasNeitherUserNorPath) {
  EXPECT_EQ(url_origin(Secret("https://u:p@h.example.com:8443/x/y?z#f")),
            "https://h.example.com:8443");
  EXPECT_EQ(url_origin(Secret("http://a@b@h/x")), "http://h");
  EXPECT_EQ(url_origin(Secret("https://[::1]:9?token=a@b")), "https://[::1]:9");
  EXPECT_EQ(url_origin(Secret("")), "");
}

}  // namespace
}  // namespace tocsin
