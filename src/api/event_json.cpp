#include "api/event_json.h"

#include <fmt/format.h>

#include "api/incident_json.h"
#include "api/json_writer.h"
#include "api/monitor_json.h"

namespace tocsin {

std::string monitor_event(const MonitorView& view) {
  JsonWriter json;
  write_monitor(json, view, false);
  return json.take();
}

std::string removed_event(MonitorUid uid, std::string_view id) {
  JsonWriter json;
  json.begin_object().field("id", id).field("uid", fmt::to_string(uid.value)).end_object();
  return json.take();
}

std::string incident_event(const Incident& incident) {
  JsonWriter json;
  write_incident(json, incident);
  return json.take();
}

std::string alert_event(const Delivery& delivery, const MonitorView* monitor) {
  const AlertEvent& event = delivery.event;
  JsonWriter json;
  json.begin_object().field("key", delivery.key).field("at", event.at);
  json.field("event", event_type_name(event.type));
  json.key("monitor").begin_object();
  if (monitor != nullptr) {
    const Monitor& known = *monitor->definition;
    json.field("id", known.id).field("uid", fmt::to_string(event.monitor.value));
    json.field("name", known.name.empty() ? known.id : known.name);
  } else {
    json.null_field("id").field("uid", fmt::to_string(event.monitor.value)).null_field("name");
  }
  json.end_object().key("incident");
  event.incident.value.empty() ? json.null() : json.text(event.incident.value);
  json.field("channel", delivery.channel).field("state", delivery_state_name(delivery.state));
  json.count_field("attempts", delivery.attempts).field("last_result", delivery.last_result);
  json.key("next_attempt");
  delivery.state == DeliveryState::waiting ? json.time(delivery.next_attempt) : json.null();
  json.field("suppressed", event.suppressed).end_object();
  return json.take();
}

}  // namespace tocsin
