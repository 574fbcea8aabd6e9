#include "notify/sample_facts.h"

namespace tocsin::samples {

SystemTime at(std::string_view rfc3339) { return parse_rfc3339(rfc3339).value(); }

NoticeFacts down() {
  NoticeFacts facts;
  facts.event.type = EventType::down;
  facts.event.monitor = MonitorUid{7};
  facts.event.incident = IncidentId{"019aa5c8-9b2a-7c3e-8a4d-1f2e3d4c5b6a"};
  facts.event.number = 1;
  facts.event.at = at("2026-11-21T14:04:20.5Z");
  facts.event.status = StatusKind::down;
  facts.event.severity = Verdict::failed;
  facts.event.error = ProbeError{ErrorCode::tcp_refused, Phase::connect, "RST to our SYN"};
  facts.event.reason = "2 of 2 checks in a row failed at 1 of 1 locations.";
  facts.event.began = at("2026-11-21T14:03:20Z");
  facts.monitor_id = "shop/redis";
  facts.monitor_name = "Redis sessions";
  facts.target = "127.0.0.1:6379";
  facts.project = "shop";
  facts.runbook = "https://wiki.example.org/redis?page=1&part=2";
  facts.tags = {"prod", "cache"};
  facts.incident_url = "http://127.0.0.1:8080/incidents/019aa5c8-9b2a-7c3e-8a4d-1f2e3d4c5b6a";
  facts.error_sentence = "127.0.0.1 refused the connection: nothing listens on port 6379.";
  facts.response_time = 312us;
  facts.phases.connect = 312us;
  return facts;
}

NoticeFacts degraded() {
  NoticeFacts facts = down();
  facts.event.type = EventType::degraded;
  facts.event.status = StatusKind::degraded;
  facts.event.severity = Verdict::degraded;
  facts.event.error.reset();
  facts.event.reason = "The answer took 1.24 s; degraded_after is 1 s.";
  facts.error_sentence.clear();
  facts.response_time = 1240ms;
  facts.phases = {.dns = 4800us, .connect = 31ms, .tls = 90ms, .data = 1114200us};
  return facts;
}

NoticeFacts recovered() {
  NoticeFacts facts = down();
  facts.event.type = EventType::recovered;
  facts.event.number = 4;
  facts.event.status = StatusKind::up;
  facts.event.severity = Verdict::passed;
  facts.event.error.reset();
  facts.event.at = at("2026-11-21T14:07:32Z");
  facts.event.reason = "1 good check in a row.";
  facts.error_sentence.clear();
  facts.response_time = 480us;
  facts.phases.connect = 480us;
  facts.down_for = 4min + 12s;
  return facts;
}

NoticeFacts reminder() {
  NoticeFacts facts = down();
  facts.event.type = EventType::reminder;
  facts.event.number = 2;
  facts.event.at = at("2026-11-21T14:33:20Z");
  return facts;
}

NoticeFacts escalated() {
  NoticeFacts facts = down();
  facts.event.type = EventType::escalated;
  facts.event.number = 3;
  facts.event.at = at("2026-11-21T15:03:20Z");
  facts.event.channels = {"boss"};
  facts.event.reason = "Nobody acknowledged within 1 h.";
  return facts;
}

NoticeFacts flapping() {
  NoticeFacts facts = down();
  facts.event.type = EventType::flapping;
  facts.event.number = 9;
  facts.event.reason = "5 changes within 10 min; single changes are not told until it is quiet.";
  return facts;
}

NoticeFacts test() {
  NoticeFacts facts;
  facts.event.type = EventType::test;
  facts.event.at = at("2026-11-21T14:00:00Z");
  facts.event.status = StatusKind::up;
  facts.event.severity = Verdict::passed;
  return facts;
}

}  // namespace tocsin::samples
