#include "api/result_json.h"

#include <gtest/gtest.h>

#include "core/assert.h"

namespace tocsin {
namespace {

StoredResult refused() {
  StoredResult stored;
  ProbeResult& result = stored.attempt.result;
  result.id = {.monitor = {7},
               .location = 0,
               .clock_epoch = 0,
               .slot = SystemTime(1'000'000'000s),
               .attempt = 2};
  result.started = SystemTime(1'000'000'000s + 1500us);
  result.scheduling_delay = 1500us;
  result.response_time = 3021us;
  result.phases.connect = 3021us;
  result.remote = SocketAddress{.ip = IpAddress::parse("192.0.2.7").value(), .port = 6379};
  stored.attempt.evaluation = {.verdict = Verdict::failed,
                               .error = ProbeError{ErrorCode::tcp_refused, Phase::connect, ""},
                               .reason = "Nothing is listening on port 6379."};
  return stored;
}

std::string json_of(const StoredResult& stored) {
  JsonWriter json;
  write_result(json, stored);
  return json.take();
}

// The whole row: names, order and units are API. A phase that did not happen is null, not 0.
TEST(ResultJson, IsOneRowOfTheList) {
  const std::string hint(error_info(ErrorCode::tcp_refused).hint);
  JsonWriter quoted;
  quoted.text(hint);
  EXPECT_EQ(json_of(refused()),
            R"({"id":")" + result_id_text(refused().attempt.result.id) +
                R"(","slot":"2001-09-09T01:46:40.000Z","started_at":"2001-09-09T01:46:40.001Z",)"
                R"("location":"local","attempt":2,"final":true,"verdict":"failed",)"
                R"("status":"error","reason":"Nothing is listening on port 6379.",)"
                R"("response_time_us":3021,"dns_us":null,"connect_us":3021,"tls_us":null,)"
                R"("data_us":null,"kernel_rtt_us":null,"syn_retransmits":0,)"
                R"("scheduling_delay_us":1500,"resolved_ip":"192.0.2.7",)"
                R"("error":{"code":"tcp_refused","phase":"connect",)"
                R"("message":"Nothing is listening on port 6379.","hint":)" +
                quoted.take() + R"(},"error_status":"tcp_refused","has_details":false})");
}

// What readers of the live feed wait for: a move is in the row, and only then.
TEST(ResultJson, AMoveIsInTheRow) {
  StoredResult stored = refused();
  EXPECT_EQ(json_of(stored).find("moved"), std::string::npos);
  stored.attempt.result.moved = AddressMove{.from = {*IpAddress::parse("192.0.2.7")},
                                            .to = {*IpAddress::parse("2001:db8::7")}};
  EXPECT_NE(json_of(stored).find(R"("moved":{"from":["192.0.2.7"],"to":["2001:db8::7"]}})"),
            std::string::npos);
}

TEST(ProbeAnswer, TellsTheWay) {
  Monitor monitor;
  monitor.target = Target::parse("db:6379").value();
  Attempt attempt = refused().attempt;
  attempt.result.proxy = ProxyFacts{.address = attempt.result.remote, .reached = 2ms};
  attempt.result.addresses_probed = 3;
  attempt.result.addresses_left_out = 1;
  attempt.result.failed_addresses = {
      {.address = *attempt.result.remote, .code = ErrorCode::tcp_refused, .response_time = 412us}};
  JsonWriter json;
  write_probe_answer(json, monitor, attempt);
  EXPECT_NE(json.take().find(
                R"("proxy":{"address":"192.0.2.7:6379","reached_us":2000,"through_us":null},)"
                R"("moved":null,"addresses_probed":3,"addresses_left_out":1,)"
                R"("failed_addresses":[{"address":)"
                R"("192.0.2.7:6379","error":"tcp_refused","response_time_us":412}])"),
            std::string::npos);
}

// Trouble of our own side has no name in that table: null as everywhere, not an empty text.
TEST(ResultJson, OurOwnTroubleHasNoErrorStatus) {
  StoredResult stored = refused();
  stored.attempt.evaluation.error = ProbeError{ErrorCode::reach_denied, Phase::connect, ""};
  EXPECT_NE(json_of(stored).find(R"("error_status":null)"), std::string::npos);
}

// The two words of seed 001, and a third where we could not know.
TEST(ResultJson, StatusWords) {
  EXPECT_EQ(result_status(Verdict::passed), "success");
  EXPECT_EQ(result_status(Verdict::degraded), "success");
  EXPECT_EQ(result_status(Verdict::failed), "error");
  EXPECT_EQ(result_status(Verdict::unknown), "unknown");
}

// A target controls every byte we read: they are shown escaped.
TEST(ResultJson, ReceivedBytesAreEscaped) {
  StoredResult stored = refused();
  stored.has_details = true;
  stored.attempt.result.received = "+PONG\r\n\x1b[31m\xff";
  stored.attempt.result.bytes_received = 13;
  stored.attempt.evaluation.assertions = {
      {.index = 0, .passed = false, .actual = "+PONG", .reason = "It does not contain \"-ERR\"."}};
  const std::string json = json_of(stored);
  EXPECT_NE(json.find(R"("text":"+PONG\\r\\n\\x1B[31m\\xFF")"), std::string::npos) << json;
  EXPECT_NE(json.find(R"("assertions":[{"index":0,"passed":false,"actual":"+PONG",)"),
            std::string::npos);
}

// A stored result's request may hold a password: what we sent is not shown again.
TEST(ResultJson, SentBytesOfStoredResultsAreNotShown) {
  StoredResult stored = refused();
  stored.has_details = true;
  stored.attempt.result.sent = "AUTH hunter2\r\n";
  stored.attempt.result.transcript = {
      {.kind = TranscriptEntry::Kind::sent, .at = 0us, .bytes = "AUTH hunter2\r\n"}};
  EXPECT_EQ(json_of(stored).find("hunter2"), std::string::npos);
}

// The caller's own probe shows everything, the text of each assertion included.
TEST(ProbeAnswer, ShowsTranscriptAndAssertions) {
  Monitor monitor;
  monitor.target = Target::parse("192.0.2.7:6379").value();
  monitor.assertions = {parse_assertion("response_data contains \"PONG\"").value()};
  Attempt attempt = refused().attempt;
  attempt.evaluation.verdict = Verdict::passed;
  attempt.evaluation.error.reset();
  attempt.evaluation.assertions = {{.index = 0, .passed = true, .actual = "+PONG"}};
  attempt.result.received = "+PONG\r\n";
  attempt.result.transcript = {
      {.kind = TranscriptEntry::Kind::sent, .at = 10us, .bytes = "PING\r\n"}};
  JsonWriter json;
  write_probe_answer(json, monitor, attempt);
  const std::string text = json.take();
  EXPECT_NE(text.find(R"("assertion":"response_data contains \"PONG\"","passed":true)"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find(R"("base64":"K1BPTkcNCg==")"), std::string::npos);
  EXPECT_NE(text.find(R"("transcript":[{"at_us":10,"kind":"sent","text":"PING\\r\\n"}])"),
            std::string::npos);
  EXPECT_NE(text.find(R"("error":null,"error_status":null)"), std::string::npos);
}

}  // namespace
}  // namespace tocsin
