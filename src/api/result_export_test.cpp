#include "api/result_export.h"

#include <gtest/gtest.h>

#include "api/csv.h"
#include "api/result_json.h"

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
  result.response_time = 3021us;
  result.phases.connect = 3021us;
  result.remote = SocketAddress{.ip = IpAddress::parse("192.0.2.7").value(), .port = 6379};
  stored.attempt.evaluation = {.verdict = Verdict::failed,
                               .error = ProbeError{ErrorCode::tcp_refused, Phase::connect, ""},
                               .reason = "It said \"no\", twice."};
  return stored;
}

std::string cell(std::string_view value) {
  CsvWriter csv;
  csv.text(value);
  return csv.take();
}

// What a target answered stands in these cells, and spreadsheets run formulas.
TEST(Csv, CellsThatLookLikeFormulasAreDefused) {
  EXPECT_EQ(cell("=1+1"), "'=1+1");
  EXPECT_EQ(cell("+49"), "'+49");
  EXPECT_EQ(cell("-1"), "'-1");
  EXPECT_EQ(cell("@sum"), "'@sum");
  EXPECT_EQ(cell("\t=1"), "'\t=1");
  EXPECT_EQ(cell("a=1"), "a=1");
  EXPECT_EQ(cell("=cmd|'/c calc',\"x\""), "\"'=cmd|'/c calc',\"\"x\"\"\"");
}

TEST(Csv, QuotesWhatWouldEndACell) {
  EXPECT_EQ(cell("plain"), "plain");
  EXPECT_EQ(cell("a,b"), "\"a,b\"");
  EXPECT_EQ(cell("line\r\nend"), "\"line\r\nend\"");
  EXPECT_EQ(cell("\xff"), "\xEF\xBF\xBD");
}

// The whole file: names and order of columns are API; a phase that did not happen is empty, not 0.
TEST(ResultExport, CsvIsOneRowAResult) {
  const StoredResult row = refused();
  EXPECT_EQ(export_head(ListForm::csv),
            "id,slot,started_at,location,attempt,final,verdict,error,phase,response_time_us,dns_us,"
            "connect_us,tls_us,data_us,kernel_rtt_us,syn_retransmits,bytes_sent,bytes_received,"
            "resolved_ip,reason\r\n");
  EXPECT_EQ(export_rows(ListForm::csv, {&row, 1}),
            result_id_text(row.attempt.result.id) +
                ",2001-09-09T01:46:40.000Z,2001-09-09T01:46:40.001Z,local,2,true,failed,"
                "tcp_refused,connect,3021,,3021,,,,0,0,0,192.0.2.7,"
                "\"It said \"\"no\"\", twice.\"\r\n");
}

// A line is the very row of the list.
TEST(ResultExport, NdjsonIsOneObjectALine) {
  const std::vector<StoredResult> rows = {refused(), refused()};
  JsonWriter json;
  write_result(json, rows[0]);
  const std::string line = json.take() + "\n";
  EXPECT_EQ(export_head(ListForm::ndjson), "");
  EXPECT_EQ(export_rows(ListForm::ndjson, rows), line + line);
}

}  // namespace
}  // namespace tocsin
