#include "api/result_export.h"

#include "api/csv.h"
#include "api/result_json.h"

namespace tocsin {
namespace {

void write_row(CsvWriter& csv, const StoredResult& stored) {
  const ProbeResult& result = stored.attempt.result;
  const Evaluation& judged = stored.attempt.evaluation;
  csv.text(result_id_text(result.id)).time(result.id.slot).time(result.started);
  csv.text(location_name(result.id.location)).number(result.id.attempt);
  csv.text(stored.final_attempt ? "true" : "false").text(verdict_name(judged.verdict));
  if (judged.error) {
    csv.text(error_name(judged.error->code)).text(phase_name(judged.error->phase));
  } else {
    csv.skip().skip();
  }
  csv.us(result.response_time).us(result.phases.dns).us(result.phases.connect);
  csv.us(result.phases.tls).us(result.phases.data).us(result.kernel_rtt);
  csv.number(result.syn_retransmits).number(result.bytes_sent).number(result.bytes_received);
  if (result.remote && !result.remote->is_unix()) {
    csv.text(result.remote->ip.text());
  } else {
    csv.skip();
  }
  csv.text(judged.reason).end_row();
}

}  // namespace

std::string export_head(ListForm form) {
  if (form != ListForm::csv) {
    return {};
  }
  CsvWriter csv;
  csv.row({"id",
           "slot",
           "started_at",
           "location",
           "attempt",
           "final",
           "verdict",
           "error",
           "phase",
           "response_time_us",
           "dns_us",
           "connect_us",
           "tls_us",
           "data_us",
           "kernel_rtt_us",
           "syn_retransmits",
           "bytes_sent",
           "bytes_received",
           "resolved_ip",
           "reason"});
  return csv.take();
}

std::string export_rows(ListForm form, std::span<const StoredResult> rows) {
  if (form == ListForm::csv) {
    CsvWriter csv;
    for (const StoredResult& row : rows) {
      write_row(csv, row);
    }
    return csv.take();
  }
  std::string lines;
  for (const StoredResult& row : rows) {
    JsonWriter json;
    write_result(json, row);
    lines += json.take();
    lines += '\n';
  }
  return lines;
}

}  // namespace tocsin
