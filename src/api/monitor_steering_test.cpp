// Pause, mute, run and batch; the lists and counts that show what came of it.
#include <gtest/gtest.h>

#include "api/engine_fixture.h"
#include "config/config_reader.h"

namespace tocsin {
namespace {

class MonitorSteering : public EngineFixture {
 protected:
  void SetUp() override {
    post("monitors", R"({"id": "db", "target": "10.0.0.7:5432", "tags": ["prod"], "group": "DB"})");
    post("monitors", R"({"id": "web", "target": "10.0.0.8:80", "tags": ["prod", "eu"]})");
  }
};

// State is nobody's file: allowed for a project's monitor too.
TEST_F(MonitorSteering, PausesAndMutesWhoeverOwnsIt) {
  for (const std::string id : {"redis", "db"}) {
    Json now = json_of(post("monitors/" + id + "/pause", ""));
    EXPECT_EQ(now["status"], "paused") << now;
    EXPECT_EQ(now["paused"], true);
    EXPECT_EQ(now["next_run"], nullptr);
    EXPECT_EQ(json_of(post("monitors/" + id + "/run", ""))["code"], "conflict");
    now = json_of(post("monitors/" + id + "/resume", ""));
    EXPECT_EQ(now["status"], "pending");
    EXPECT_TRUE(now["next_run"].get<std::string>().starts_with("2023-11-14T22:13:20"))
        << "who resumes wants to know now: " << now;
    EXPECT_EQ(json_of(post("monitors/" + id + "/mute", ""))["muted"], true);
    EXPECT_EQ(json_of(post("monitors/" + id + "/unmute", ""))["muted"], false);
  }
  EXPECT_EQ(post("monitors/nobody/pause", "").status, 404);
  EXPECT_EQ(post("monitors/db/pause", R"({"for": "1h"})").status, 422);
}

TEST_F(MonitorSteering, BatchAnswersForEach) {
  const ApiResponse done =
      post("monitors/batch",
           R"({"action": "remove_tag", "tag": "prod", "ids": ["db", "redis", "nobody", "web"]})");
  EXPECT_EQ(done.body,
            R"({"data":[{"id":"db","ok":true,"problem":null},{"id":"redis","ok":false,)"
            R"("problem":{"code":"owned_by_project","detail":"The monitor belongs to project shop )"
            R"((shop.yaml:12): change it there."}},{"id":"nobody","ok":false,)"
            R"("problem":{"code":"not_found","detail":"There is no monitor with this id."}},)"
            R"({"id":"web","ok":true,"problem":null}]})");
  EXPECT_EQ(json("GET /api/v1/monitors/web")["tags"], Json({"eu"}));
  EXPECT_EQ(post("monitors/batch", R"({"action": "pause", "ids": ["db", "redis"]})").status, 200);
  EXPECT_EQ(json("GET /api/v1/summary")["by_status"]["paused"], 2);
  EXPECT_EQ(post("monitors/batch", R"({"action": "delete", "ids": ["db", "db"]})").body,
            R"({"data":[{"id":"db","ok":true,"problem":null},{"id":"db","ok":false,"problem":)"
            R"({"code":"not_found","detail":"This monitor was removed. )"
            R"(POST /api/v1/monitors/2/restore brings it back."}}]})");
}

// To resume it would not help: its definition says so.
TEST_F(MonitorSteering, ADisabledMonitorIsNotRun) {
  post("monitors", R"({"id": "off", "target": "127.0.0.1:9", "enabled": false})");
  const ApiResponse answer = post("monitors/off/run", "");
  EXPECT_EQ(answer.status, 409);
  EXPECT_EQ(json_of(answer)["detail"],
            "The monitor is disabled: enabled is false in its definition.");
}

