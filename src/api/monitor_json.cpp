#include "api/monitor_json.h"

#include <fmt/format.h>

#include "api/result_json.h"
#include "base/bytes.h"
#include "core/assert.h"

namespace tocsin {
namespace {

int64_t milliseconds(Duration value) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(value).count();
}
double seconds(Duration value) { return std::chrono::duration<double>(value).count(); }

void write_step(JsonWriter& json, const Step& step) {
  json.begin_object();
  if (const auto* send = std::get_if<SendStep>(&step)) {
    json.field("step", "send").count_field("bytes", send->bytes.size());
  } else if (const auto* expect = std::get_if<ExpectStep>(&step)) {
    json.field("step", "expect").field("regex", expect->is_regex);
    json.field("pattern", escape_for_display(expect->pattern));
    json.key("refuse").begin_list();
    for (const std::string& pattern : expect->refuse) {
      json.text(escape_for_display(pattern));
    }
    json.end_list();
  } else {
    json.field("step", "starttls");
  }
  json.end_object();
}

void write_tls_options(JsonWriter& json, const TlsOptions& tls) {
  json.key("tls").begin_object();
  json.field("mode", tls_mode_name(tls.mode)).field("protocol", tls.protocol);
  json.field("server_name", tls.server_name).field("verify", tls.verify);
  json.text_list_field("alpn", tls.alpn).field("min_version", tls.min_version);
  json.field("client_certificate", !tls.certificate_file.empty());
  json.field("own_ca", !tls.ca_file.empty()).end_object();
}

void write_retry(JsonWriter& json, const RetryPolicy& retry) {
  json.key("retry").begin_object();
  json.field("strategy", retry_strategy_name(retry.strategy));
  json.ms_field("base_ms", retry.base).count_field("max", retry.max);
  json.ms_field("total_ms", retry.total).field("same_location", retry.same_location);
  json.field("only_network", retry.only_network).end_object();
}

void write_location_policy(JsonWriter& json, const LocationPolicy& policy) {
  json.key("locations");
  if (const auto* at_least = std::get_if<AtLeast>(&policy)) {
    json.begin_object().count_field("at_least", at_least->locations).end_object();
  } else if (const auto* percent = std::get_if<PercentOf>(&policy)) {
    json.begin_object().count_field("percent", percent->percent).end_object();
  } else {
    json.text("any");
  }
}

void write_alert(JsonWriter& json, const AlertPolicy& alert) {
  json.key("alert").begin_object();
  json.count_field("after_runs", alert.after_runs);
  json.ms_field("after_minutes_ms", alert.after_minutes);
  json.count_field("recover_after_runs", alert.recover_after_runs);
  write_location_policy(json, alert.locations);
  json.field("degraded", alert.degraded).field("strict", alert.strict);
  json.key("reminders").begin_object();
  json.ms_field("every_ms", alert.reminder_every).count_field("count", alert.reminder_count);
  json.end_object();
  json.key("escalate").begin_list();
  for (const EscalationStep& step : alert.escalate) {
    json.begin_object().ms_field("after_ms", step.after);
    json.text_list_field("channels", step.channels).end_object();
  }
  json.end_list().end_object();
}

void write_definition(JsonWriter& json, const Monitor& monitor) {
  json.key("definition").begin_object();
  json.field("preset", monitor.preset).field("ip_family", ip_family_name(monitor.ip_family));
  json.key("request").begin_list();
  for (const Step& step : monitor.request) {
    write_step(json, step);
  }
  json.end_list();
  write_tls_options(json, monitor.tls);
  json.key("assert").begin_list();
  for (const Assertion& assertion : monitor.assertions) {
    json.text(assertion_text(assertion));
  }
  json.end_list();
  json.ms_field("degraded_after_ms", monitor.degraded_after);
  json.ms_field("fail_after_ms", monitor.fail_after);
  json.field("expect", expectation_name(monitor.expect)).field("should_fail", monitor.should_fail);
  json.text_list_field("locations", monitor.locations);
  json.field("strategy", strategy_name(monitor.strategy));
  write_retry(json, monitor.retry);
  write_alert(json, monitor.alert);
  json.text_list_field("channels", monitor.channels).field("group", monitor.group);
  json.field("description", monitor.description).field("runbook", monitor.runbook);
  json.text_list_field("depends_on", monitor.depends_on);
  json.field("close", close_mode_name(monitor.close));
  json.key("origin").begin_object().field("file", monitor.origin.file);
  json.number_field("line", monitor.origin.line).end_object();
  json.end_object();
}

void write_flags(JsonWriter& json, const MonitorView& view) {
  const MonitorState& state = view.state;
  json.key("flags").begin_object();
  json.field("confirming", state.status.confirming).field("recovering", state.status.recovering);
  json.field("muted", state.muted || view.definition->muted);
  json.field("acknowledged", state.alert.acknowledged.has_value());
  json.field("flapping", state.alert.flapping_since.has_value()).end_object();
}

void write_status_error(JsonWriter& json, const MonitorView& view) {
  json.key("error");
  const auto& error = view.state.status.error;
  if (!error) {
    json.null();
    return;
  }
  write_error(json, *error, {});
}

void write_last(JsonWriter& json, const std::optional<Attempt>& last) {
  json.key("last_result");
  if (!last) {
    json.null();
    return;
  }
  write_result(json, StoredResult{.attempt = *last, .final_attempt = true, .has_details = false});
}

}  // namespace

void write_monitor(JsonWriter& json, const MonitorView& view, bool with_definition) {
  const Monitor& monitor = *view.definition;
  const MonitorState& state = view.state;
  json.begin_object();
  json.field("id", monitor.id).field("uid", fmt::to_string(view.uid.value));
  json.field("name", monitor.name.empty() ? monitor.id : monitor.name);
  json.field("project", monitor.project).field("target", monitor.target.text());
  json.field("status", status_name(state.status.kind));
  write_flags(json, view);
  json.key("since");
  state.status.kind == StatusKind::pending ? json.null() : json.time(state.status.since);
  write_status_error(json, view);
  json.text_list_field("tags", monitor.tags);
  json.key("interval_s").raw(fmt::format("{}", seconds(monitor.interval)));
  json.number_field("timeout_ms", milliseconds(monitor.timeout));
  json.field("enabled", monitor.enabled);
  json.field("muted", state.muted || monitor.muted);
  json.field("paused", state.paused);
  write_last(json, view.last);
  json.field("next_run", view.next_run);
  json.key("incident");
  state.alert.incident.value.empty() ? json.null() : json.text(state.alert.incident.value);
  if (with_definition) {
    write_definition(json, monitor);
  }
  json.end_object();
}

}  // namespace tocsin
