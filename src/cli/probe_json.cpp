#include "cli/probe_json.h"

#include <nlohmann/json.hpp>

#include "base/bytes.h"
#include "base/json.h"
#include "core/assert.h"
#include "core/causes.h"
#include "core/evidence_text.h"

namespace tocsin::cli {
namespace {

using Json = nlohmann::ordered_json;

Json microseconds(const std::optional<Duration>& time) {
  return time ? Json(time->count()) : Json();
}

Json address(const std::optional<SocketAddress>& at) { return at ? Json(at->text()) : Json(); }

Json proxy_json(const std::optional<ProxyFacts>& proxy) {
  return proxy ? Json{{"address", address(proxy->address)},
                      {"reached_us", microseconds(proxy->reached)},
                      {"through_us", microseconds(proxy->through)}}
               : Json();
}

Json failed_json(const ProbeResult& result) {
  Json rows = Json::array();
  for (const FailedAddress& failed : result.failed_addresses) {
    rows.push_back(Json{{"address", failed.address.text()},
                        {"error", error_name(failed.code)},
                        {"response_time_us", failed.response_time.count()}});
  }
  return rows;
}

Json lines_json(const std::vector<std::string>& lines) {
  Json rows = Json::array();
  for (const std::string& line : lines) {
    rows.push_back(to_valid_utf8(line));
  }
  return rows;
}

Json error_json(const Monitor& monitor, const Attempt& attempt, const Evidence* evidence) {
  const std::optional<ProbeError>& error = attempt.evaluation.error;
  if (!error) {
    return Json();
  }
  const ErrorInfo& info = error_info(error->code);
  return Json{{"code", info.name},
              {"phase", phase_name(error->phase)},
              {"message", to_valid_utf8(attempt.evaluation.reason)},
              {"detail", to_valid_utf8(error->detail)},
              {"hint", info.hint},
              {"causes", lines_json(likely_causes(*error, monitor, attempt.result, evidence))},
              {"try", lines_json(commands_to_try(*error, monitor, attempt.result))}};
}

Json time_json(SystemTime time) { return time == SystemTime() ? Json() : Json(rfc3339(time)); }

Json chain_json(const std::vector<Certificate>& chain) {
  Json rows = Json::array();
  for (const Certificate& each : chain) {
    rows.push_back(Json{{"subject", to_valid_utf8(each.subject)},
                        {"issuer", to_valid_utf8(each.issuer)},
                        {"key", each.key},
                        {"not_before", time_json(each.not_before)},
                        {"not_after", time_json(each.not_after)}});
  }
  return rows;
}

Json staple_json(const OcspStaple& staple) {
  return staple.says == OcspStaple::Says::none
             ? Json()
             : Json{{"says", staple_name(staple.says)},
                    {"this_update", time_json(staple.this_update)},
                    {"next_update", time_json(staple.next_update)},
                    {"revoked_at", time_json(staple.revoked_at)}};
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
              {"chain_length", tls->chain_length},
              {"resumed", tls->resumed},
              {"chain", chain_json(tls->chain)},
              {"staple", staple_json(tls->staple)}};
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

Json steps_json(const ProbeResult& result) {
  Json rows = Json::array();
  for (const StepTime& step : result.steps) {
    rows.push_back(Json{{"kind", step_kind_name(step.kind)},
                        {"at_us", step.at.count()},
                        {"took_us", step.took.count()},
                        {"failed", step.failed},
                        {"implied", step.implied}});
  }
  return rows;
}

Json icmp_json(const std::optional<IcmpNotice>& icmp) {
  return icmp ? Json{{"from", icmp->from.text()},
                     {"type", icmp->type},
                     {"code", icmp->code},
                     {"meaning", icmp_meaning_name(meaning_of(*icmp))}}
              : Json();
}

Json knock_json(const Knock& knock) {
  return Json{{"to", knock.to.text()},
              {"answer", knock_answer_name(knock.answer)},
              {"took_us", knock.took.count()},
              {"icmp", icmp_json(knock.icmp)},
              {"why", to_valid_utf8(knock.why)}};
}

Json second_try_json(const SecondTry& second) {
  return Json{
      {"verdict", verdict_name(second.verdict)},
      {"error", second.error ? Json(error_name(*second.error)) : Json()},
      {"sentence", to_valid_utf8(second.sentence)},
      {"took_us", second.took.count()},
      {"allowed_us", second.allowed == Duration(0) ? Json() : Json(second.allowed.count())}};
}

Json walk_json(const Walk& walk) {
  Json hops = Json::array();
  for (const Hop& hop : walk.hops) {
    hops.push_back(Json{
        {"number", hop.number}, {"took_us", hop.took.count()}, {"icmp", icmp_json(hop.notice)}});
  }
  return Json{{"to", walk.to.text()},
              {"tried", walk.tried},
              {"hops", std::move(hops)},
              {"reached", walk.reached ? Json(*walk.reached) : Json()},
              {"answer", knock_answer_name(walk.answer)}};
}

Json name_json(const NameNow& name) {
  Json addresses = Json::array();
  for (const IpAddress& ip : name.addresses) {
    addresses.push_back(ip.text());
  }
  return Json{{"addresses", std::move(addresses)},
              {"error", name.error ? Json(error_name(*name.error)) : Json()},
              {"cached", name.cached},
              {"stale", name.stale},
              {"last_good", name.last_good ? Json(name.last_good->text()) : Json()}};
}

Json evidence_json(const Evidence* evidence, const Evaluation& evaluation, const Target& target) {
  if (evidence == nullptr || !evaluation.error) {
    return Json();
  }
  Json others = Json::array();
  for (const Knock& knock : evidence->others) {
    others.push_back(knock_json(knock));
  }
  return Json{
      {"state", evidence_state_name(evidence->state)},
      {"summary", to_valid_utf8(evidence_summary(*evidence, *evaluation.error, target))},
      {"took_us", evidence->took.count()},
      {"second_try", evidence->second_try ? second_try_json(*evidence->second_try) : Json()},
      {"closed_port", evidence->closed_port ? knock_json(*evidence->closed_port) : Json()},
      {"others", std::move(others)},
      {"walk", evidence->walk ? walk_json(*evidence->walk) : Json()},
      {"name", evidence->name ? name_json(*evidence->name) : Json()}};
}

std::string line_of(const Json& json) { return dump_json(json) + "\n"; }

}  // namespace

std::string probe_json(const Monitor& monitor, const Attempt& attempt, const Evidence* evidence,
                       bool with_transcript) {
  const ProbeResult& result = attempt.result;
  Json json{{"schema_version", kJsonSchemaVersion},
            {"kind", "probe"},
            {"target", monitor.target.text()},
            {"started", rfc3339_us(result.started)},
            {"verdict", verdict_name(attempt.evaluation.verdict)},
            {"reason", to_valid_utf8(attempt.evaluation.reason)},
            {"error", error_json(monitor, attempt, evidence)},
            {"response_time_us", result.response_time.count()},
            {"phases",
             {{"dns_us", microseconds(result.phases.dns)},
              {"connect_us", microseconds(result.phases.connect)},
              {"tls_us", microseconds(result.phases.tls)},
              {"data_us", microseconds(result.phases.data)}}},
            {"remote_address", address(result.remote)},
            {"local_address", address(result.local)},
            {"proxy", proxy_json(result.proxy)},
            {"addresses_probed", result.addresses_probed},
            {"addresses_left_out", result.addresses_left_out},
            {"failed_addresses", failed_json(result)},
            {"kernel_rtt_us", microseconds(result.kernel_rtt)},
            {"syn_retransmits", result.syn_retransmits},
            {"bytes_sent", result.bytes_sent},
            {"bytes_received", result.bytes_received},
            {"received", escape_for_display(result.received)},
            {"received_truncated", result.received_truncated},
            {"steps", steps_json(result)},
            {"tls", tls_json(result.tls)},
            {"assertions", assertions_json(monitor, attempt.evaluation)}};
  if (with_transcript) {
    json["transcript"] = transcript_json(result);
    json["evidence"] = evidence_json(evidence, attempt.evaluation, monitor.target);
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
