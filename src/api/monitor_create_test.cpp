// POST monitors, clone and batch against a real engine: what is answered, and what is there then.
#include <gtest/gtest.h>

#include "api/engine_fixture.h"

namespace tocsin {
namespace {

class MonitorCreate : public EngineFixture {};

constexpr auto kRedis = R"({"name": "Redis two", "target": "10.0.0.6:6379", "interval": "10s"})";

TEST_F(MonitorCreate, AnswersWithTheMonitorAndItsPlace) {
  const ApiResponse made = post("monitors", kRedis);
  ASSERT_EQ(made.status, 201) << made.body;
  const Json monitor = json_of(made);
  EXPECT_EQ(monitor["id"], "redis-two");
  EXPECT_EQ(monitor["project"], "ui");
  EXPECT_EQ(monitor["config"], Json::parse(kRedis));
  EXPECT_EQ(header(made, "Location"), "/api/v1/monitors/" + monitor["uid"].get<std::string>());
  EXPECT_EQ(header(made, "ETag"), "\"" + monitor["revision"].get<std::string>() + "\"");
  EXPECT_EQ(json("GET /api/v1/monitors/redis-two")["uid"], monitor["uid"]);
  ASSERT_FALSE(store_.written.empty());
  EXPECT_EQ(store_.written.back().monitor.id, "redis-two");
}

// Whoever may only read does not see what a monitor sends: it may be a password.
TEST_F(MonitorCreate, SentBytesAreForThoseWhoMayWrite) {
  ASSERT_EQ(post("monitors", R"({"id": "m", "target": "a:1", "request": "AUTH hunter2"})").status,
            201);
  for (const char* call : {"GET /api/v1/monitors/m", "GET /api/v1/export"}) {
    EXPECT_TRUE(ask(call, {.scope = Scope::write}).body.contains("hunter2")) << call;
    const ApiResponse read = ask(call, {.scope = Scope::read});
    EXPECT_EQ(read.status, 200);
    EXPECT_FALSE(read.body.contains("hunter2")) << call;
  }
}

// What could never be probed is said before it is made.
TEST_F(MonitorCreate, DryRunSaysWhatIsOutOfReach) {
  const Sent editor{.body = R"({"target": "10.0.0.5:6379", "channels": ["ops"]})",
                    .scope = Scope::write};
  const Json told = json("POST /api/v1/monitors?dry_run=true", editor);
  ASSERT_FALSE(told["warnings"].empty());
  EXPECT_EQ(told["warnings"][0]["pointer"], "/target");
  EXPECT_TRUE(told["warnings"][0]["message"].get<std::string>().starts_with(
      "It would never be probed: 10.0.0.5 "))
      << told;
  Sent admin = editor;
  admin.scope = Scope::admin;
  for (const Json& warning : json("POST /api/v1/monitors?dry_run=true", admin)["warnings"]) {
    EXPECT_FALSE(warning["message"].get<std::string>().starts_with("It would never"));
  }
}

// The way there counts as well as the end.
TEST_F(MonitorCreate, DryRunSaysWhenTheProxyIsOutOfReach) {
  const Sent editor{
      .body =
          R"({"target": "db.example.com:1", "proxy": "http://10.0.0.5:3128", "channels": ["ops"]})",
      .scope = Scope::write};
  const Json told = json("POST /api/v1/monitors?dry_run=true", editor);
  ASSERT_FALSE(told["warnings"].empty()) << told;
  EXPECT_EQ(told["warnings"][0]["pointer"], "/proxy");
  EXPECT_TRUE(told["warnings"][0]["message"].get<std::string>().starts_with(
      "It would never be used: 10.0.0.5 "))
      << told;
}

// An export that is put into a file beside what it came from would watch everything twice.
TEST_F(MonitorCreate, ReloadSaysWhatIsThereTwice) {
  ASSERT_EQ(post("monitors", R"({"id": "x", "target": "a:1"})").status, 201);
  config_.monitors.push_back(of_file("x", "a:1"));
  const auto summary = engine_.apply(config_);
  ASSERT_TRUE(summary);
  ASSERT_EQ(summary->warnings.size(), 1u);
  EXPECT_TRUE(summary->warnings[0].starts_with("The monitor x of shop.yaml is there twice"));
  EXPECT_TRUE(engine_.apply(config_)->warnings.empty()) << "said once";
}

// An id that no address can hold could never be changed or removed again.
TEST_F(MonitorCreate, DotsAloneAreNoId) {
  for (const char* id : {".", ".."}) {
    const Json told =
        json_of(post("monitors", std::string(R"({"id": ")") + id + R"(", "target": "a:1"})"));
    EXPECT_EQ(told["errors"][0]["pointer"], "/id") << told;
  }
}

// A made id makes room; a written one is meant.
TEST_F(MonitorCreate, MakesAnIdThatIsFree) {
  EXPECT_EQ(json_of(post("monitors", kRedis))["id"], "redis-two");
  EXPECT_EQ(json_of(post("monitors", kRedis))["id"], "redis-two-2");
  EXPECT_EQ(json_of(post("monitors", R"({"target": "db.example.com:1"})"))["id"],
            "db-example-com-1");
  const Json last = json_of(post("monitors", R"({"target": "db.example.com:1"})"));
  EXPECT_EQ(last["id"], "db-example-com-1-2");
  EXPECT_EQ(last["name"], "db-example-com-1-2");
}

TEST_F(MonitorCreate, TakenIdIsA409) {
  const ApiResponse taken = post("monitors", R"({"id": "redis", "target": "a:1"})");
  EXPECT_EQ(taken.status, 409);
  EXPECT_EQ(taken.body,
            R"({"type":"urn:tocsin:problem:id_taken","title":"Conflict","status":409,)"
            R"("detail":"There is a monitor with the id \"redis\" already.","code":"id_taken",)"
            R"("request_id":"r1"})");
}

// Every mistake at its place, names that do not exist too.
TEST_F(MonitorCreate, PointsAtWhatIsWrong) {
  Json told = json_of(post("monitors", R"({"id": "x y", "target": "a:1"})"));
  EXPECT_EQ(told["errors"][0]["pointer"], "/id");
  told = json_of(post("monitors", R"({"target": "a:70000", "intervall": "5s"})"));
  EXPECT_EQ(told["status"], 422);
  EXPECT_EQ(told["errors"][0]["pointer"], "/target");
  EXPECT_EQ(told["errors"][1]["hint"], "did you mean \"interval\"?");
  told = json_of(post("monitors", R"({"target": "a:1", "channels": ["ops", "opps"],
      "depends_on": ["router"],
      "alert": {"escalate": [{"after": "5m", "channels": ["boss"]}]}})"));
  ASSERT_EQ(told["errors"].size(), 3u) << told;
  EXPECT_EQ(told["errors"][0]["pointer"], "/alert/escalate/0/channels/0");
  EXPECT_EQ(told["errors"][1]["pointer"], "/channels/1");
  EXPECT_EQ(told["errors"][1]["message"], "there is no channel \"opps\"");
  EXPECT_EQ(told["errors"][1]["hint"], "did you mean \"ops\"?");
  EXPECT_EQ(told["errors"][2]["pointer"], "/depends_on/0");
  EXPECT_EQ(json("GET /api/v1/summary")["monitors"], 1);
}

TEST_F(MonitorCreate, ForEachMakesAllOrNone) {
  const ApiResponse made =
      post("monitors", R"({"id": "web", "target": "a", "for_each": [80, 443]})");
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(json_of(made)["data"].size(), 2u);
  EXPECT_EQ(json_of(made)["data"][1]["id"], "web-443");
  EXPECT_EQ(post("monitors", R"({"id": "web", "target": "a", "for_each": [22, 443]})").status, 409);
  EXPECT_EQ(ask("GET /api/v1/monitors/web-22").status, 404);
}

// What would be made, in words, and nothing is; wrong ones have the same shape.
TEST_F(MonitorCreate, DryRunMakesNothing) {
  const ApiResponse tried =
      post("monitors?dry_run=true", R"({"target": "10.0.0.5:6379", "interval": "5s"})");
  EXPECT_EQ(tried.status, 200);
  EXPECT_EQ(
      tried.body,
      R"({"monitors":[{"id":"10-0-0-5-6379","name":"10-0-0-5-6379","target":"10.0.0.5:6379"}],)"
      R"("problems":[],"warnings":[{"pointer":"/timeout","code":"advice",)"
      R"("message":"The timeout (10s) is longer than the interval (5s): checks that come due )"
      R"(meanwhile are skipped."},{"pointer":"/channels","code":"advice",)"
      R"("message":"No channel is named: nobody is told when it fails."},)"
      R"({"pointer":"/target","code":"advice",)"
      R"("message":"The monitor \"redis\" watches 10.0.0.5:6379 already."}],)"
      R"("next_runs":["2023-11-14T22:13:20.000Z","2023-11-14T22:13:25.000Z",)"
      R"("2023-11-14T22:13:30.000Z","2023-11-14T22:13:35.000Z","2023-11-14T22:13:40.000Z"],)"
      R"("sentence":"Connects to 10.0.0.5:6379 every 5s; an attempt takes at most 10s. )"
      R"(Nobody is told."})");
  const ApiResponse wrong = post("monitors?dry_run=true", R"({"target": "a"})");
  EXPECT_EQ(wrong.status, 200);
  EXPECT_EQ(json_of(wrong)["problems"][0]["pointer"], "/target");
  EXPECT_EQ(json_of(wrong)["monitors"].size(), 0u);
  const Json taken = json_of(post("monitors?dry_run=true", R"({"id": "redis", "target": "a:1"})"));
  EXPECT_EQ(taken["problems"][0]["code"], "id_taken");
  EXPECT_EQ(json("GET /api/v1/summary")["monitors"], 1);
}

