#include "api/incident_json.h"

#include <fmt/format.h>

#include "api/result_json.h"
#include "core/incident.h"

namespace tocsin {
namespace {

void write_fields(JsonWriter& json, const Incident& incident) {
  json.field("id", incident.id.value);
  json.key("monitor").begin_object();
  json.field("id", incident.monitor_id).field("uid", fmt::to_string(incident.monitor.value));
  json.field("name", incident.monitor_name).field("project", incident.project);
  json.field("target", incident.target).end_object();
  json.field("severity", verdict_name(incident.severity));
  json.field("open", !incident.closed.has_value());
  json.key("error");
  if (incident.error) {
    write_error(json, *incident.error, "");
  } else {
    json.null();
  }
  json.field("reason", incident.reason);
  json.field("began", incident.began).field("opened", incident.opened);
  json.field("acknowledged", incident.acknowledged);
  json.field("acknowledged_by", incident.acknowledged_by);
  json.field("acknowledge_note", incident.acknowledge_note);
  json.field("closed", incident.closed).field("close_reason", incident.close_reason);
}

void write_attempts(JsonWriter& json, const std::vector<DeliveryAttempt>& attempts) {
  json.key("log").begin_list();
  for (const DeliveryAttempt& attempt : attempts) {
    json.begin_object();
    json.count_field("number", attempt.number).field("at", attempt.at);
    json.ms_field("took_ms", attempt.took).field("ok", attempt.ok);
    json.field("result", attempt.result).end_object();
  }
  json.end_list();
}

void write_delivery(JsonWriter& json, const DeliveryLog& log) {
  const Delivery& delivery = log.delivery;
  json.begin_object();
  json.field("key", delivery.key).field("channel", delivery.channel);
  json.field("event", event_type_name(delivery.event.type));
  json.count_field("event_number", delivery.event.number);
  json.field("state", delivery_state_name(delivery.state));
  json.field("suppressed", delivery.event.suppressed);
  json.field("created", delivery.created);
  json.key("next_attempt");
  delivery.state == DeliveryState::waiting ? json.time(delivery.next_attempt) : json.null();
  json.field("finished", delivery.finished).count_field("attempts", delivery.attempts);
  json.field("last_result", delivery.last_result);
  write_attempts(json, log.attempts);
  json.end_object();
}

}  // namespace

void write_incident(JsonWriter& json, const Incident& incident) {
  json.begin_object();
  write_fields(json, incident);
  json.end_object();
}

void write_incident_detail(JsonWriter& json, const Incident& incident,
                           std::span<const DeliveryLog> deliveries) {
  json.begin_object();
  write_fields(json, incident);
  json.key("timeline").begin_list();
  std::vector<Delivery> ended;
  ended.reserve(deliveries.size());
  for (const DeliveryLog& log : deliveries) {
    ended.push_back(log.delivery);
  }
  for (const TimelineEntry& entry : timeline_with(incident, ended)) {
    json.begin_object();
    json.field("at", entry.at).field("kind", timeline_kind_name(entry.kind));
    json.field("text", entry.text).end_object();
  }
  json.end_list();
  json.key("deliveries").begin_list();
  for (const DeliveryLog& log : deliveries) {
    write_delivery(json, log);
  }
  json.end_list().end_object();
}

}  // namespace tocsin
