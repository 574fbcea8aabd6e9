#include "api/openapi/document.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>
#include <span>

#include "api/openapi/answers.h"
#include "api/openapi/parameters.h"
#include "api/openapi/schema.h"
#include "api/routes.h"
#include "base/check.h"
#include "base/json.h"
#include "config/definition_schema.h"

namespace tocsin {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kSchemas = "#/components/schemas/";

struct Tag {
  std::string_view name, help;
};
constexpr std::array kTags = {
    Tag{"Monitors", "What is watched."},
    Tag{"Results", "What checks said, single and in figures; one check now."},
    Tag{"Incidents", "Times of trouble, and who was told."},
    Tag{"Live", "What changes, as it happens."},
    Tag{"Channels", "Where people are told."},
    Tag{"Accounts", "Users, sessions and tokens."},
    Tag{"Server", "The server about itself."},
    Tag{"Health", "For machines that watch the server."},
    Tag{"Pages", "What browsers load."},
};

Json info(std::string_view version) {
  return {
      {"title", "Tocsin"},
      {"summary", "Self-hosted TCP monitoring."},
      {"description",
       "JSON in UTF-8 with names in snake_case. Times are RFC 3339 in UTC. Measured durations are "
       "whole numbers with their unit in the name (`_us`, `_ms`, `_s`); what people write is as in "
       "YAML (`5s`). uids have 63 bits and are texts. New fields and new words of enumerations may "
       "come within v1: pass over what you do not know. Every answer that is no success is a "
       "problem "
       "(RFC 9457) with a stable `code`. Every GET is also a HEAD. How to use it: docs/api.md."},
      {"license", {{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}}},
      {"version", version}};
}

Json security_schemes() {
  return {{"token",
           {{"type", "http"},
            {"scheme", "bearer"},
            {"description",
             "A token of `tocsin token create` or POST /api/v1/tokens. Scopes: read < write < "
             "admin."}}},
          {"session",
           {{"type", "apiKey"},
            {"in", "cookie"},
            {"name", "__Host-tocsin"},
            {"description", "The cookie of POST /api/v1/session; scope admin."}}},
          {"csrf",
           {{"type", "apiKey"},
            {"in", "header"},
            {"name", "X-CSRF-Token"},
            {"description",
             "csrf_token of GET /api/v1/session: beside the cookie on every method but GET."}}}};
}

Json security_of(const Route& route) {
  if (route.needs() == Scope::none) {
    return Json::array();
  }
  const Json roles = Json::array({scope_name(route.needs())});
  Json by_session = {{"session", roles}};
  if (route.method() != "GET") {
    by_session["csrf"] = Json::array();
  }
  return Json::array({Json{{"token", roles}}, std::move(by_session)});
}

void add_path_parameters(Json& parameters, std::string_view path) {
  for (size_t open = path.find('{'); open != std::string_view::npos;
       open = path.find('{', open + 1)) {
    const size_t close = path.find('}', open);
    parameters.push_back(path_parameter(path, path.substr(open + 1, close - open - 1)));
  }
}

Json parameters_of(const Route& route, const Operation& operation) {
  Json parameters = Json::array();
  add_path_parameters(parameters, route.pattern());
  for (const std::string_view name : route.query_names()) {
    parameters.push_back(query_parameter(name));
  }
  for (const std::string_view name : operation.headers) {
    parameters.push_back(request_header(name));
  }
  if (route.method() == "POST") {
    parameters.push_back(request_header("Idempotency-Key"));
  }
  const bool has_etag = std::ranges::any_of(
      operation.answers, [](const PlainAnswer& answer) { return answer.status == 304; });
  if (has_etag) {
    parameters.push_back(request_header("If-None-Match"));
  }
  return parameters;
}

Json body_of(const Operation& operation) {
  Json media = {{"schema", schema_of_type(operation.body)}};
  Json content = {{"application/json", media}};
  if (operation.is_merge_patch) {
    content["application/merge-patch+json"] = std::move(media);
  }
  return {{"required", operation.body != "Empty"}, {"content", std::move(content)}};
}

Json operation_json(const Route& route, const Operation& operation, Json& named_answers) {
  Json json = {{"operationId", operation.id},
               {"tags", Json::array({operation.tag})},
               {"summary", operation.summary}};
  if (!operation.help.empty()) {
    json["description"] = operation.help;
  }
  json["x-scope"] = scope_name(route.needs());
  json["security"] = security_of(route);
  if (Json parameters = parameters_of(route, operation); !parameters.empty()) {
    json["parameters"] = std::move(parameters);
  }
  if (!operation.body.empty()) {
    json["requestBody"] = body_of(operation);
  }
  json["responses"] = answers_of(route, operation, named_answers);
  return json;
}

// Names of components that `json` refers to, as "schemas/Problem".
void collect_references(const Json& json, std::set<std::string>& names) {
  constexpr std::string_view kPrefix = "#/components/";
  if (json.is_object() && json.contains("$ref")) {
    names.insert(json["$ref"].get<std::string>().substr(kPrefix.size()));
  }
  if (json.is_structured()) {
    for (const Json& below : json) {
      collect_references(below, names);
    }
  }
}

// Leaves out what nothing refers to: the parts of routes that this program does not have.
void drop_unused(Json& components, const Json& paths) {
  std::set<std::string> used;
  collect_references(paths, used);
  for (size_t before = 0; before != used.size();) {
    before = used.size();
    for (const std::string& name : std::set<std::string>(used)) {
      collect_references(components.at(Json::json_pointer("/" + name)), used);
    }
  }
  for (const std::string_view kind : {"schemas", "parameters", "headers", "responses"}) {
    Json kept = Json::object();
    for (const auto& [name, value] : components[std::string(kind)].items()) {
      if (used.contains(fmt::format("{}/{}", kind, name))) {
        kept[name] = value;
      }
    }
    components[std::string(kind)] = std::move(kept);
  }
}

Json schema_components() {
  std::vector<ObjectSchema> objects;
  for (auto* part : {&common_schemas, &monitor_schemas, &result_schemas, &incident_schemas,
                     &server_schemas, &channel_schemas}) {
    for (ObjectSchema& schema : part()) {
      objects.push_back(std::move(schema));
    }
  }
  Json schemas = schemas_by_name(objects);
  for (const Json& more : {word_schemas(), definition_schemas(kSchemas)}) {
    for (const auto& [name, schema] : more.items()) {
      CHECK(!schemas.contains(name), "every schema has a name of its own");
      schemas[name] = schema;
    }
  }
  return schemas;
}

Json used_tags(const std::set<std::string_view>& used) {
  Json tags = Json::array();
  for (const Tag& tag : kTags) {
    if (used.contains(tag.name)) {
      tags.push_back({{"name", tag.name}, {"description", tag.help}});
    }
  }
  return tags;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

}  // namespace

std::vector<Operation> all_operations() {
  std::vector<Operation> all;
  for (auto* part : {&monitor_operations, &history_operations, &channel_operations,
                     &account_operations, &server_operations}) {
    for (Operation& operation : part()) {
      all.push_back(std::move(operation));
    }
  }
  return all;
}

std::string openapi_document(std::span<const Route> routes, std::string_view version) {
  const std::vector<Operation> operations = all_operations();
  Json paths = Json::object();
  Json answers = Json::object();
  std::set<std::string_view> tags;
  for (const Route& route : routes) {
    const auto operation = std::ranges::find_if(operations, [&route](const Operation& row) {
      return row.method == route.method() && row.path == route.pattern();
    });
    if (operation == operations.end()) {
      continue;  // a test fails; who asks a running server gets the rest
    }
    tags.insert(operation->tag);
    paths[std::string(route.pattern())][lower(route.method())] =
        operation_json(route, *operation, answers);
  }
  Json components = {{"schemas", schema_components()},
                     {"parameters", parameter_components()},
                     {"headers", header_components()},
                     {"responses", std::move(answers)},
                     {"securitySchemes", security_schemes()}};
  drop_unused(components, paths);
  // The server is where the document is, whatever a proxy puts before the path.
  const Json server = {{"url", "../.."}, {"description", "The server that this document is of."}};
  const Json document = {{"openapi", "3.1.0"},
                         {"info", info(version)},
                         {"servers", Json::array({server})},
                         {"tags", used_tags(tags)},
                         {"paths", std::move(paths)},
                         {"components", std::move(components)}};
  return dump_json(document, 1) + "\n";
}

std::string openapi_document(std::string_view version) {
  return openapi_document(api_routes(), version);
}

}  // namespace tocsin
