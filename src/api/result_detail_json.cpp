#include "api/result_detail_json.h"

#include <fmt/format.h>

#include "api/evidence_json.h"
#include "api/result_json.h"
#include "api/stats_json.h"
#include "api/way_json.h"
#include "base/bytes.h"
#include "core/causes.h"
#include "core/evaluate.h"

namespace tocsin {
namespace {

// Bytes in both forms; null when they are not there to show.
void write_bytes(JsonWriter& json, std::string_view bytes, bool is_shown) {
  if (is_shown) {
    json.field("text", escape_for_display(bytes)).field("base64", to_base64(bytes));
  } else {
    json.null_field("text").null_field("base64");
  }
}

void write_sent(JsonWriter& json, const StoredResult& stored, bool is_hidden) {
  const ProbeResult& result = stored.attempt.result;
  json.key("sent").begin_object();
  json.count_field("bytes", result.bytes_sent).field("hidden", is_hidden);
  write_bytes(json, result.sent, stored.has_details && !is_hidden);
  json.end_object();
}

void write_received(JsonWriter& json, const StoredResult& stored) {
  const ProbeResult& result = stored.attempt.result;
  json.key("received").begin_object();
  json.count_field("bytes", result.bytes_received).field("truncated", result.received_truncated);
  json.field("peer_closed", result.peer_closed);
  write_bytes(json, result.received, stored.has_details);
  json.end_object();
}

void write_transcript(JsonWriter& json, const ProbeResult& result, bool is_hidden) {
  json.key("transcript").begin_list();
  for (const TranscriptEntry& entry : result.transcript) {
    const bool is_sent = entry.kind == TranscriptEntry::Kind::sent;
    json.begin_object();
    json.us_field("at_us", entry.at).field("kind", transcript_kind_name(entry.kind));
    json.count_field("bytes", entry.bytes.size());
    write_bytes(json, entry.bytes, !(is_sent && is_hidden));
    json.end_object();
  }
  json.end_list();
}

void write_end(JsonWriter& json, std::string_view name, const std::optional<SocketAddress>& end) {
  json.key(name);
  if (end) {
    json.text(end->text());
  } else {
    json.null();
  }
}

// One line for a person. What an older version stored has none of its own.
std::string sentence_of(const Attempt& attempt) {
  if (!attempt.evaluation.reason.empty()) {
    return attempt.evaluation.reason;
  }
  if (attempt.evaluation.error) {
    return error_text(*attempt.evaluation.error);
  }
  return fmt::format("The check {} in {}.",
                     attempt.evaluation.verdict == Verdict::passed ? "passed" : "ended",
                     human_duration(attempt.result.response_time));
}

void write_explanation(JsonWriter& json, const Attempt& attempt, const Monitor& monitor,
                       const std::optional<Evidence>& evidence, SendsShown shown) {
  json.key("explanation");
  const auto& error = attempt.evaluation.error;
  if (!error) {
    json.null();
    return;
  }
  json.begin_object();
  json.field("what", sentence_of(attempt));
  json.text_list_field(
      "causes", likely_causes(*error, monitor, attempt.result, evidence ? &*evidence : nullptr));
  json.text_list_field("try", commands_to_try(*error, monitor, attempt.result, shown));
  json.field("docs", fmt::format("errors#{}", error_name(error->code))).end_object();
}

void write_id(JsonWriter& json, std::string_view name, const std::optional<ResultId>& id) {
  json.key(name);
  if (id) {
    json.text(result_id_text(*id));
  } else {
    json.null();
  }
}

}  // namespace

std::string result_detail_body(const ResultDetail& detail, const Monitor& monitor, SentBytes sent) {
  const StoredResult& stored = detail.stored;
  const ProbeResult& result = stored.attempt.result;
  const bool is_hidden = sent == SentBytes::hide;
  JsonWriter json;
  json.begin_object();
  write_result_fields(json, stored);
  write_assertions(json, stored.attempt.evaluation.assertions, nullptr);
  write_received(json, stored);
  write_tls(json, result.tls);
  json.field("sentence", sentence_of(stored.attempt));
  write_explanation(json, stored.attempt, monitor, stored.evidence,
                    is_hidden ? SendsShown::no : SendsShown::yes);
  json.key("evidence");
  write_evidence(json, stored.evidence, stored.attempt.evaluation.error, monitor.target);
  write_end(json, "remote", result.remote);
  write_end(json, "local", result.local);
  json.field("dns_cached", result.dns_cached).field("stale_dns", result.stale_dns);
  write_way(json, result);
  write_sent(json, stored, is_hidden);
  write_transcript(json, result, is_hidden);
  write_steps(json, result.steps);
  json.key("limits").begin_object().us_field("degraded_after_us", monitor.degraded_after);
  json.us_field("fail_after_us", monitor.fail_after).us_field("timeout_us", monitor.timeout);
  json.end_object().key("medians");
  if (detail.usual.response_time) {
    json.begin_object();
    write_medians(json, detail.usual);
    json.end_object();
  } else {
    json.null();
  }
  write_id(json, "previous_id", detail.around.previous);
  write_id(json, "next_id", detail.around.next);
  write_id(json, "last_good_id", detail.around.last_good);
  json.end_object();
  return json.take();
}

}  // namespace tocsin