// Secrets of a project's file do not become anybody's by a copy.
TEST_F(MonitorCreate, CloneCopiesWhatMayBeSeen) {
  EXPECT_EQ(json_of(post("monitors/redis/clone", "{}"))["code"], "owned_by_project");
  post("monitors", kRedis);
  const ApiResponse copy = post("monitors/redis-two/clone", R"({"name": "Third"})");
  ASSERT_EQ(copy.status, 201) << copy.body;
  EXPECT_EQ(json_of(copy)["id"], "third");
  EXPECT_EQ(json_of(copy)["target"], "10.0.0.6:6379");
  EXPECT_EQ(json_of(post("monitors/redis-two/clone", ""))["id"], "redis-two-copy");
  EXPECT_EQ(json_of(post("monitors/redis-two/clone", ""))["id"], "redis-two-copy-2");
  EXPECT_EQ(post("monitors/redis-two/clone", R"({"id": "third"})").status, 409);
  EXPECT_EQ(post("monitors/nobody/clone", "").status, 404);
}

// The disk is full: it runs, and whoever asked is told that it may not last.
TEST_F(MonitorCreate, WhatCouldNotBeKeptIsNotCalledMade) {
  store_.refusal = Error{ErrorKind::disk_full, "no space left"};
  EXPECT_EQ(post("monitors", kRedis).status, 507);
}

