#include "api/monitor_json.h"

#include <gtest/gtest.h>

#include "api/incident_json.h"
#include "api/monitor_config_json.h"

namespace tocsin {
namespace {

MonitorView redis() {
  Monitor monitor;
  monitor.project = "shop";
  monitor.id = "redis";
  monitor.name = "Redis sessions";
  monitor.target = Target::parse("db.example.com:6379").value();
  monitor.tags = {"prod"};
  monitor.interval = 30s;
  monitor.timeout = 5s;
  monitor.request = {SendStep{"AUTH hunter2\r\n"}, ExpectStep{.pattern = "+OK"}};
  MonitorView view{.uid = {7}, .definition = std::make_shared<const Monitor>(monitor)};
  view.state.status.kind = StatusKind::down;
  view.state.status.since = SystemTime(1'000'000'000s);
  view.state.status.error = ProbeError{ErrorCode::tcp_refused, Phase::connect, "RST to our SYN"};
  view.state.alert.incident = {"0190-incident"};
  view.next_run = SystemTime(1'000'000'030s);
  return view;
}

std::string json_of(const MonitorView& view, bool with_definition) {
  JsonWriter json;
  write_monitor(json, view, with_definition);
  return json.take();
}

// Names and order are API.
TEST(MonitorJson, IsOneRowOfTheList) {
  MonitorView view = redis();
  view.state.status.error.reset();
  EXPECT_EQ(json_of(view, false),
            R"({"id":"redis","uid":"7","name":"Redis sessions","project":"shop",)"
            R"("target":"db.example.com:6379","status":"down",)"
            R"("flags":{"confirming":false,"recovering":false,"muted":false,)"
            R"("acknowledged":false,"flapping":false},"since":"2001-09-09T01:46:40.000Z",)"
            R"("error":null,"tags":["prod"],"interval_s":30,"timeout_ms":5000,"enabled":true,)"
            R"("muted":false,"paused":false,"last_result":null,)"
            R"("next_run":"2001-09-09T01:47:10.000Z","incident":"0190-incident","group":"",)"
            R"("owner":{"kind":"project","project":"shop","file":null,"line":null},)"
            R"("revision":")" +
                monitor_revision(view) + "\"}");
}

// A phone asks for what it shows; who a row is about comes always.
TEST(MonitorJson, TellsOnlyTheFieldsAskedFor) {
  JsonWriter json;
  const std::vector<std::string> wanted = {"status", "group"};
  write_monitor(json, redis(), false, wanted);
  EXPECT_EQ(json.take(), R"({"id":"redis","uid":"7","status":"down","group":""})");
}

// As in YAML; a project's bytes are hidden, those made over the API are not.
TEST(MonitorJson, ConfigIsWhatOneWouldWrite) {
  MonitorView view = redis();
  EXPECT_NE(json_of(view, true)
                .find(R"("config":{"name":"Redis sessions","target":"db.example.com:6379",)"
                      R"("request":[{"send":{"hidden":14}},{"expect":"+OK"}],"timeout":"5s",)"
                      R"("interval":"30s","tags":["prod"]})"),
            std::string::npos)
      << json_of(view, true);
  Monitor own = *view.definition;
  own.project = kUiProject;
  view.definition = std::make_shared<const Monitor>(own);
  EXPECT_NE(json_of(view, true).find(R"({"send":"AUTH hunter2\\r\\n"})"), std::string::npos);
  EXPECT_NE(json_of(view, true).find(R"("owner":{"kind":"ui","project":"ui")"), std::string::npos);
}

// It changes with what people can change, and not with what checks find.
TEST(MonitorJson, RevisionIsOfDefinitionAndState) {
  const MonitorView before = redis();
  MonitorView after = before;
  after.state.status.kind = StatusKind::up;
  after.next_run.reset();
  EXPECT_EQ(monitor_revision(before), monitor_revision(after));
  EXPECT_EQ(monitor_revision(before).size(), 16u);
  after.state.paused = true;
  EXPECT_NE(monitor_revision(before), monitor_revision(after));
  after = before;
  after.state.muted = true;
  EXPECT_NE(monitor_revision(before), monitor_revision(after));
  Monitor renamed = *before.definition;
  renamed.name = "Redis";
  after = before;
  after.definition = std::make_shared<const Monitor>(renamed);
  EXPECT_NE(monitor_revision(before), monitor_revision(after));
}

// The error in the words of its own time; without them the table's.
TEST(MonitorJson, ErrorSaysTheMostItCan) {
  MonitorView view = redis();
  EXPECT_NE(json_of(view, false)
                .find(R"("message":"Nothing is listening on this port: RST to our SYN.")"),
            std::string::npos);
  view.state.status.error->sentence = "Nothing is listening on port 6379.";
  EXPECT_NE(json_of(view, false).find(R"("message":"Nothing is listening on port 6379.")"),
            std::string::npos);
}

// A monitor that was never checked has no "since" of 1970.
TEST(MonitorJson, PendingHasNoSince) {
  MonitorView view = redis();
  view.state.status = {};
  view.state.alert = {};
  view.next_run.reset();
  const std::string json = json_of(view, false);
  EXPECT_NE(json.find(R"("since":null)"), std::string::npos);
  EXPECT_NE(json.find(R"("incident":null)"), std::string::npos);
}

// ${env:...} is resolved by then: bytes we send may be a password, so only their number is told.
TEST(MonitorJson, DefinitionTellsNoSentBytes) {
  const std::string json = json_of(redis(), true);
  EXPECT_EQ(json.find("hunter2"), std::string::npos);
  EXPECT_NE(json.find(R"("request":[{"step":"send","bytes":14},)"
                      R"({"step":"expect","regex":false,"pattern":"+OK","refuse":[]}])"),
            std::string::npos)
      << json;
}

// What is awaited may be a secret as well; what is captured is named.
TEST(MonitorJson, DefinitionTellsNoAwaitedSecret) {
  MonitorView view = redis();
  Monitor monitor = *view.definition;
  monitor.secrets = {"hunter22"};
  monitor.request = {ExpectStep{"^(hunter22)", true, {"no hunter22"}}, SendStep{"x", {{0, "1"}}},
                     ExpectJsonStep{"$.token", "hunter22", {}}};
  monitor.assertions = {{AssertionSource::response_data, "", Comparison::not_contains, "hunter22"}};
  view.definition = std::make_shared<const Monitor>(monitor);
  const std::string json = json_of(view, true);
  EXPECT_EQ(json.find("hunter"), std::string::npos) << json;
  EXPECT_NE(json.find(R"({"step":"send","bytes":1,"captures":["1"]},)"
                      R"({"step":"expect","json":"$.token","is":"***","refuse":[]})"),
            std::string::npos)
      << json;
}

TEST(MonitorJson, TellsTheWayWithoutThePassword) {
  MonitorView view = redis();
  Monitor behind = *view.definition;
  behind.proxy = parse_proxy("socks5://probe:hunter2@proxy:1080").value();
  behind.source = IpAddress::parse("192.0.2.10");
  view.definition = std::make_shared<const Monitor>(behind);
  const std::string json = json_of(view, true);
  EXPECT_EQ(json.find("hunter2"), std::string::npos);
  EXPECT_NE(json.find(R"("source":"192.0.2.10","resolver":[],"proxy":)"
                      R"("socks5://probe:***@proxy:1080")"),
            std::string::npos)
      << json;
}

TEST(MonitorJson, TellsWhereTheNameLeads) {
  MonitorView view = redis();
  EXPECT_NE(json_of(view, true).find(R"("addresses":null)"), std::string::npos);
  AddressMemory memory{.told = {*IpAddress::parse("192.0.2.8")}, .since = SystemTime(1s)};
  memory.newest = AddressMove{.from = {*IpAddress::parse("192.0.2.7")}, .to = memory.told};
  view.state.addresses.memory = std::make_shared<const AddressMemory>(memory);
  EXPECT_NE(json_of(view, true)
                .find(R"("addresses":{"now":["192.0.2.8"],"since":"1970-01-01T00:00:01.000Z",)"
                      R"("moved":{"from":["192.0.2.7"],"to":["192.0.2.8"]}})"),
            std::string::npos);
  memory.seen = {*IpAddress::parse("192.0.2.9")};
  view.state.addresses.memory = std::make_shared<const AddressMemory>(memory);
  EXPECT_NE(json_of(view, true)
                .find(R"("addresses":{"now":["192.0.2.9"],"since":"1970-01-01T00:00:01.000Z",)"
                      R"("moved":{"from":["192.0.2.7"],"to":["192.0.2.8"]}})"),
            std::string::npos)
      << "a move that is not told yet";
}

// Of most passes the store keeps numbers alone; who the server is now stands with the monitor.
TEST(MonitorJson, TellsTheHandshakeOfTheNewestCheck) {
  MonitorView view = redis();
  view.last.reset();
  EXPECT_NE(json_of(view, true).find(R"("tls":null,"definition")"), std::string::npos);
  view.last.emplace().result.tls = TlsFacts{.version = "TLSv1.3", .subject = "CN=db"};
  EXPECT_NE(json_of(view, true).find(R"("subject":"CN=db")"), std::string::npos);
  EXPECT_EQ(json_of(view, false).find("CN=db"), std::string::npos) << "a list stays small";
}

TEST(IncidentJson, ShowsTimelineAndEveryTryOfADelivery) {
  Incident incident{
      .id = {"0190-incident"}, .monitor = {7}, .project = "shop", .monitor_id = "redis"};
  incident.timeline = {{.at = SystemTime(1s), .kind = TimelineKind::confirmed, .text = "Down."}};
  DeliveryLog log;
  log.delivery.key = "k";
  log.delivery.channel = "oncall";
  log.delivery.payload = "not shown";
  log.delivery.state = DeliveryState::delivered;
  log.attempts = {{.key = "k",
                   .number = 1,
                   .at = SystemTime(2s),
                   .took = 15ms,
                   .ok = true,
                   .result = "204 No Content"}};
  JsonWriter json;
  write_incident_detail(json, incident, {&log, 1});
  const std::string text = json.take();
  EXPECT_NE(
      text.find(
          R"("timeline":[{"at":"1970-01-01T00:00:01.000Z","kind":"confirmed","text":"Down."}])"),
      std::string::npos)
      << text;
  EXPECT_NE(
      text.find(
          R"("log":[{"number":1,"at":"1970-01-01T00:00:02.000Z","took_ms":15,"ok":true,"result":"204 No Content"}])"),
      std::string::npos);
  EXPECT_NE(text.find(R"("open":true)"), std::string::npos);
  EXPECT_EQ(text.find("not shown"), std::string::npos);
}

}  // namespace
}  // namespace tocsin
