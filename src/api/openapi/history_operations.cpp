// Results, incidents, alerts, live events, the probe.
#include "api/openapi/operations.h"

namespace tocsin {
namespace {

std::vector<Operation> results() {
  return {
      {.method = "GET",
       .path = "/api/v1/monitors/{id}/results",
       .id = "listResults",
       .tag = "Results",
       .summary = "List a monitor's results",
       .help =
           "Newest first. With `Accept: text/csv` or `application/x-ndjson` all that match come in "
           "one body, at most 10,000 rows; X-Next-Cursor says where to go on.",
       .answers = {{200, "ResultPage", "A page."},
                   {200, "string", "", "text/csv", {"X-Next-Cursor"}},
                   {200, "Result", "", "application/x-ndjson", {"X-Next-Cursor"}}},
       .problems = {"not_found"}},
      {.method = "GET",
       .path = "/api/v1/monitors/{id}/results/{result_id}",
       .id = "getResult",
       .tag = "Results",
       .summary = "Read one result, explained",
       .answers = {{200, "ResultDetail", "The result."}},
       .problems = {"not_found"}},
      {.method = "GET",
       .path = "/api/v1/monitors/{id}/stats",
       .id = "getStats",
       .tag = "Results",
       .summary = "Availability and response times of a monitor",
       .help = "Of a period, of the equal one before, and as a chart. Quantiles are of all results "
               "of a "
               "bucket.",
       .answers = {{200, "MonitorStats", "The figures."}},
       .problems = {"not_found"}},
      {.method = "GET",
       .path = "/api/v1/heartbeats",
       .id = "listHeartbeats",
       .tag = "Results",
       .summary = "The newest results of many monitors",
       .answers = {{200, "HeartbeatList", "A row of beats for each monitor."}}},
      {.method = "POST",
       .path = "/api/v1/probe",
       .id = "probe",
       .tag = "Results",
       .summary = "Check once, now",
       .help = "Nothing is stored. What may be reached follows from who asks. With `Accept: "
               "text/event-stream` each phase is told as it ends.",
       .body = "MonitorDefinition",
       .answers = {{200, "ProbeAnswer", "What came of it."},
                   {200, "string", "", "text/event-stream"}},
       .problems = {"too_many_probes"},
       .events = {{"phase", "PhaseEvent", "A phase has ended."},
                  {"result", "ProbeAnswer", "The whole answer, last."},
                  {"problem", "Problem", "In its place: the server stops."}}},
  };
}

std::vector<Operation> incidents() {
  return {
      {.method = "GET",
       .path = "/api/v1/incidents",
       .id = "listIncidents",
       .tag = "Incidents",
       .summary = "List incidents",
       .answers = {{200, "IncidentPage", "A page, newest first."}},
       .problems = {"not_found"}},
      {.method = "GET",
       .path = "/api/v1/incidents/{id}",
       .id = "getIncident",
       .tag = "Incidents",
       .summary = "Read an incident with its timeline",
       .answers = {{200, "IncidentDetail", "The incident."}},
       .problems = {"not_found"}},
      {.method = "POST",
       .path = "/api/v1/incidents/{id}/acknowledge",
       .id = "acknowledgeIncident",
       .tag = "Incidents",
       .summary = "Take an incident",
       .help = "Reminders and escalation stop until it gets worse. Doing it twice changes nothing.",
       .body = "AcknowledgeRequest",
       .answers = {{200, "Incident", "The incident."}},
       .problems = {"not_found", "conflict", "disk_full"}},
      {.method = "POST",
       .path = "/api/v1/incidents/{id}/note",
       .id = "noteIncident",
       .tag = "Incidents",
       .summary = "Write into an incident's timeline",
       .help = "Of a closed one too.",
       .body = "NoteRequest",
       .answers = {{200, "IncidentDetail", "The incident with the note."}},
       .problems = {"not_found", "conflict", "disk_full"}},
      {.method = "GET",
       .path = "/api/v1/alerts",
       .id = "listAlerts",
       .tag = "Incidents",
       .summary = "What was told, and what was not and why",
       .answers = {{200, "AlertPage", "A page, newest first."}},
       .problems = {"not_found"}},
      {.method = "GET",
       .path = "/api/v1/alerts/{key}",
       .id = "getAlert",
       .tag = "Incidents",
       .summary = "Read an alert with each try to deliver it",
       .answers = {{200, "AlertDetail", "The alert."}},
       .problems = {"not_found"}},
      {.method = "GET",
       .path = "/api/v1/events",
       .id = "streamEvents",
       .tag = "Live",
       .summary = "What changes, as it happens",
       .help =
           "Server-sent events (docs/formats/events.md). Connect first, read the lists then. With "
           "Last-Event-ID what was missed in the last 5 minutes is sent, else `reset`.",
       .headers = {"Last-Event-ID"},
       .answers = {{200, "string", "The stream.", "text/event-stream"}},
       .events = {{"monitor", "MonitorRow", "A monitor's row is another now."},
                  {"removed", "RemovedEvent", "A monitor is no more."},
                  {"incident", "Incident", "An incident opened, changed or closed."},
                  {"alert", "AlertEventRow", "A delivery was decided or has ended."},
                  {"reset", "Empty", "Something may have been missed: read all lists again."}}},
  };
}

}  // namespace

std::vector<Operation> history_operations() {
  std::vector<Operation> all = results();
  for (Operation& operation : incidents()) {
    all.push_back(std::move(operation));
  }
  return all;
}

}  // namespace tocsin
