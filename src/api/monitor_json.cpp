#include "api/monitor_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "api/monitor_config_json.h"
#include "api/result_json.h"
#include "api/way_json.h"
#include "base/bytes.h"
#include "core/assert.h"
#include "core/pattern_text.h"
#include "core/secrets.h"

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
    if (!send->captures.empty()) {
      json.key("captures").begin_list();
      for (const CaptureUse& use : send->captures) {
        json.text(use.group);
      }
      json.end_list();
    }
  } else if (const auto* expect = std::get_if<ExpectStep>(&step)) {
    json.field("step", "expect").field("regex", expect->is_regex);
    json.field("pattern", expect->is_regex ? pattern_text(expect->pattern)
                                           : escape_for_display(expect->pattern));
    json.key("refuse").begin_list();
    for (const std::string& pattern : expect->refuse) {
      json.text(pattern_text(pattern));
    }
    json.end_list();
  } else if (const auto* found = std::get_if<ExpectJsonStep>(&step)) {
    json.field("step", "expect").field("json", pattern_text(found->path));
    json.key("is");
    found->is ? json.text(escape_for_display(*found->is)) : json.null();
    json.key("refuse").begin_list();
    for (const std::string& pattern : found->refuse) {
      json.text(pattern_text(pattern));
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
  json.count_field("full_every", full_every_of(tls));
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

void write_full_definition(JsonWriter& json, const Monitor& monitor) {
  json.key("definition").begin_object();
  json.field("preset", monitor.preset).field("ip_family", ip_family_name(monitor.ip_family));
  json.key("source");
  if (monitor.source) {
    json.text(monitor.source->text());
  } else {
    json.null();
  }
  json.key("resolver").begin_list();
  for (const SocketAddress& server : monitor.resolver) {
    json.text(server.text());
  }
  json.end_list().key("proxy");
  if (monitor.proxy) {
    json.text(proxy_text(*monitor.proxy));
  } else {
    json.null();
  }
  json.key("request").begin_list();
  const Secrets secrets(monitor.secrets);
  for (const Step& step : monitor.request) {
    write_step(json, masked_step(step, secrets));
  }
  json.end_list();
  write_tls_options(json, monitor.tls);
  json.key("assert").begin_list();
  for (const Assertion& assertion : monitor.assertions) {
    json.text(secrets.masked(assertion_text(assertion)));
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

// Where the name leads by its newest answer, though a move is told only when it has settled; null
// for what is no name, and before the first answer.
void write_name_addresses(JsonWriter& json, const KeptAddresses& kept) {
  json.key("addresses");
  if (!kept.memory) {
    json.null();
    return;
  }
  json.begin_object();
  const AddressMemory& memory = *kept.memory;
  write_addresses(json, "now", memory.seen.empty() ? memory.told : memory.seen);
  json.field("since", memory.since);
  write_move(json, kept.memory->newest);
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

void write_since(JsonWriter& json, const MonitorView& view) {
  json.key("since");
  view.state.status.kind == StatusKind::pending ? json.null() : json.time(view.state.status.since);
}

void write_incident_id(JsonWriter& json, const MonitorView& view) {
  const std::string& incident = view.state.alert.incident.value;
  json.key("incident");
  incident.empty() ? json.null() : json.text(incident);
}

struct RowField {
  std::string_view name;
  void (*write)(JsonWriter& json, const MonitorView& view);
};

using Json = JsonWriter;
using View = MonitorView;

// In the order of the answer.
constexpr std::array kRow = {
    RowField{"id", [](Json& j, const View& v) { j.field("id", v.definition->id); }},
    RowField{"uid", [](Json& j, const View& v) { j.field("uid", fmt::to_string(v.uid.value)); }},
    RowField{"name",
             [](Json& j, const View& v) {
               j.field("name", v.definition->name.empty() ? v.definition->id : v.definition->name);
             }},
    RowField{"project", [](Json& j, const View& v) { j.field("project", v.definition->project); }},
    RowField{"target",
             [](Json& j, const View& v) { j.field("target", v.definition->target.text()); }},
    RowField{"status",
             [](Json& j, const View& v) { j.field("status", status_name(v.state.status.kind)); }},
    RowField{"flags", write_flags},
    RowField{"since", write_since},
    RowField{"error", write_status_error},
    RowField{"tags", [](Json& j, const View& v) { j.text_list_field("tags", v.definition->tags); }},
    RowField{"interval_s",
             [](Json& j, const View& v) {
               j.key("interval_s").raw(fmt::format("{}", seconds(v.definition->interval)));
             }},
    RowField{"timeout_ms",
             [](Json& j, const View& v) {
               j.number_field("timeout_ms", milliseconds(v.definition->timeout));
             }},
    RowField{"enabled", [](Json& j, const View& v) { j.field("enabled", v.definition->enabled); }},
    RowField{
        "muted",
        [](Json& j, const View& v) { j.field("muted", v.state.muted || v.definition->muted); }},
    RowField{"paused", [](Json& j, const View& v) { j.field("paused", v.state.paused); }},
    RowField{"last_result", [](Json& j, const View& v) { write_last(j, v.last); }},
    RowField{"next_run", [](Json& j, const View& v) { j.field("next_run", v.next_run); }},
    RowField{"incident", write_incident_id},
    RowField{"group", [](Json& j, const View& v) { j.field("group", v.definition->group); }},
    RowField{"owner", [](Json& j, const View& v) { write_owner(j, *v.definition); }},
    RowField{"revision", [](Json& j, const View& v) { j.field("revision", monitor_revision(v)); }},
};

}  // namespace

std::vector<std::string_view> monitor_row_names() {
  std::vector<std::string_view> names;
  names.reserve(kRow.size());
  for (const RowField& field : kRow) {
    names.push_back(field.name);
  }
  return names;
}

void write_monitor(JsonWriter& json, const MonitorView& view, bool with_definition,
                   std::span<const std::string> wanted, SentBytes own) {
  json.begin_object();
  for (const RowField& field : kRow) {
    const bool is_identity = field.name == "id" || field.name == "uid";
    if (wanted.empty() || is_identity || std::ranges::find(wanted, field.name) != wanted.end()) {
      field.write(json, view);
    }
  }
  if (with_definition) {
    write_name_addresses(json, view.state.addresses);
    write_tls(json, view.last ? view.last->result.tls : std::nullopt);
    write_full_definition(json, *view.definition);
    write_config(json, *view.definition, own);
  }
  json.end_object();
}

}  // namespace tocsin
