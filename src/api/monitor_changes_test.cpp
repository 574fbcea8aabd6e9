// PUT, PATCH, DELETE and restore against a real engine.
#include <gtest/gtest.h>

#include "api/engine_fixture.h"
#include "api/monitor_answer.h"

namespace tocsin {
namespace {

class MonitorChanges : public EngineFixture {
 protected:
  void SetUp() override {
    ASSERT_EQ(post("monitors", R"({"id": "db", "target": "10.0.0.7:5432", "tags": ["prod"],
        "alert": {"after_runs": 2, "strict": true}})")
                  .status,
              201);
    uid_ = json("GET /api/v1/monitors/db")["uid"].get<std::string>();
  }
  ApiResponse patch(const std::string& body, std::vector<NamedValue> headers = {}) {
    return ask("PATCH /api/v1/monitors/db", {.body = body, .headers = std::move(headers)});
  }
  Json config() { return json("GET /api/v1/monitors/db")["config"]; }

  std::string uid_;
};

// RFC 7396 over the definition as written: what is not named stays, null takes the default back.
TEST_F(MonitorChanges, PatchChangesWhatItNames) {
  const ApiResponse changed =
      patch(R"({"interval": "30s", "alert": {"after_runs": null}, "tags": null})");
  ASSERT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(config(),
            Json::parse(R"({"target":"10.0.0.7:5432","interval":"30s","alert":{"strict":true}})"));
  EXPECT_EQ(json_of(changed)["uid"], uid_);
  EXPECT_EQ(patch(R"({"interval": "30"})").status, 422);
  EXPECT_EQ(patch(R"({"channels": ["nobody"]})").status, 422);
  EXPECT_EQ(patch(R"({"depends_on": ["db"]})").status, 422) << "a circle of one";
  EXPECT_EQ(patch(R"({"for_each": [1]})").status, 422);
  EXPECT_EQ(config()["interval"], "30s");
}

TEST_F(MonitorChanges, PutIsTheWhole) {
  const ApiResponse changed =
      ask("PUT /api/v1/monitors/" + uid_, {.body = R"({"target": "10.0.0.8:5432"})"});
  ASSERT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(config(), Json::parse(R"({"target":"10.0.0.8:5432"})"));
  EXPECT_EQ(ask("PUT /api/v1/monitors/nobody", {.body = R"({"target": "a:1"})"}).status, 404);
  EXPECT_EQ(ask("PUT /api/v1/monitors/db", {.body = "{}"}).status, 422);
}

// A form asks while people type: nothing is stored, and a monitor does not warn of itself.
TEST_F(MonitorChanges, DryRunTellsAndKeepsAll) {
  const auto dry = [&](const std::string& words, const std::string& body) {
    const ApiResponse answer = ask(words + "?dry_run=true", {.body = body});
    EXPECT_EQ(answer.status, 200) << answer.body;
    return json_of(answer);
  };
  const Json before = json("GET /api/v1/monitors/db");
  const Json good = dry("PUT /api/v1/monitors/db", R"({"target": "10.0.0.7:5432"})");
  EXPECT_EQ(good["monitors"], Json::parse(R"([{"id":"db","name":"db","target":"10.0.0.7:5432"}])"));
  EXPECT_EQ(good["problems"], Json::array());
  ASSERT_EQ(good["warnings"].size(), 1u) << good;
  EXPECT_EQ(good["warnings"][0]["pointer"], "/channels") << "nobody is told; not: watched already";
  EXPECT_EQ(good["next_runs"].size(), 5u);
  EXPECT_EQ(good["next_runs"][0], before["next_run"]);

  EXPECT_EQ(dry("PUT /api/v1/monitors/db", R"({"target": "a"})")["problems"].size(), 1u);
  const Json named = dry("PATCH /api/v1/monitors/db", R"({"channels": ["nobody"]})");
  EXPECT_EQ(named["problems"][0]["pointer"], "/channels/0");
  ASSERT_EQ(post("monitors", R"({"id": "other", "target": "o:1"})").status, 201);
  const Json twice = dry("PATCH /api/v1/monitors/db", R"({"target": "o:1"})");
  EXPECT_EQ(twice["warnings"][1]["message"], "The monitor \"other\" watches o:1 already.");

  EXPECT_EQ(json("GET /api/v1/monitors/db")["revision"], before["revision"]);
  EXPECT_EQ(
      ask("PUT /api/v1/monitors/nobody?dry_run=true", {.body = R"({"target": "a:1"})"}).status,
      404);
}

// Parents that wait for their children would silence both.
TEST_F(MonitorChanges, CirclesAreRefused) {
  EXPECT_EQ(post("monitors", R"({"id": "b", "target": "b:1", "depends_on": ["db"]})").status, 201);
  EXPECT_EQ(post("monitors", R"({"id": "c", "target": "c:1", "depends_on": ["b"]})").status, 201);
  const ApiResponse circle = patch(R"({"depends_on": ["c"]})");
  EXPECT_EQ(circle.status, 422);
  EXPECT_EQ(json_of(circle)["errors"][0]["message"],
            "depends_on goes in a circle: \"c\" waits for this monitor");
}

// Two people at once: the second is told instead of undoing the first.
TEST_F(MonitorChanges, IfMatchHoldsBackAChangeOfSomethingElse) {
  const std::string seen = header(ask("GET /api/v1/monitors/db"), "ETag");
  ASSERT_EQ(seen.size(), 18u);
  EXPECT_EQ(patch(R"({"name": "First"})", {{"if-match", seen}}).status, 200);
  const ApiResponse late = patch(R"({"name": "Second"})", {{"if-match", seen}});
  EXPECT_EQ(late.status, 412);
  const std::string now = header(ask("GET /api/v1/monitors/db"), "ETag");
  EXPECT_EQ(late.body,
            R"({"type":"urn:tocsin:problem:revision_differs","title":"Precondition Failed",)"
            R"("status":412,"detail":"The monitor was changed meanwhile; its revision is )" +
                now.substr(1, 16) + R"( now.","code":"revision_differs","request_id":"r1"})");
  EXPECT_EQ(ask("DELETE /api/v1/monitors/db", {.headers = {{"if-match", seen}}}).status, 412);
  post("monitors/db/pause", "");
  EXPECT_EQ(patch(R"({"name": "Third"})", {{"if-match", now}}).status, 412) << "it was paused";
  EXPECT_EQ(patch(R"({"name": "Third"})", {{"if-match", ""}}).status, 412) << "a lost variable";
  EXPECT_EQ(patch(R"({"name": "Third"})", {{"if-match", "*"}}).status, 200);
}