// One mistake, one error, and its code says which.
TEST_F(MonitorSteering, ABatchSaysWhatIsWrongWithIt) {
  const auto errors = [this](const std::string& body) {
    std::string told;
    const Json answer = json_of(post("monitors/batch", body));
    for (const Json& error : answer["errors"]) {
      told += error["pointer"].get<std::string>() + " " + error["code"].get<std::string>() + ";";
    }
    return told;
  };
  EXPECT_EQ(errors(R"({})"), "/action required;/ids required;");
  EXPECT_EQ(errors(R"({"action": "explode", "ids": ["db"]})"), "/action invalid_choice;");
  EXPECT_EQ(errors(R"({"action": "pause", "ids": []})"), "/ids out_of_range;");
  EXPECT_EQ(errors(R"({"action": "pause", "ids": [1]})"), "/ids wrong_type;");
  EXPECT_EQ(errors(R"({"action": "add_tag", "ids": ["db"]})"), "/tag required;");
  EXPECT_EQ(errors(R"({"action": "add_tag", "ids": ["db"], "tag": "a\nb"})"),
            "/tag invalid_field;");
  EXPECT_EQ(
      errors(R"({"action": "add_tag", "ids": ["db"], "tag": ")" + std::string(101, 'x') + R"("})"),
      "/tag too_long;");
}

TEST_F(MonitorSteering, CountsByTagGroupAndStatus) {
  const std::string two =
      R"("by_status":{"pending":2,"up":0,"degraded":0,"down":0,"unknown":0,"paused":0}})";
  const std::string one =
      R"("by_status":{"pending":1,"up":0,"degraded":0,"down":0,"unknown":0,"paused":0}})";
  EXPECT_EQ(ask("GET /api/v1/tags").body, R"({"data":[{"name":"eu","monitors":1,)" + one +
                                              R"(,{"name":"prod","monitors":2,)" + two +
                                              R"(],"next_cursor":null})");
  EXPECT_EQ(ask("GET /api/v1/groups").body,
            R"({"data":[{"name":"DB","monitors":1,)" + one + R"(],"next_cursor":null})");
  post("monitors/db/mute", "");
  EXPECT_EQ(ask("GET /api/v1/summary").body,
            R"({"monitors":3,"by_status":{"pending":3,"up":0,"degraded":0,"down":0,"unknown":0,)"
            R"("paused":0},"muted":1,"open_incidents":0})");
}

TEST_F(MonitorSteering, ListsWhatIsAskedFor) {
  EXPECT_EQ(ask("GET /api/v1/monitors?owner=ui&fields=group").body,
            R"({"data":[{"id":"db","uid":"2","group":"DB"},{"id":"web","uid":"3","group":""}],)"
            R"("next_cursor":null})");
  EXPECT_EQ(json("GET /api/v1/monitors?group=DB")["data"].size(), 1u);
  const Json wrong = json("GET /api/v1/monitors?fields=id,statsu");
  EXPECT_EQ(wrong["errors"][0]["hint"], "Did you mean \"status\"?");
  const ApiResponse lines = ask("GET /api/v1/monitors?fields=id&limit=1",
                                {.headers = {{"accept", "application/x-ndjson"}}});
  EXPECT_EQ(lines.content_type, "application/x-ndjson");
  EXPECT_EQ(lines.body,
            "{\"id\":\"redis\",\"uid\":\"1\"}\n{\"id\":\"db\",\"uid\":\"2\"}\n"
            "{\"id\":\"web\",\"uid\":\"3\"}\n");
}

// The export is a configuration file: read as one it gives the same monitors.
TEST_F(MonitorSteering, ExportIsAConfigurationFile) {
  const ApiResponse yaml = ask("GET /api/v1/export");
  EXPECT_EQ(yaml.body,
            "version: 1\nmonitors:\n  db:\n    target: \"10.0.0.7:5432\"\n    tags: [prod]\n"
            "    group: DB\n  web:\n    target: \"10.0.0.8:80\"\n    tags: [prod, eu]\n");
  EXPECT_EQ(header(yaml, "Content-Disposition"), "attachment; filename=\"tocsin.yaml\"");
  for (const std::string format : {"yaml", "json"}) {
    const std::vector<ConfigText> texts = {
        {"x.yaml", ask("GET /api/v1/export?format=" + format).body}};
    ConfigReading reading = read_config(texts, process_references());
    ASSERT_TRUE(reading.config) << texts[0].text;
    for (Monitor& monitor : reading.config->monitors) {
      monitor.project = kUiProject;
      EXPECT_TRUE(same_definition(monitor, *engine_.monitor(monitor.id)->definition));
    }
    EXPECT_EQ(reading.config->monitors.size(), 2u);
  }
  EXPECT_EQ(ask("GET /api/v1/export?format=toml").status, 422);
}

}  // namespace
}  // namespace tocsin
