#include "cli/probe_json.h"

#include <nlohmann/json.hpp>

#include "base/bytes.h"
#include "base/json.h"
#include "core/assert.h"

namespace tocsin::cli {
namespace {

using Json = nlohmann::ordered_json;

Json microseconds(const std::optional<Duration>& time) {
  return time ? Json(time->count()) : Json();
}

Json address(const std::optional<SocketAddress>& at) { return at ? Json(at->text()) : Json(); }

Json error_json(const Evaluation& evaluation) {
  if (!evaluation.error) {
    return Json();
  }
  const ErrorInfo& info = error_info(evaluation.error->code);
  return Json{{"code", info.name},
              {"phase", phase_name(evaluation.error->phase)},
              {"message", to_valid_utf8(evaluation.reason)},
              {"detail", to_valid_utf8(evaluation.error->detail)},
              {"hint", info.hint}};
}

Json tls_json(const std::optional<TlsFacts>& tls) {
  if (!tls) {
    return Json();
  }
  Json names = Json::array();
  for (const std::string& name : tls->names) {
    names.push_back(to_valid_utf8(name));
  }
  return Json{{"version", tls->version},
              {"cipher", tls->cipher},
              {"alpn", to_valid_utf8(tls->alpn)},
              {"subject", to_valid_utf8(tls->subject)},
              {"issuer", to_valid_utf8(tls->issuer)},
              {"names", names},
              {"not_before", rfc3339(tls->not_before)},
              {"not_after", rfc3339(tls->not_after)},
              {"chain_length", tls->chain_length}};
}

Json assertions_json(const Monitor& monitor, const Evaluation& evaluation) {
  Json rows = Json::array();
  for (const AssertionResult& result : evaluation.assertions) {
    const std::string text = result.index < monitor.assertions.size()
                                 ? assertion_text(monitor.assertions[result.index])
                                 : "";
    rows.push_back(Json{{"assertion", to_valid_utf8(text)},
                        {"passed", result.passed},
                        {"actual", to_valid_utf8(result.actual)},
                        {"reason", to_valid_utf8(result.reason)}});
  }
  return rows;
}

Json transcript_json(const ProbeResult& result) {
  Json rows = Json::array();
  for (const TranscriptEntry& entry : result.transcript) {
    const char* kind = entry.kind == TranscriptEntry::Kind::sent       ? "sent"
                       : entry.kind == TranscriptEntry::Kind::received ? "received"
                                                                       : "note";
    rows.push_back(Json{
        {"at_us", entry.at.count()}, {"kind", kind}, {"text", escape_for_display(entry.bytes)}});
  }
  return rows;
}

std::string line_of(const Json& json) { return dump_json(json) + "\n"; }

}  // namespace

std::string probe_json(const Monitor& monitor, const Attempt& attempt, bool with_transcript) {
  const ProbeResult& result = attempt.result;
  Json json{{"schema_version", kJsonSchemaVersion},
            {"kind", "probe"},
            {"target", monitor.target.text()},
            {"started", rfc3339_us(result.started)},
            {"verdict", verdict_name(attempt.evaluation.verdict)},
            {"reason", to_valid_utf8(attempt.evaluation.reason)},
            {"error", error_json(attempt.evaluation)},
            {"response_time_us", result.response_time.count()},
            {"phases",
             {{"dns_us", microseconds(result.phases.dns)},
              {"connect_us", microseconds(result.phases.connect)},
              {"tls_us", microseconds(result.phases.tls)},
              {"data_us", microseconds(result.phases.data)}}},
            {"remote_address", address(result.remote)},
            {"local_address", address(result.local)},
            {"kernel_rtt_us", microseconds(result.kernel_rtt)},
            {"syn_retransmits", result.syn_retransmits},
            {"bytes_sent", result.bytes_sent},
            {"bytes_received", result.bytes_received},
            {"received", escape_for_display(result.received)},
            {"received_truncated", result.received_truncated},
            {"tls", tls_json(result.tls)},
            {"assertions", assertions_json(monitor, attempt.evaluation)}};
  if (with_transcript) {
    json["transcript"] = transcript_json(result);
  }
  return line_of(json);
}

std::string statistics_json(const Monitor& monitor, const ProbeStatistics& statistics) {
  Json json{{"schema_version", kJsonSchemaVersion}, {"kind", "statistics"},
            {"target", monitor.target.text()},      {"probes", statistics.probes},
            {"passed", statistics.passed},          {"degraded", statistics.degraded},
            {"failed", statistics.failed},          {"unknown", statistics.unknown},
            {"errors", statistics.errors}};
  const auto times = statistics.times();
  json["response_time"] = times ? Json{{"min_us", times->min.count()},
                                       {"p50_us", times->p50.count()},
                                       {"p95_us", times->p95.count()},
                                       {"p99_us", times->p99.count()},
                                       {"max_us", times->max.count()}}
                                : Json();
  return line_of(json);
}

}  // namespace tocsin::cli