TEST(MatchesRevision, ReadsTheHeaderAsTheRfcSays) {
  EXPECT_TRUE(matches_revision("\"abc\"", "abc"));
  EXPECT_TRUE(matches_revision("\"x\" , \"abc\"", "abc"));
  EXPECT_TRUE(matches_revision(" * ", "abc"));
  EXPECT_FALSE(matches_revision("abc", "abc"));
  EXPECT_FALSE(matches_revision("W/\"abc\"", "abc")) << "weak ones never match";
  EXPECT_FALSE(matches_revision("\"ab\"", "abc"));
  EXPECT_FALSE(matches_revision("", "abc"));
  EXPECT_TRUE(matches_revision(std::nullopt, "abc"));
}

// One owner: the file, and the answer says which.
TEST_F(MonitorChanges, ProjectsMonitorIsTheFilesAlone) {
  for (const std::string call :
       {"PUT /api/v1/monitors/redis", "PATCH /api/v1/monitors/redis",
        "DELETE /api/v1/monitors/redis", "POST /api/v1/monitors/redis/restore"}) {
    const ApiResponse refused =
        ask(call, {.body = call.starts_with("PUT") ? R"({"target": "a:1"})" : "{}"});
    EXPECT_EQ(refused.body,
              R"({"type":"urn:tocsin:problem:owned_by_project","title":"Conflict","status":409,)"
              R"("detail":"The monitor belongs to project shop (shop.yaml:12): change it there.",)"
              R"("code":"owned_by_project","request_id":"r1"})")
        << call;
  }
  const Json row = json("GET /api/v1/monitors/redis");
  EXPECT_EQ(row["owner"],
            Json::parse(R"({"kind":"project","project":"shop","file":"shop.yaml","line":12})"));
  EXPECT_EQ(row["config"]["request"], Json::parse(R"([{"send":{"hidden":14}}])"));
}

TEST_F(MonitorChanges, DeleteCanBeUndone) {
  const ApiResponse gone = ask("DELETE /api/v1/monitors/db");
  EXPECT_EQ(gone.status, 204);
  EXPECT_EQ(gone.body, "");
  EXPECT_EQ(ask("GET /api/v1/monitors/db").status, 404);
  EXPECT_EQ(json("GET /api/v1/monitors/" + uid_)["detail"],
            "This monitor was removed. POST /api/v1/monitors/" + uid_ + "/restore brings it back.");
  EXPECT_EQ(patch("{}").status, 404);
  EXPECT_EQ(ask("DELETE /api/v1/monitors/" + uid_).status, 404);
  EXPECT_EQ(ask("POST /api/v1/monitors/" + uid_ + "/pause").status, 404);
  const ApiResponse back = post("monitors/" + uid_ + "/restore", "");
  ASSERT_EQ(back.status, 200) << back.body;
  EXPECT_EQ(json_of(back)["id"], "db");
  EXPECT_EQ(config()["tags"], Json({"prod"}));
  EXPECT_EQ(post("monitors/" + uid_ + "/restore", "").status, 200) << "twice is fine";
}

// The id of a removed one is free; a file that took it is not pushed aside.
TEST_F(MonitorChanges, RestoreNeedsItsId) {
  EXPECT_EQ(ask("DELETE /api/v1/monitors/db").status, 204);
  config_.monitors.push_back(of_file("db", "10.0.0.9:1"));
  ASSERT_TRUE(engine_.apply(config_));
  EXPECT_EQ(json_of(post("monitors/" + uid_ + "/restore", ""))["code"], "id_taken");
  config_.monitors.pop_back();
  ASSERT_TRUE(engine_.apply(config_));
  EXPECT_EQ(post("monitors/" + uid_ + "/restore", "").status, 200);
}

// The same id again is the same monitor with its history; a made id never is.
TEST_F(MonitorChanges, WrittenIdOfARemovedMonitorContinuesIt) {
  EXPECT_EQ(ask("DELETE /api/v1/monitors/db").status, 204);
  EXPECT_EQ(json_of(post("monitors", R"({"name": "db", "target": "a:1"})"))["id"], "db-2");
  const Json again = json_of(post("monitors", R"({"id": "db", "target": "a:1"})"));
  EXPECT_EQ(again["uid"], uid_);
}

// A reload of the files has no say in what was made over the API.
TEST_F(MonitorChanges, ReloadLeavesOursAlone) {
  const Json before = json("GET /api/v1/monitors/db");
  config_.monitors.clear();
  config_.project_id = "other";
  const auto applied = engine_.apply(config_);
  ASSERT_TRUE(applied);
  EXPECT_EQ(applied->retired, 1u) << "the file's own";
  EXPECT_EQ(json("GET /api/v1/monitors/db"), before);
  EXPECT_EQ(engine_.health().of_files, 0u);
  EXPECT_EQ(engine_.health().monitors, 1u);
}

}  // namespace
}  // namespace tocsin
