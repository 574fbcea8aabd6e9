#include "api/result_detail_json.h"

#include <gtest/gtest.h>

#include "api/result_json.h"

namespace tocsin {
namespace {

ResultDetail silent() {
  ResultDetail detail;
  detail.stored.has_details = true;
  ProbeResult& result = detail.stored.attempt.result;
  result.id = {.monitor = {7}, .slot = SystemTime(1'000'000'000s), .attempt = 1};
  result.started = result.id.slot;
  result.response_time = 5s;
  result.phases = {.connect = 20us, .data = 5s};
  result.remote = SocketAddress{.ip = IpAddress::parse("192.0.2.7").value(), .port = 6379};
  result.bytes_sent = 6;
  result.sent = "AUTH\r\n";
  result.received = "\x1b[31m";
  result.bytes_received = 5;
  result.steps = {{.kind = StepTime::Kind::send, .at = 30us, .took = 4us},
                  {.kind = StepTime::Kind::expect, .at = 34us, .took = 56us, .failed = true}};
  result.transcript = {{.kind = TranscriptEntry::Kind::sent, .at = 30us, .bytes = "AUTH\r\n"},
                       {.kind = TranscriptEntry::Kind::received, .at = 90us, .bytes = "\x1b[31m"}};
  detail.stored.attempt.evaluation = {.verdict = Verdict::failed,
                                      .error = ProbeError{ErrorCode::timeout, Phase::data, ""},
                                      .reason = "No \"+OK\" came within 5 s."};
  detail.around.previous = ResultId{.monitor = {7}, .slot = SystemTime(999'999'990s)};
  detail.usual = {.response_time = 300us, .phases = {.connect = 25us, .data = 270us}};
  return detail;
}

Monitor redis(std::string project) {
  Monitor monitor;
  monitor.project = std::move(project);
  monitor.target = Target::parse("db.example.com:6379").value();
  monitor.degraded_after = 50ms;
  monitor.timeout = 5s;
  monitor.request = {SendStep{"AUTH\r\n"}, ExpectStep{.pattern = "+OK"}};
  return monitor;
}

std::string row_of(const StoredResult& stored) {
  JsonWriter json;
  json.begin_object();
  write_result_fields(json, stored);
  json.end_object();
  std::string text = json.take();
  text.pop_back();
  return text;
}

void expect_no_sent_bytes(const std::string& body) {
  EXPECT_EQ(body.find("AUTH"), std::string::npos) << body;
  EXPECT_EQ(body.find("QVVUSA0K"), std::string::npos);
  EXPECT_NE(body.find(R"("sent":{"bytes":6,"hidden":true,"text":null,"base64":null})"),
            std::string::npos);
  EXPECT_NE(body.find(R"({"at_us":30,"kind":"sent","bytes":6,"text":null,"base64":null})"),
            std::string::npos);
  EXPECT_NE(body.find("# without what the monitor says, which is not shown: it may pass"),
            std::string::npos);
  EXPECT_NE(body.find("G1szMW0="), std::string::npos) << "what came back is shown";
}

// The whole body behind the row of the list: names, order and units are API.
TEST(ResultDetail, IsTheRowAndAllThatIsKept) {
  const ResultDetail detail = silent();
  const std::string body = result_detail_body(detail, redis("ui"), SentBytes::show);
  const std::string row = row_of(detail.stored);
  ASSERT_TRUE(body.starts_with(row)) << body;
  EXPECT_EQ(
      body.substr(row.size()),
      R"(,"assertions":[],"received":{"bytes":5,"truncated":false,"peer_closed":false,)"
      R"("text":"\\x1B[31m","base64":"G1szMW0="},"tls":null,)"
      R"("sentence":"No \"+OK\" came within 5 s.",)"
      R"("explanation":{"what":"No \"+OK\" came within 5 s.","causes":[)"
      R"("The service answers otherwise than the monitor expects.",)"
      R"("The service stopped half-way: overloaded, or waiting for something behind it.",)"
      R"("The timeout is shorter than the service needs."],)"
      R"("try":["tocsin probe db.example.com:6379 -vv --timeout 5s --send 'AUTH\\r\\n' --expect +OK","nc -zv -4 db.example.com 6379"],)"
      R"("docs":"errors#timeout"},"evidence":null,"remote":"192.0.2.7:6379","local":null,"dns_cached":false,)"
      R"("stale_dns":false,"proxy":null,"moved":null,"addresses_probed":0,"addresses_left_out":0,)"
      R"("failed_addresses":[],"sent":{"bytes":6,"hidden":false,"text":"AUTH\\r\\n",)"
      R"("base64":"QVVUSA0K"},"transcript":[{"at_us":30,"kind":"sent","bytes":6,)"
      R"("text":"AUTH\\r\\n","base64":"QVVUSA0K"},{"at_us":90,"kind":"received","bytes":5,)"
      R"("text":"\\x1B[31m","base64":"G1szMW0="}],)"
      R"("steps":[{"kind":"send","at_us":30,"took_us":4,"failed":false,"implied":false},)"
      R"({"kind":"expect","at_us":34,"took_us":56,"failed":true,"implied":false}],)"
      R"("limits":{"degraded_after_us":50000,)"
      R"("fail_after_us":null,"timeout_us":5000000},"medians":{"dns_us":null,"connect_us":25,)"
      R"("tls_us":null,"data_us":270,"response_time_us":300},)"
      R"("previous_id":")" +
          result_id_text(*detail.around.previous) + R"(","next_id":null,"last_good_id":null})");
}

// What is sent may be a password, in either form, whoever wrote it down; a file's references are
// masked before anything is kept.
TEST(ResultDetail, WhatIsSentIsForThoseWhoMayChangeIt) {
  for (const std::string project : {"shop", "ui"}) {
    const std::string body = result_detail_body(silent(), redis(project), SentBytes::hide);
    expect_no_sent_bytes(body);
    EXPECT_EQ(result_detail_body(silent(), redis(project), SentBytes::show),
              result_detail_body(silent(), redis("ui"), SentBytes::show));
  }
}

// A pass keeps its numbers: bytes that were not kept are null, not empty.
TEST(ResultDetail, PassWithoutDetailsSaysThatNothingWasKept) {
  ResultDetail detail = silent();
  detail.stored.has_details = false;
  detail.usual = {};
  detail.stored.attempt.result.received.clear();
  detail.stored.attempt.evaluation = {.verdict = Verdict::passed, .error = {}, .reason = ""};
  detail.stored.attempt.result.response_time = 312us;
  const std::string body = result_detail_body(detail, redis("ui"), SentBytes::show);
  EXPECT_NE(body.find(R"("received":{"bytes":5,"truncated":false,"peer_closed":false,)"
                      R"("text":null,"base64":null})"),
            std::string::npos)
      << body;
  EXPECT_NE(body.find(R"("sentence":"The check passed in 312 µs.","explanation":null)"),
            std::string::npos);
  EXPECT_NE(body.find(R"("medians":null)"), std::string::npos);
}

}  // namespace
}  // namespace tocsin