// --- reach: who wrote it decides what the scheduled probe may connect to

TEST_F(MonitorCreate, KeepsWhoWroteIt) {
  const auto author_of = [this](const std::string& id) {
    return engine_.monitor(id)->definition->origin.author;
  };
  const std::string made = R"(", "target": "a:1"})";
  ask("POST /api/v1/monitors", {.body = R"({"id": "e)" + made, .scope = Scope::write});
  ask("POST /api/v1/monitors", {.body = R"({"id": "a)" + made});
  ask("POST /api/v1/monitors", {.body = R"({"id": "o)" + made, .is_local = true});
  EXPECT_EQ(author_of("e"), ReachRole::editor_api);
  EXPECT_EQ(author_of("a"), ReachRole::admin_api);
  EXPECT_EQ(author_of("o"), ReachRole::operator_files);
}

// An admin who tags an editor's monitor has not looked at where it connects to; an editor who
// renames an admin's does not cut it off.
TEST_F(MonitorCreate, OnlyAChangeOfTheCheckChangesTheAuthor) {
  ask("POST /api/v1/monitors", {.body = R"({"id": "e", "target": "a:1"})", .scope = Scope::write});
  const auto author = [this] { return engine_.monitor("e")->definition->origin.author; };
  ask("POST /api/v1/monitors/batch",
      {.body = R"({"action": "add_tag", "ids": ["e"], "tag": "prod"})"});
  EXPECT_EQ(json("GET /api/v1/monitors/e")["tags"], Json({"prod"}));
  EXPECT_EQ(author(), ReachRole::editor_api);
  EXPECT_EQ(ask("PATCH /api/v1/monitors/e", {.body = R"({"target": "a:2"})"}).status, 200);
  EXPECT_EQ(author(), ReachRole::admin_api);
  ask("PATCH /api/v1/monitors/e", {.body = R"({"name": "E"})", .scope = Scope::write});
  EXPECT_EQ(author(), ReachRole::admin_api);
  ask("PATCH /api/v1/monitors/e", {.body = R"({"request": "GET /"})", .scope = Scope::write});
  EXPECT_EQ(author(), ReachRole::editor_api);
}

TEST_F(MonitorCreate, UnixTargetsAreForTheLocalSocketOnly) {
  const std::string body = R"({"id": "u", "target": "unix:/run/x.sock"})";
  EXPECT_EQ(json("POST /api/v1/monitors", {.body = body})["errors"][0]["code"], "operator_only");
  EXPECT_EQ(ask("POST /api/v1/monitors", {.body = body, .is_local = true}).status, 201);
  EXPECT_EQ(ask("PATCH /api/v1/monitors/u", {.body = R"({"name": "U"})"}).status, 200);
  EXPECT_EQ(ask("PATCH /api/v1/monitors/u", {.body = R"({"target": "unix:/run/y.sock"})"}).status,
            422);
  EXPECT_EQ(json_of(post("monitors/u/clone", ""))["code"], "operator_only");
}

// --- the same request twice

TEST_F(MonitorCreate, SameKeyMakesOneMonitor) {
  const Sent first{.body = kRedis, .headers = {{"idempotency-key", "k1"}}};
  const ApiResponse made = ask("POST /api/v1/monitors", first);
  const ApiResponse again = ask("POST /api/v1/monitors", first);
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.body, made.body);
  EXPECT_EQ(header(again, "Idempotency-Replayed"), "true");
  EXPECT_EQ(header(made, "Idempotency-Replayed"), "");
  EXPECT_EQ(json("GET /api/v1/summary")["monitors"], 2);
  Sent other = first;
  other.body = R"({"target": "a:1"})";
  EXPECT_EQ(json("POST /api/v1/monitors", other)["code"], "idempotency_key_reused");
  other.scope = Scope::write;
  EXPECT_EQ(ask("POST /api/v1/monitors", other).status, 201) << "another caller's own key";
  other.headers = {{"idempotency-key", std::string(101, 'k')}};
  EXPECT_EQ(ask("POST /api/v1/monitors", other).status, 422);
}

// A loop that was too busy did nothing: the same key may try again.
TEST_F(MonitorCreate, TroubleOfTheMomentIsNotRepeated) {
  const Sent first{.body = kRedis, .headers = {{"idempotency-key", "k1"}}};
  while (mailbox_.offer([] { return false; })) {
  }
  EXPECT_EQ(ask("POST /api/v1/monitors", first).status, 503);
  settle(mailbox_);
  EXPECT_EQ(ask("POST /api/v1/monitors", first).status, 201);
}

// What could not be stored was done all the same; done again there would be two.
TEST_F(MonitorCreate, WhatActedDoesNotActAgain) {
  const Sent first{.body = kRedis, .headers = {{"idempotency-key", "k1"}}};
  store_.refusal = Error{ErrorKind::disk_full, "no space left"};
  EXPECT_EQ(ask("POST /api/v1/monitors", first).status, 507);
  store_.refusal.reset();
  EXPECT_EQ(ask("POST /api/v1/monitors", first).status, 507);
  EXPECT_EQ(json("GET /api/v1/summary")["monitors"], 2);
}

}  // namespace
}  // namespace tocsin
