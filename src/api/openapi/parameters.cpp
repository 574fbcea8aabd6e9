#include "api/openapi/parameters.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "api/openapi/schema.h"
#include "base/check.h"

namespace tocsin {
namespace {

using Json = nlohmann::ordered_json;

struct QueryRow {
  std::string_view name, type, help, example;
  std::string_view more = "{}";  // of the schema
};
constexpr std::array kQuery = {
    QueryRow{"limit", "integer", "Rows of one answer.", "100",
             R"({"minimum": 1, "maximum": 1000, "default": 100})"},
    QueryRow{"cursor", "string", "next_cursor of the answer before, unchanged.",
             R"("4611686018427387904")"},
    QueryRow{"status", "Status", "Monitors of this status.", R"("down")"},
    QueryRow{"tag", "string", "Monitors with this tag.", R"("prod")"},
    QueryRow{"group", "string", "Monitors of this group.", R"("Databases")"},
    QueryRow{"project", "string", "Monitors of this project; the same as owner.", R"("shop")"},
    QueryRow{"owner", "string", "Monitors of this project, or \"ui\".", R"("ui")"},
    QueryRow{"search", "string", "Monitors with this text in name, id or target.", R"("redis")"},
    QueryRow{"fields", "string",
             "Names of fields of a row with commas between; id and uid always come.",
             R"("status,error")"},
    QueryRow{"dry_run", "boolean", "true: nothing is stored.", "true"},
    QueryRow{"from", "time", "Not before this time.", R"("2026-11-21T00:00:00Z")"},
    QueryRow{"to", "time", "Before this time.", R"("2026-11-22T00:00:00Z")"},
    QueryRow{"verdict", "Verdict", "Results with this verdict.", R"("failed")"},
    QueryRow{"error", "ErrorName", "Results with this error.", R"("tcp_refused")"},
    QueryRow{"location", "string", "Results of this location.", R"("local")"},
    QueryRow{"attempts", "final|all", "all: also those that were tried again.", R"("all")",
             R"({"default": "final"})"},
    QueryRow{"range", "1h|6h|24h|7d|30d|90d", "The period.", R"("24h")", R"({"default": "24h"})"},
    QueryRow{"ids", "string", "1 to 100 ids or uids of monitors with commas between. Needed.",
             R"("redis,mail")"},
    QueryRow{"count", "integer", "Newest results of each.", "30",
             R"({"minimum": 1, "maximum": 100, "default": 30})"},
    QueryRow{"open", "boolean", "true: open ones; false: closed ones.", "true"},
    QueryRow{"monitor", "string", "Of this monitor, by id or uid.", R"("redis")"},
    QueryRow{"topics", "string", "Of monitor, incident and alert, with commas between.",
             R"("monitor,incident")"},
    QueryRow{"format", "yaml|json", "Of the file.", R"("yaml")", R"({"default": "yaml"})"},
    QueryRow{"channel", "string", "Alerts for this channel.", R"("oncall")"},
    QueryRow{"state", "AlertState", "Alerts of this state.", R"("dead")"},
    QueryRow{"give_up_waiting", "boolean", "true: notices that wait for it are given up.", "true"},
    QueryRow{"verbose", "string", "With any value: each check is told.", R"("")"},
};

struct PathRow {
  std::string_view prefix, name, component, help, example;
};
constexpr std::array kPath = {
    PathRow{"/api/v1/monitors/", "id", "MonitorId", "Logical id, percent-encoded, or uid.",
            R"("redis")"},
    PathRow{"/api/v1/monitors/", "result_id", "ResultId", "Id of a result.",
            R"("4611686018427387904-0-1763733800-1-local")"},
    PathRow{"/api/v1/incidents/", "id", "IncidentId", "Id of an incident.",
            R"("019aa5c8-9b2a-7c3e-8a4d-1f2e3d4c5b6a")"},
    PathRow{"/api/v1/alerts/", "key", "AlertKey", "Key of an alert.",
            R"("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")"},
    PathRow{"/api/v1/channels/", "id", "ChannelId", "Id of a channel, percent-encoded.",
            R"("oncall")"},
    PathRow{"/api/v1/tokens/", "id", "TokenId", "Id of a token.", R"("1f0c9b8a7d6e5f40")"},
    PathRow{"/api/v1/users/", "name", "UserName", "Name of a user.", R"("ann")"},
    PathRow{"/api/docs/", "file", "DocsFile", "Name of a file.", R"("page-A1b2c3d4.css")"},
    PathRow{"/incidents/", "id", "IncidentId", "Id of an incident.",
            R"("019aa5c8-9b2a-7c3e-8a4d-1f2e3d4c5b6a")"},
    PathRow{"/assets/", "file", "AssetFile", "Name of a file.", R"("app-Ab12Cd34.js")"},
};

struct HeaderRow {
  std::string_view name, help, example;
};
constexpr std::array kRequestHeaders = {
    HeaderRow{
        "If-Match",
        "A revision in quotes, as in ETag: the change is made only when it is still this one. "
        "Left out: in any case.",
        "\"0123456789abcdef\""},
    HeaderRow{"If-None-Match", "An ETag: 304 when it is still this one.", "\"0123456789abcdef\""},
    HeaderRow{"Idempotency-Key",
              "1 to 100 visible characters. The same request with the same key within 24 h is done "
              "once and answered the same again, as long as the server runs. Callers without "
              "credentials have no keys, and dry runs need none.",
              "5b1c2f0e-1"},
    HeaderRow{"Last-Event-ID", "The id of the last event seen.", "64416b7a11f40-813"},
};
constexpr std::array kAnswerHeaders = {
    HeaderRow{"ETag", "The revision in quotes, for If-Match and If-None-Match.",
              "\"0123456789abcdef\""},
    HeaderRow{"Location", "Path of what was made.", "/api/v1/monitors/4611686018427387904"},
    HeaderRow{"RateLimit-Limit", "Requests that this credential may make at once.", "200"},
    HeaderRow{"RateLimit-Remaining", "How many of them are left.", "117"},
    HeaderRow{"RateLimit-Reset", "Seconds until all are.", "2"},
    HeaderRow{"Retry-After", "Seconds after which it is worth trying again.", "2"},
    HeaderRow{"WWW-Authenticate", "What credentials are taken.", "Bearer realm=\"tocsin\""},
    HeaderRow{"X-Request-Id", "Names this request in the log and in problems.", "5f1a0c2e-000007"},
    HeaderRow{"X-Next-Cursor", "cursor to go on with; absent: this is all.",
              "4611686018427387904-0-1763733800-1-local"},
    HeaderRow{"Idempotency-Replayed", "true: the answer of the first request with this key.",
              "true"},
    HeaderRow{"Set-Cookie", "The session.",
              "__Host-tocsin=...; Path=/; HttpOnly; Secure; SameSite=Strict"},
    HeaderRow{"Content-Disposition", "A name for the file.",
              "attachment; filename=\"tocsin.yaml\""},
    HeaderRow{"Allow", "The methods of this path.", "GET, HEAD"},
};

Json with_example(Json schema, const Json& example) {
  schema["examples"] = Json::array({example});
  return schema;
}

template <class Row, size_t size>
void demand(const std::array<Row, size>& rows, std::string_view name) {
  CHECK(std::ranges::find(rows, name, &Row::name) != rows.end(), "a parameter of the tables");
}

std::string camel(std::string_view name) {
  std::string out;
  for (size_t i = 0; i < name.size(); ++i) {
    const bool begins = i == 0 || name[i - 1] == '_' || name[i - 1] == '-';
    const bool is_lower = name[i] >= 'a' && name[i] <= 'z';
    if (name[i] != '_' && name[i] != '-') {
      out += begins && is_lower ? static_cast<char>(name[i] - 'a' + 'A') : name[i];
    }
  }
  return out;
}

std::string query_component(std::string_view name) { return "Query" + camel(name); }
std::string header_component(std::string_view name) { return "Header" + camel(name); }

Json parameter_reference(std::string_view component) {
  return {{"$ref", fmt::format("#/components/parameters/{}", component)}};
}

Json query_component_of(const QueryRow& row) {
  Json schema = schema_of_type(row.type);
  schema.update(Json::parse(row.more));
  Json parameter = {{"name", row.name}, {"in", "query"}, {"description", row.help}};
  if (row.name == "ids") {
    parameter["required"] = true;
  }
  parameter["schema"] = std::move(schema);
  parameter["example"] = Json::parse(row.example);
  return parameter;
}

}  // namespace

Json parameter_components() {
  Json components = Json::object();
  for (const PathRow& row : kPath) {
    components[std::string(row.component)] = {{"name", row.name},
                                              {"in", "path"},
                                              {"required", true},
                                              {"description", row.help},
                                              {"schema", {{"type", "string"}, {"minLength", 1}}},
                                              {"example", Json::parse(row.example)}};
  }
  for (const QueryRow& row : kQuery) {
    components[query_component(row.name)] = query_component_of(row);
  }
  for (const HeaderRow& row : kRequestHeaders) {
    components[header_component(row.name)] = {{"name", row.name},
                                              {"in", "header"},
                                              {"description", row.help},
                                              {"schema", {{"type", "string"}}},
                                              {"example", row.example}};
  }
  return components;
}

Json header_components() {
  Json components = Json::object();
  for (const HeaderRow& row : kAnswerHeaders) {
    components[std::string(row.name)] = {
        {"description", row.help}, {"schema", with_example({{"type", "string"}}, row.example)}};
  }
  return components;
}

Json query_parameter(std::string_view name) {
  demand(kQuery, name);
  return parameter_reference(query_component(name));
}

Json request_header(std::string_view name) {
  demand(kRequestHeaders, name);
  return parameter_reference(header_component(name));
}

Json answer_header(std::string_view name) {
  demand(kAnswerHeaders, name);
  return {{"$ref", fmt::format("#/components/headers/{}", name)}};
}

Json path_parameter(std::string_view path, std::string_view name) {
  const auto* const row = std::ranges::find_if(kPath, [&](const PathRow& known) {
    return path.starts_with(known.prefix) && known.name == name;
  });
  CHECK(row != kPath.end(), "a part of a path in braces is in the tables");
  return parameter_reference(row->component);
}

}  // namespace tocsin
