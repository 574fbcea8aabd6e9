// The channels of the API: exact answers, who may change what, and that no secret ever comes back.
#include <nlohmann/json.hpp>

#include "api/channels_fixture.h"

namespace tocsin {
namespace {

constexpr const char* kOpsBody =
    R"({"id":"ops","name":"ops","type":"webhook",)"
    R"("send":["down","recovered","reminder","escalated","flapping","group"],)"
    R"("webhook":{"url_set":true,"url_shown":"http://127.0.0.1:9000/…","secret_set":false,"headers":[]},)"
    R"("owner":{"kind":"project","project":"shop","file":"shop.yaml","line":4},"used_by":1,)"
    R"("revision":"REVISION","secrets_lost":false,)"
    R"("health":{"delivered":0,"waiting":0,"failed_attempts":0,"dead":0,"last_result":null}})";
constexpr const char* kHookBody =
    R"({"id":"hook","name":"Hook","type":"webhook","send":["down","recovered"],)"
    R"("webhook":{"url_set":true,"url_shown":"https://hooks.example.com/…","secret_set":true,"headers":["X-Key"]},)"
    R"("owner":{"kind":"ui","project":null,"file":null,"line":null},"used_by":0,)"
    R"("revision":"REVISION","secrets_lost":false,)"
    R"("health":{"delivered":0,"waiting":0,"failed_attempts":0,"dead":0,"last_result":null}})";
constexpr const char* kMailBody =
    R"({"id":"mail","name":"mail","type":"email",)"
    R"("send":["down","recovered","reminder","escalated","flapping","group"],)"
    R"("email":{"to":["a@example.com"],"from":"t@example.com","smtp":{"host":"mail.example.com","port":465,)"
    R"("security":"tls","username":"watcher","password_set":true,"verify":true}},)"
    R"("owner":{"kind":"ui","project":null,"file":null,"line":null},"used_by":0,)"
    R"("revision":"REVISION","secrets_lost":false,)"
    R"("health":{"delivered":0,"waiting":0,"failed_attempts":0,"dead":0,"last_result":null}})";

// Revisions are checked apart: 16 hex digits each.
std::string without_revisions(std::string body) {
  const std::string_view key = R"("revision":")";
  for (size_t at = body.find(key); at != std::string::npos; at = body.find(key, at + 1)) {
    const size_t begin = at + key.size();
    EXPECT_EQ(body.find('"', begin) - begin, 16U);
    EXPECT_EQ(body.find_first_not_of("0123456789abcdef", begin), begin + 16);
    body.replace(begin, 16, "REVISION");
  }
  return body;
}

TEST_F(ChannelsTest, AnswersAreExact) {
  const ApiResponse hook = ask({"POST", "/channels", kHook});
  EXPECT_EQ(hook.status, 201) << hook.body;
  EXPECT_EQ(without_revisions(hook.body), kHookBody);
  EXPECT_EQ(header(hook, "Location"), "/api/v1/channels/hook");
  const ApiResponse mail = ask({"POST", "/channels", kMail});
  EXPECT_EQ(without_revisions(mail.body), kMailBody);
  const ApiResponse list = ask({"GET", "/channels"});
  EXPECT_EQ(list.status, 200);
  EXPECT_EQ(without_revisions(list.body), std::string(R"({"data":[)") + kHookBody + "," +
                                              kMailBody + "," + kOpsBody +
                                              R"(],"next_cursor":null})");
  const ApiResponse one = ask({"GET", "/channels/hook"});
  EXPECT_EQ(one.body, hook.body);
  EXPECT_NE(one.body.find(R"("revision":)" + header(one, "ETag")), std::string::npos);
  const ApiResponse gone = ask({"DELETE", "/channels/hook"});
  EXPECT_EQ(gone.status, 204);
  EXPECT_EQ(gone.body, "");
  EXPECT_EQ(outcome({"GET", "/channels/hook"}), "404 not_found");
  EXPECT_EQ(outcome({"DELETE", "/channels/hook"}), "404 not_found");
}

// T5: whatever is asked, by whatever route, before and after a restart: no answer and no line of
// the log holds a secret.
TEST_F(ChannelsTest, NoRouteGivesASecretAway) {
  std::vector<ApiResponse> answers = {ask({"POST", "/channels", kHook}),
                                      ask({"POST", "/channels", kMail}),
                                      ask({"PATCH", "/channels/hook", R"({"name": "New"})"})};
  for (const bool restarted : {false, true}) {
    if (restarted) {
      start();
    }
    for (const Route& route : routes_) {
      if (route.method() != "GET") {
        continue;
      }
      for (const char* id : {"hook", "mail", "ops", "db"}) {
        ApiRequest request;
        request.captures = {id, "x"};
        request.caller.scope = Scope::admin;
        bool answered = false;
        route.handler()(*api_, request, [&](ApiResponse response) {
          answered = true;
          answers.push_back(std::move(response));
        });
        settle(mailbox_);
        EXPECT_TRUE(answered) << route.pattern();
      }
    }
  }
  size_t well = 0;
  for (const ApiResponse& answer : answers) {
    well += answer.status < 300 ? 1 : 0;
    EXPECT_EQ(answer.body.find(kCanary), std::string::npos) << answer.body;
    for (const auto& [name, value] : answer.headers) {
      EXPECT_EQ(value.find(kCanary), std::string::npos) << name;
    }
  }
  EXPECT_GT(well, 30U) << "real answers were looked at";
  EXPECT_EQ(journal_.text.find(kCanary), std::string::npos) << journal_.text;
  EXPECT_EQ(engine_->channels().find("hook")->channel.url.reveal().find(kCanary), 8U)
      << "and yet the server has it";
}

TEST_F(ChannelsTest, FilesChannelsAreReadOnly) {
  for (const Call& call :
       {Call{"PUT", "/channels/ops", R"({"type": "webhook", "url": "http://x/"})"},
        Call{"PATCH", "/channels/ops", R"({"name": "mine"})"}, Call{"DELETE", "/channels/ops"}}) {
    const ApiResponse answer = ask(call);
    EXPECT_EQ(answer.status, 409);
    EXPECT_NE(answer.body.find(R"("code":"owned_by_project")"), std::string::npos);
    EXPECT_NE(
        answer.body.find(
            R"("detail":"The channel \"ops\" belongs to project \"shop\" (shop.yaml:4): change it there.")"),
        std::string::npos)
        << answer.body;
  }
  EXPECT_EQ(
      outcome({"POST", "/channels", R"({"id": "ops", "type": "webhook", "url": "http://x/"})"}),
      "409 id_taken");
  EXPECT_EQ(engine_->channels().find("ops")->channel.name, "ops");
}

TEST_F(ChannelsTest, ChangesAndTheirRefusals) {
  EXPECT_EQ(outcome({"POST", "/channels", kHook}), "201");
  EXPECT_EQ(outcome({"POST", "/channels", kHook}), "409 id_taken");
  EXPECT_EQ(outcome({"POST", "/channels", R"({"name": "x", "type": "webhook"})"}),
            "422 validation_failed");
  EXPECT_EQ(outcome({"POST", "/channels", "{}"}), "422 validation_failed");
  EXPECT_EQ(outcome({"POST", "/channels", "{"}), "400 invalid_json");
  EXPECT_EQ(outcome({"PATCH", "/channels/hook", R"({"url": "https://evil.example.com/"})"}),
            "422 validation_failed");
  EXPECT_EQ(outcome({"PATCH", "/channels/hook", R"({"id": "other"})"}), "422 validation_failed");
  EXPECT_EQ(outcome({"PATCH", "/channels/hook", R"({"id": "hook", "name": "Other"})"}), "200");
  EXPECT_EQ(outcome({"PATCH", "/channels/nobody", R"({"name": "Other"})"}), "404 not_found");
  EXPECT_EQ(outcome({"PUT", "/channels/nobody", R"({"type": "webhook", "url": "http://x/"})"}),
            "404 not_found");
  EXPECT_EQ(outcome({"PUT", "/channels/hook", R"({"type": "webhook", "url": "http://x/"})"}),
            "200");
  const ChannelView view = *engine_->channels().find("hook");
  EXPECT_TRUE(view.channel.secret.empty()) << "a PUT says all there is";
  EXPECT_EQ(view.channel.name, "hook");
  EXPECT_EQ(view.version, 3U);
}

// A change of a secret alone is a new revision, and whoever has an older one is told.
TEST_F(ChannelsTest, IfMatchFindsALostUpdate) {
  const std::string first = header(ask({"POST", "/channels", kHook}), "ETag");
  const auto patch = [&](const std::string& match, const std::string& body) {
    return outcome({"PATCH", "/channels/hook", body, {{"if-match", match}}});
  };
  EXPECT_EQ(patch(first, R"({"secret": "another-secret-of-24-bytes"})"), "200");
  EXPECT_EQ(patch(first, R"({"name": "x"})"), "412 revision_differs");
  EXPECT_EQ(outcome({"DELETE", "/channels/hook", "", {{"if-match", first}}}),
            "412 revision_differs");
  EXPECT_EQ(patch("", R"({"name": "x"})"), "412 revision_differs");
  EXPECT_EQ(patch("*", R"({"name": "x"})"), "200");
  EXPECT_EQ(patch(header(ask({"GET", "/channels/hook"}), "ETag"), R"({"name": "y"})"), "200");
}

// Who left out the id too is told all in one answer.
TEST_F(ChannelsTest, AMissingIdHidesNoOtherMistake) {
  const ApiResponse answer = ask({"POST", "/channels", R"({"type": "webhook", "url": "ftp://x"})"});
  EXPECT_EQ(answer.status, 422);
  std::vector<std::string> pointers;
  const auto told = nlohmann::json::parse(answer.body);
  for (const auto& error : told["errors"]) {
    pointers.push_back(error["pointer"]);
  }
  EXPECT_EQ(pointers, (std::vector<std::string>{"/id", "/url"}));
}

TEST_F(ChannelsTest, ChannelInUseStays) {
  EXPECT_EQ(outcome({"POST", "/channels", kHook}), "201");
  config_.monitors[0].channels = {"ops", "hook"};
  ASSERT_TRUE(engine_->apply(config_));
  const ApiResponse answer = ask({"DELETE", "/channels/hook"});
  EXPECT_EQ(answer.status, 409);
  EXPECT_NE(answer.body.find(R"("code":"in_use")"), std::string::npos);
  EXPECT_NE(answer.body.find(R"(Monitor db names the channel \"hook\")"), std::string::npos)
      << answer.body;
}

// Notices that wait keep the channel until somebody gives them up in so many words.
TEST_F(ChannelsTest, WaitingNoticesKeepTheChannel) {
  EXPECT_EQ(outcome({"POST", "/channels", kHook}), "201");
  Delivery waiting;
  waiting.key = "k1";
  waiting.channel = "hook";
  waiting.created = waiting.next_attempt = clock_.system_now() + 1h;
  waiting.payload = "{}";
  WriteBatch batch;
  batch.deliveries.push_back(waiting);
  store_->submit(std::move(batch), [](const Result<void>& kept) { EXPECT_TRUE(kept); });
  start();
  const ApiResponse refused = ask({"DELETE", "/channels/hook"});
  EXPECT_EQ(refused.status, 409);
  EXPECT_NE(refused.body.find(R"("code":"notices_waiting")"), std::string::npos) << refused.body;
  EXPECT_NE(refused.body.find("1 notice is still to go out"), std::string::npos) << refused.body;
  EXPECT_EQ(outcome({"DELETE", "/channels/hook?give_up_waiting=perhaps"}), "422 validation_failed");
  EXPECT_EQ(outcome({"DELETE", "/channels/hook?give_up_waiting=true"}), "204");
  EXPECT_EQ(engine_->health().deliveries_waiting, 0U);
  EXPECT_EQ(engine_->health().deliveries_dead, 1U) << "it is in the record, with its reason";
}

// What was answered 201 is there after a restart, with its secrets. Without its key the server does
// not start; told to forget, it asks for them again.
TEST_F(ChannelsTest, OutlastsARestart) {
  ask({"POST", "/channels", kHook});
  const std::string before = ask({"GET", "/channels/hook"}).body;
  start();
  EXPECT_EQ(ask({"GET", "/channels/hook"}).body, before);
  std::filesystem::remove(folder_.path() / "data" / "key");
  forget_secrets_ = true;
  start();
  const std::string lost = ask({"GET", "/channels/hook"}).body;
  EXPECT_NE(lost.find(R"("url_set":false,"url_shown":null,"secret_set":false,"headers":["X-Key"])"),
            std::string::npos)
      << lost;
  EXPECT_NE(lost.find(R"("secrets_lost":true)"), std::string::npos) << lost;
  EXPECT_NE(journal_.text.find("enter them again hook"), std::string::npos) << journal_.text;
  EXPECT_EQ(outcome({"PATCH", "/channels/hook", R"({"name": "x"})"}), "422 validation_failed");
  EXPECT_EQ(outcome({"PATCH", "/channels/hook", R"({"url": "http://x/"})"}),
            "422 validation_failed");
  EXPECT_EQ(outcome({"PUT", "/channels/hook", R"({"type": "webhook", "url": "http://x/"})"}),
            "200");
  EXPECT_NE(ask({"GET", "/channels/hook"}).body.find(R"("secrets_lost":false)"), std::string::npos);
}

// What was made here goes into the export, its secrets as references; the files' own does not.
TEST_F(ChannelsTest, ExportHasTheChannelsWithoutTheirSecrets) {
  EXPECT_EQ(outcome({"POST", "/channels", kHook}), "201");
  EXPECT_EQ(ask({"GET", "/export"}).body,
            "version: 1\nchannels:\n  hook:\n    type: webhook\n    name: Hook\n"
            "    send: [down, recovered]\n    url: \"${env:HOOK_URL}\"\n"
            "    secret: \"${env:HOOK_SECRET}\"\n    headers:\n"
            "      X-Key: \"${env:HOOK_X_KEY}\"\nmonitors: {}\n");
}

// A request that is sent again makes no second channel and sends no second test.
TEST_F(ChannelsTest, SentAgainWithItsKeyActsOnce) {
  const std::vector<NamedValue> key = {{"idempotency-key", "k1"}};
  const ApiResponse first = ask({"POST", "/channels", kHook, key});
  const ApiResponse again = ask({"POST", "/channels", kHook, key});
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(header(again, "Idempotency-Replayed"), "true");
  EXPECT_EQ(outcome({"POST", "/channels", kMail, key}), "422 idempotency_key_reused");
}

// The monitors of the API name channels of either kind.
TEST_F(ChannelsTest, MonitorsNameChannelsOfBothKinds) {
  const auto make = [&](const std::string& id, const std::string& channel) {
    return outcome(
        {"POST", "/monitors",
         R"({"id": ")" + id + R"(", "target": "10.0.0.9:1", "channels": [")" + channel + R"("]})"});
  };
  EXPECT_EQ(make("a", "ops"), "201");
  EXPECT_EQ(make("b", "hook"), "422 validation_failed") << "not there yet";
  EXPECT_EQ(outcome({"POST", "/channels", kHook}), "201");
  EXPECT_EQ(make("b", "hook"), "201");
  EXPECT_EQ(outcome({"DELETE", "/channels/hook"}), "409 in_use");
  EXPECT_EQ(outcome({"DELETE", "/monitors/b"}), "204");
  EXPECT_EQ(outcome({"DELETE", "/channels/hook"}), "204");
}

}  // namespace
}  // namespace tocsin
