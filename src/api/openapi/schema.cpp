#include "api/openapi/schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <ranges>
#include <string>

#include "base/check.h"

namespace tocsin {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kOr = " or ";

struct BaseType {
  std::string_view name;
  std::string_view schema;
  std::string_view example;  // empty: none of its own
};
constexpr std::array kBaseTypes = {
    BaseType{"string", R"({"type": "string"})", ""},
    BaseType{"integer", R"({"type": "integer"})", ""},
    BaseType{"count", R"({"type": "integer", "minimum": 0})", ""},
    BaseType{"number", R"({"type": "number"})", ""},
    BaseType{"share", R"({"type": "number", "minimum": 0, "maximum": 1})", "0.99875"},
    BaseType{"boolean", R"({"type": "boolean"})", ""},
    BaseType{"time", R"({"type": "string", "format": "date-time"})",
             R"("2026-11-21T14:03:20.000Z")"},
    BaseType{"uid", R"({"type": "string", "pattern": "^[0-9]{1,19}$"})",
             R"("4611686018427387904")"},
    BaseType{"any", "{}", ""},
    BaseType{"object", R"({"type": "object", "additionalProperties": true})", ""}};

struct Unit {
  std::string_view ending, unit, words;
};
constexpr std::array kUnits = {Unit{"_us", "us", "Microseconds."},
                               Unit{"_ms", "ms", "Milliseconds."}, Unit{"_s", "s", "Seconds."}};

const BaseType* base_type(std::string_view name) {
  const auto* const found = std::ranges::find(kBaseTypes, name, &BaseType::name);
  return found == kBaseTypes.end() ? nullptr : found;
}

Json words_of(std::string_view words) {
  Json list = Json::array();
  for (const auto word : std::views::split(words, '|')) {
    list.push_back(std::string_view(word));
  }
  return list;
}

Json schema_of_base(std::string_view base) {
  if (const BaseType* const known = base_type(base)) {
    return Json::parse(known->schema);
  }
  if (base.starts_with('"')) {
    return {{"const", base.substr(1, base.size() - 2)}};
  }
  if (base.contains('|')) {
    return {{"type", "string"}, {"enum", words_of(base)}};
  }
  CHECK(base.front() >= 'A' && base.front() <= 'Z', "a type of the tables is known or a schema");
  return {{"$ref", fmt::format("#/components/schemas/{}", base)}};
}

// "or null", as short as the schema allows.
Json nullable(Json schema) {
  if (schema.contains("type")) {
    schema["type"] = Json::array({schema["type"], "null"});
    if (schema.contains("enum")) {
      schema["enum"].push_back(nullptr);
    }
    return schema;
  }
  return {{"anyOf", Json::array({std::move(schema), {{"type", "null"}}})}};
}

Json schema_of_choice(std::string_view type) {
  const bool has_null = type.ends_with('?');
  type.remove_suffix(has_null ? 1 : 0);
  const bool is_list = type.ends_with("[]");
  const bool is_map = type.ends_with("{}");
  type.remove_suffix(is_list || is_map ? 2 : 0);
  Json schema = schema_of_base(type);
  if (is_list) {
    schema = {{"type", "array"}, {"items", std::move(schema)}};
  } else if (is_map) {
    schema = {{"type", "object"}, {"additionalProperties", std::move(schema)}};
  }
  return has_null ? nullable(std::move(schema)) : schema;
}

std::string_view without_optional(std::string_view name) {
  name.remove_suffix(name.ends_with('?') ? 1 : 0);
  return name;
}

void add_example(Json& schema, const Property& property) {
  if (!property.example.empty()) {
    schema["examples"] = Json::array({Json::parse(property.example)});
    return;
  }
  std::string_view type = property.type;
  type.remove_suffix(type.ends_with('?') ? 1 : 0);
  const BaseType* const known = base_type(type);
  if (known != nullptr && !known->example.empty()) {
    schema["examples"] = Json::array({Json::parse(known->example)});
  } else if (type.contains('|') && !type.ends_with(']')) {
    schema["examples"] = Json::array({words_of(type).front()});
  }
}

Json schema_of_property(const Property& property) {
  Json schema = schema_of_type(property.type);
  std::string help(property.help);
  const std::string_view name = without_optional(property.name);
  for (const Unit& unit : kUnits) {
    const bool is_time = property.type.starts_with("count") || property.type == "number";
    if (name.ends_with(unit.ending) && is_time) {
      help = fmt::format("{} {}", help, unit.words);
      schema["x-unit"] = unit.unit;
    }
  }
  schema["description"] = help;
  add_example(schema, property);
  return schema;
}

void add_properties(Json& schema, const ObjectSchema& object,
                    const std::vector<ObjectSchema>& all) {
  for (const std::string_view name : object.includes) {
    const auto found = std::ranges::find(all, name, &ObjectSchema::name);
    CHECK(found != all.end(), "an included schema is in the tables");
    add_properties(schema, *found, all);
  }
  for (const Property& property : object.properties) {
    const std::string_view name = without_optional(property.name);
    Json& required = schema["required"];
    const bool is_new = !schema["properties"].contains(name);
    schema["properties"][std::string(name)] = schema_of_property(property);
    if (is_new && name == property.name) {
      required.push_back(name);
    }
  }
}

}  // namespace

Json schema_of_type(std::string_view type) {
  if (!type.contains(kOr)) {
    return schema_of_choice(type);
  }
  Json choices = Json::array();
  for (const auto choice : std::views::split(type, kOr)) {
    choices.push_back(schema_of_choice(std::string_view(choice)));
  }
  return {{"anyOf", std::move(choices)}};
}

Json schemas_by_name(const std::vector<ObjectSchema>& schemas) {
  Json by_name = Json::object();
  for (const ObjectSchema& object : schemas) {
    Json schema = {{"type", "object"},
                   {"description", object.help},
                   {"properties", Json::object()},
                   {"required", Json::array()}};
    add_properties(schema, object, schemas);
    if (!object.only.empty()) {
      schema["required"] = object.only;
    }
    if (schema["required"].empty()) {
      schema.erase("required");
    }
    CHECK(!by_name.contains(object.name), "every schema has a name of its own");
    by_name[std::string(object.name)] = std::move(schema);
  }
  return by_name;
}

}  // namespace tocsin
