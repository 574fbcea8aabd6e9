#include "api/result_json.h"

#include <fmt/format.h>

#include "api/paging.h"
#include "api/way_json.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "core/assert.h"
#include "core/evaluate.h"

namespace tocsin {
namespace {

// Of one stored result in a list; a probe answer shows all.
constexpr size_t kReceivedShownBytes = 4_KiB;

void write_verdict(JsonWriter& json, const Attempt& attempt) {
  const Evaluation& judged = attempt.evaluation;
  json.field("verdict", verdict_name(judged.verdict));
  json.field("status", result_status(judged.verdict));
  json.field("reason", judged.reason);
}

void write_times(JsonWriter& json, const ProbeResult& result) {
  json.us_field("response_time_us", result.response_time);
  write_phases(json, result.phases);
  json.us_field("kernel_rtt_us", result.kernel_rtt);
  json.count_field("syn_retransmits", result.syn_retransmits);
  json.us_field("scheduling_delay_us", result.scheduling_delay);
}

void write_error_fields(JsonWriter& json, const std::optional<ProbeError>& error,
                        std::string_view sentence) {
  json.key("error");
  if (!error) {
    json.null();
    json.null_field("error_status");
    return;
  }
  write_error(json, *error, sentence);
  // Trouble of our own side has no such name.
  const std::string_view status = error_info(error->code).tracker_status;
  if (status.empty()) {
    json.null_field("error_status");
  } else {
    json.field("error_status", status);
  }
}

void write_remote(JsonWriter& json, const ProbeResult& result) {
  json.key("resolved_ip");
  if (result.remote && !result.remote->is_unix()) {
    json.text(result.remote->ip.text());
  } else {
    json.null();
  }
}

void write_received(JsonWriter& json, const ProbeResult& result, size_t shown, bool with_base64) {
  json.key("received").begin_object();
  json.count_field("bytes", result.bytes_received);
  json.field("truncated", result.received_truncated);
  json.field("peer_closed", result.peer_closed);
  json.field("text", escape_for_display(result.received, shown));
  if (with_base64) {
    json.field("base64", to_base64(result.received));
  }
  json.end_object();
}

void write_transcript(JsonWriter& json, const ProbeResult& result) {
  json.key("transcript").begin_list();
  for (const TranscriptEntry& entry : result.transcript) {
    json.begin_object();
    json.us_field("at_us", entry.at).field("kind", transcript_kind_name(entry.kind));
    json.field("text", escape_for_display(entry.bytes)).end_object();
  }
  json.end_list();
}

}  // namespace

std::string location_name(uint16_t location) {
  return location == 0 ? "local" : fmt::format("location-{}", location);
}

std::optional<uint16_t> location_from_name(std::string_view name) {
  constexpr std::string_view kPrefix = "location-";
  if (name == "local") {
    return 0;
  }
  const auto number =
      name.starts_with(kPrefix) ? whole_number(name.substr(kPrefix.size())) : std::nullopt;
  if (!number || *number == 0 || *number > UINT16_MAX ||
      location_name(static_cast<uint16_t>(*number)) != name) {
    return std::nullopt;
  }
  return static_cast<uint16_t>(*number);
}

void write_phases(JsonWriter& json, const Phases& phases) {
  json.us_field("dns_us", phases.dns).us_field("connect_us", phases.connect);
  json.us_field("tls_us", phases.tls).us_field("data_us", phases.data);
}

// `monitor` gives each result the text of its assertion; without it (a stored result, whose monitor
// may have changed) the index stands.
void write_assertions(JsonWriter& json, const std::vector<AssertionResult>& results,
                      const Monitor* monitor) {
  json.key("assertions").begin_list();
  for (const AssertionResult& result : results) {
    json.begin_object();
    json.count_field("index", result.index);
    if (monitor != nullptr && result.index < monitor->assertions.size()) {
      json.field("assertion", assertion_text(monitor->assertions[result.index]));
    }
    json.field("passed", result.passed).field("actual", result.actual);
    json.field("reason", result.reason).end_object();
  }
  json.end_list();
}

void write_steps(JsonWriter& json, const std::vector<StepTime>& steps) {
  json.key("steps").begin_list();
  for (const StepTime& step : steps) {
    json.begin_object();
    json.field("kind", step_kind_name(step.kind));
    json.us_field("at_us", step.at).us_field("took_us", step.took);
    json.field("failed", step.failed).field("implied", step.implied).end_object();
  }
  json.end_list();
}

void write_chain(JsonWriter& json, const std::vector<Certificate>& chain) {
  json.key("chain").begin_list();
  for (const Certificate& each : chain) {
    json.begin_object();
    json.field("subject", each.subject).field("issuer", each.issuer).field("key", each.key);
    json.field("not_before", each.not_before).field("not_after", each.not_after);
    json.end_object();
  }
  json.end_list();
}

void write_staple(JsonWriter& json, const OcspStaple& staple) {
  json.key("staple");
  if (staple.says == OcspStaple::Says::none) {
    json.null();
    return;
  }
  json.begin_object();
  const auto told = [](SystemTime time) {
    return time == SystemTime() ? std::nullopt : std::optional(time);
  };
  json.field("says", staple_name(staple.says)).field("this_update", told(staple.this_update));
  json.field("next_update", told(staple.next_update)).field("revoked_at", told(staple.revoked_at));
  json.end_object();
}

void write_tls(JsonWriter& json, const std::optional<TlsFacts>& tls) {
  json.key("tls");
  if (!tls) {
    json.null();
    return;
  }
  json.begin_object();
  json.field("version", tls->version).field("cipher", tls->cipher).field("alpn", tls->alpn);
  json.field("subject", tls->subject).field("issuer", tls->issuer);
  json.text_list_field("names", tls->names);
  json.field("not_before", tls->not_before).field("not_after", tls->not_after);
  json.number_field("chain_length", tls->chain_length).field("resumed", tls->resumed);
  write_chain(json, tls->chain);
  write_staple(json, tls->staple);
  json.end_object();
}

std::string_view result_status(Verdict verdict) {
  switch (verdict) {
    case Verdict::passed:
    case Verdict::degraded:
      return "success";
    case Verdict::failed:
      return "error";
    case Verdict::unknown:
      return "unknown";
  }
  return "unknown";
}

void write_error(JsonWriter& json, const ProbeError& error, std::string_view sentence) {
  const ErrorInfo& info = error_info(error.code);
  const std::string message = sentence.empty() ? error_text(error) : std::string(sentence);
  json.begin_object();
  json.field("code", info.name).field("phase", phase_name(error.phase));
  json.field("message", message).field("hint", info.hint);
  json.end_object();
}

void write_result_fields(JsonWriter& json, const StoredResult& stored) {
  const ProbeResult& result = stored.attempt.result;
  json.field("id", result_id_text(result.id));
  json.field("slot", result.id.slot).field("started_at", result.started);
  json.field("location", location_name(result.id.location));
  json.count_field("attempt", result.id.attempt).field("final", stored.final_attempt);
  write_verdict(json, stored.attempt);
  write_times(json, result);
  write_remote(json, result);
  write_error_fields(json, stored.attempt.evaluation.error, stored.attempt.evaluation.reason);
  json.field("has_details", stored.has_details);
}

void write_result(JsonWriter& json, const StoredResult& stored) {
  const ProbeResult& result = stored.attempt.result;
  json.begin_object();
  write_result_fields(json, stored);
  if (stored.has_details) {
    write_assertions(json, stored.attempt.evaluation.assertions, nullptr);
    write_received(json, result, kReceivedShownBytes, false);
    write_tls(json, result.tls);
  }
  if (result.moved) {
    write_move(json, result.moved);
  }
  json.end_object();
}

void write_probe_answer(JsonWriter& json, const Monitor& monitor, const Attempt& attempt) {
  const ProbeResult& result = attempt.result;
  const auto& error = attempt.evaluation.error;
  json.begin_object();
  json.field("target", monitor.target.text()).field("started_at", result.started);
  write_verdict(json, attempt);
  write_times(json, result);
  write_remote(json, result);
  json.field("remote", result.remote ? result.remote->text() : std::string());
  json.field("dns_cached", result.dns_cached).field("stale_dns", result.stale_dns);
  write_way(json, result);
  write_error_fields(json, error, error ? explain_error(*error, monitor, result) : std::string());
  write_assertions(json, attempt.evaluation.assertions, &monitor);
  json.count_field("bytes_sent", result.bytes_sent);
  write_received(json, result, SIZE_MAX, true);
  write_tls(json, result.tls);
  write_transcript(json, result);
  write_steps(json, result.steps);
  json.end_object();
}

}  // namespace tocsin
