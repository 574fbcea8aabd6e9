#include "api/openapi/operations.h"

namespace tocsin {
namespace {

constexpr std::string_view kTag = "Monitors";

// POST monitors/{id}/ACTION: state, so a project's monitors too.
Operation steering(std::string_view path, std::string_view id, std::string_view summary,
                   std::string_view help, std::vector<std::string_view> problems) {
  return {.method = "POST",
          .path = path,
          .id = id,
          .tag = kTag,
          .summary = summary,
          .help = help,
          .body = "Empty",
          .answers =
              {{200, "MonitorDetail", "The monitor as it is now.", "application/json", {"ETag"}}},
          .problems = std::move(problems)};
}

std::vector<Operation> collection() {
  return {
      {.method = "GET",
       .path = "/api/v1/monitors",
       .id = "listMonitors",
       .tag = kTag,
       .summary = "List monitors",
       .help =
           "Filters add up. With `Accept: application/x-ndjson` all that match come as one row a "
           "line, without pages.",
       .answers = {{200, "MonitorPage or PartialMonitorPage", "A page."},
                   {200, "MonitorRow or PartialMonitorRow", "", "application/x-ndjson"}}},
      {.method = "POST",
       .path = "/api/v1/monitors",
       .id = "createMonitor",
       .tag = kTag,
       .summary = "Create a monitor",
       .help =
           "The first check is at once. With `dry_run=true` nothing is stored and the answer says "
           "what would come of it.",
       .body = "NewMonitor",
       .answers = {{200, "DryRun", "With `dry_run=true`, whatever came of it."},
                   {201,
                    "MonitorDetail or CreatedMonitors",
                    "It is made; several with for_each.",
                    "application/json",
                    {"ETag", "Location"}}},
       .problems = {"id_taken", "conflict", "disk_full"}},
      {.method = "POST",
       .path = "/api/v1/monitors/batch",
       .id = "changeMonitors",
       .tag = kTag,
       .summary = "Do one thing to many monitors",
       .help = "All in one transaction; each has its own answer.",
       .body = "BatchRequest",
       .answers = {{200, "BatchResult", "What came of each."}}},
      {.method = "GET",
       .path = "/api/v1/tags",
       .id = "listTags",
       .tag = kTag,
       .summary = "List tags with counts",
       .answers = {{200, "NameCountList", "At most 1000, by name."}}},
      {.method = "GET",
       .path = "/api/v1/groups",
       .id = "listGroups",
       .tag = kTag,
       .summary = "List groups with counts",
       .answers = {{200, "NameCountList", "At most 1000, by name."}}},
      {.method = "GET",
       .path = "/api/v1/summary",
       .id = "getSummary",
       .tag = kTag,
       .summary = "All in a few numbers",
       .answers = {{200, "Summary", "The numbers of this moment."}}},
      {.method = "GET",
       .path = "/api/v1/export",
       .id = "exportConfiguration",
       .tag = kTag,
       .summary = "What was made over the API, as a file",
       .help = "To keep, or to move into git and serve with --config.",
       .answers =
           {{200, "string", "With `format=yaml`.", "application/yaml", {"Content-Disposition"}},
            {200, "ConfigurationFile", "", "application/json", {"Content-Disposition"}}}},
  };
}

std::vector<Operation> single() {
  return {
      {.method = "GET",
       .path = "/api/v1/monitors/{id}",
       .id = "getMonitor",
       .tag = kTag,
       .summary = "Read a monitor",
       .answers = {{200, "MonitorDetail", "The monitor.", "application/json", {"ETag"}}},
       .problems = {"not_found"}},
      {.method = "PUT",
       .path = "/api/v1/monitors/{id}",
       .id = "replaceMonitor",
       .tag = kTag,
       .summary = "Replace a monitor's definition",
       .help = "The body is the whole definition; what it leaves out goes back to its default.",
       .body = "MonitorDefinition",
       .headers = {"If-Match"},
       .answers = {{200,
                    "MonitorDetail or DryRun",
                    "The monitor as it is now; with `dry_run=true` what would come of it.",
                    "application/json",
                    {"ETag"}}},
       .problems = {"not_found", "owned_by_project", "revision_differs", "conflict", "disk_full"}},
      {.method = "PATCH",
       .path = "/api/v1/monitors/{id}",
       .id = "changeMonitor",
       .tag = kTag,
       .summary = "Change parts of a monitor's definition",
       .help = "A merge patch over its `config`.",
       .body = "MonitorPatch",
       .is_merge_patch = true,
       .headers = {"If-Match"},
       .answers = {{200,
                    "MonitorDetail or DryRun",
                    "The monitor as it is now; with `dry_run=true` what would come of it.",
                    "application/json",
                    {"ETag"}}},
       .problems = {"not_found", "owned_by_project", "revision_differs", "conflict", "disk_full"}},
      {.method = "DELETE",
       .path = "/api/v1/monitors/{id}",
       .id = "deleteMonitor",
       .tag = kTag,
       .summary = "Remove a monitor",
       .help =
           "Its open incident closes; its history stays for its time. `restore` brings it back.",
       .headers = {"If-Match"},
       .answers = {{204, "", "It is removed."}},
       .problems = {"not_found", "owned_by_project", "revision_differs", "conflict", "disk_full"}},
      {.method = "POST",
       .path = "/api/v1/monitors/{id}/restore",
       .id = "restoreMonitor",
       .tag = kTag,
       .summary = "Bring a removed monitor back",
       .help = "By its uid: the id may be another monitor's by now.",
       .body = "Empty",
       .answers = {{200, "MonitorDetail", "It is back.", "application/json", {"ETag"}}},
       .problems = {"not_found", "owned_by_project", "id_taken", "conflict", "disk_full"}},
      {.method = "POST",
       .path = "/api/v1/monitors/{id}/clone",
       .id = "cloneMonitor",
       .tag = kTag,
       .summary = "Make a copy of a monitor",
       .body = "CloneRequest",
       .answers = {{201, "MonitorDetail", "The copy.", "application/json", {"ETag", "Location"}}},
       .problems = {"not_found", "id_taken", "owned_by_project", "operator_only", "conflict",
                    "disk_full"}},
  };
}

std::vector<Operation> steering_operations() {
  return {
      steering("/api/v1/monitors/{id}/pause", "pauseMonitor", "Stop checking a monitor",
               "Kept over reloads and restarts. A project's monitor can be paused too.",
               {"not_found", "conflict", "disk_full"}),
      steering("/api/v1/monitors/{id}/resume", "resumeMonitor", "Check a monitor again",
               "The first check is at once.", {"not_found", "conflict", "disk_full"}),
      steering("/api/v1/monitors/{id}/mute", "muteMonitor", "Tell nobody of a monitor",
               "It is checked on.", {"not_found", "conflict", "disk_full"}),
      steering("/api/v1/monitors/{id}/unmute", "unmuteMonitor", "Tell people of a monitor again",
               "", {"not_found", "conflict", "disk_full"}),
      steering("/api/v1/monitors/{id}/run", "runMonitor", "Check a monitor now",
               "The answer comes when the check has begun; its result is in the list of results.",
               {"not_found", "conflict"}),
  };
}

}  // namespace

std::vector<Operation> monitor_operations() {
  std::vector<Operation> all = collection();
  for (auto* part : {&single, &steering_operations}) {
    for (Operation& operation : part()) {
      all.push_back(std::move(operation));
    }
  }
  return all;
}

}  // namespace tocsin
