#include "api/openapi/operations.h"

namespace tocsin {
namespace {

constexpr std::string_view kText = "text/plain";
constexpr std::string_view kHtml = "text/html";

std::vector<Operation> about() {
  return {
      {.method = "GET",
       .path = "/api/v1/system",
       .id = "getSystem",
       .tag = "Server",
       .summary = "The server about itself",
       .answers = {{200, "SystemFacts", "The facts of this moment."}}},
      {.method = "GET",
       .path = "/api/v1/version",
       .id = "getVersion",
       .tag = "Server",
       .summary = "Which program this is",
       .answers = {{200, "Version", "Name and version."}}},
      {.method = "GET",
       .path = "/api/v1/presets",
       .id = "listPresets",
       .tag = "Server",
       .summary = "Known services",
       .answers = {{200, "PresetList", "In their order."}}},
      {.method = "GET",
       .path = "/api/v1/schema/monitor",
       .id = "getMonitorForm",
       .tag = "Server",
       .summary = "The fields of a monitor, for forms",
       .answers = {{200, "MonitorForm", "Each field with its limits."}}},
      {.method = "POST",
       .path = "/api/v1/reload",
       .id = "reload",
       .tag = "Server",
       .summary = "Read the configuration files again",
       .help = "All or nothing: with one mistake the running configuration stays.",
       .body = "Empty",
       .answers = {{200, "ReloadSummary", "What changed."}},
       .problems = {"config_invalid", "conflict", "disk_full"}},
      {.method = "GET",
       .path = "/api/v1/openapi.json",
       .id = "getOpenApi",
       .tag = "Server",
       .summary = "This document",
       .answers = {{200, "object", "OpenAPI 3.1.", "application/json", {"ETag"}},
                   {304, "", "It is the one that If-None-Match names.", "", {"ETag"}}}},
  };
}

std::vector<Operation> health() {
  return {
      {.method = "GET",
       .path = "/livez",
       .id = "getLiveness",
       .tag = "Health",
       .summary = "The process answers",
       .answers = {{200, "string", "It does.", kText}}},
      {.method = "GET",
       .path = "/readyz",
       .id = "getReadiness",
       .tag = "Health",
       .summary = "The server can do its work",
       .answers = {{200, "string", "It can.", kText},
                   {503, "string", "It cannot; each check is told.", kText}}},
      {.method = "GET",
       .path = "/metrics",
       .id = "getMetrics",
       .tag = "Health",
       .summary = "Metrics for Prometheus",
       .help = "OpenMetrics 1.0 when Accept asks for it, else the text format 0.0.4.",
       .answers = {{200, "string", "The metrics.", kText},
                   {200, "string", "", "application/openmetrics-text"}}},
  };
}

std::vector<Operation> pages() {
  return {
      {.method = "GET",
       .path = "/",
       .id = "getPages",
       .tag = "Pages",
       .summary = "The web pages",
       .help = "A line of plain text when the program was built without them.",
       .answers = {{200, "string", "The page.", kHtml, {"ETag"}},
                   {200, "string", "", kText},
                   {304, "", "It is the one that If-None-Match names.", "", {"ETag"}}}},
      {.method = "GET",
       .path = "/assets/{file}",
       .id = "getAsset",
       .tag = "Pages",
       .summary = "A part of the web pages",
       .answers = {{200, "string", "The file; its type is of the file.", "*/*", {"ETag"}},
                   {304, "", "It is the one that If-None-Match names.", "", {"ETag"}}},
       .problems = {"not_found"}},
      {.method = "GET",
       .path = "/incidents/{id}",
       .id = "followIncidentLink",
       .tag = "Pages",
       .summary = "Leads to the page of an incident",
       .answers = {{302, "string", "The page is there.", kText, {"Location"}}},
       .problems = {"not_found"}},
      {.method = "GET",
       .path = "/docs/errors",
       .id = "getErrorPage",
       .tag = "Pages",
       .summary = "What each error means",
       .help = "Each under its name as an anchor, as docs of an explanation links to.",
       .answers = {{200, "string", "The page.", kHtml}}},
      {.method = "GET",
       .path = "/api/docs",
       .id = "getApiDocs",
       .tag = "Pages",
       .summary = "This document, to read and try",
       .answers = {{200, "string", "The page.", kHtml, {"ETag"}},
                   {304, "", "It is the one that If-None-Match names.", "", {"ETag"}}},
       .problems = {"not_found"}},
      {.method = "GET",
       .path = "/api/docs/{file}",
       .id = "getApiDocsFile",
       .tag = "Pages",
       .summary = "A part of that page",
       .answers = {{200, "string", "The file; its type is of the file.", "*/*", {"ETag"}},
                   {304, "", "It is the one that If-None-Match names.", "", {"ETag"}}},
       .problems = {"not_found"}},
      {.method = "GET",
       .path = "/api/v1/docs",
       .id = "findApiDocs",
       .tag = "Pages",
       .summary = "Leads to /api/docs",
       .answers = {{302, "string", "The page is there.", kText, {"Location"}}}},
  };
}

}  // namespace

std::vector<Operation> server_operations() {
  std::vector<Operation> all = about();
  for (auto* part : {&health, &pages}) {
    for (Operation& operation : part()) {
      all.push_back(std::move(operation));
    }
  }
  return all;
}

}  // namespace tocsin
