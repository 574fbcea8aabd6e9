// One function for each kind of row; the rows say all else, so the schema has no field of its own.
#include "config/schema.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/limits.h"
#include "config/other_fields.h"
#include "config/schema_example.h"

namespace tocsin {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kReferencePattern = R"(\$\{(env|file):)";
constexpr std::string_view kDurationPattern =
    R"(^([0-9]+(\.[0-9]+)?(us|ms|s|m|h|d|y))+$|\$\{(env|file):)";
constexpr std::string_view kIdPattern = R"(^[A-Za-z0-9_\-/#.]+$)";
constexpr std::string_view kTargetPattern = R"(^(unix:/.+|[^/@ ]+)$|\$\{(env|file):)";

Json object_of(std::span<const Field> fields);
Json value_of(const Field& field);

// What an editor shows beside the field and offers as its value.
void describe(Json& schema, const Field& field) {
  schema["description"] = field.default_text.empty()
                              ? std::string(field.help)
                              : fmt::format("{} Default: {}.", field.help, field.default_text);
  schema["examples"] = Json::array({example_value(field)});
}

Json text_schema() { return {{"type", "string"}}; }

// Any value may be a reference, and that is a text whatever it stands for.
Json or_reference(Json schema) {
  return {{"anyOf",
           Json::array({std::move(schema), {{"type", "string"}, {"pattern", kReferencePattern}}})}};
}

Json number_schema(const Field& field) {
  Json schema = {{"type", "integer"}};
  if (field.min != 0 || field.max != 0) {
    schema["minimum"] = field.min;
    schema["maximum"] = field.max;
  }
  return or_reference(std::move(schema));
}

Json choice_schema(const Field& field) {
  Json words = Json::array();
  std::string_view rest = field.choices;
  while (!rest.empty()) {
    const size_t bar = std::min(rest.find('|'), rest.size());
    words.push_back(rest.substr(0, bar));
    rest.remove_prefix(std::min(bar + 1, rest.size()));
  }
  return or_reference({{"enum", std::move(words)}});
}

Json list_of(Json item, const Field& field) {
  Json schema = {{"type", "array"}, {"items", std::move(item)}};
  if (field.min > 0) {
    schema["minItems"] = field.min;
  }
  if (field.max > 0) {
    schema["maxItems"] = field.max;
  }
  return schema;
}

Json either(Json one, Json other) {
  return {{"anyOf", Json::array({std::move(one), std::move(other)})}};
}

// Exactly one of the keys of `fields`.
Json one_key_of(std::span<const Field> fields) {
  Json schema = object_of(fields);
  schema["minProperties"] = 1;
  schema["maxProperties"] = 1;
  return schema;
}

Json request_schema(const Field& field) {
  Json step = object_of({});
  for (const Field& row : step_fields()) {
    Json value = row.name == "send"     ? either(text_schema(), one_key_of(send_fields()))
                 : row.name == "expect" ? either(text_schema(), object_of(expect_fields()))
                                        : value_of(row);
    describe(value, row);
    step["properties"][std::string(row.name)] = std::move(value);
  }
  step["minProperties"] = 1;
  step["maxProperties"] = 1;
  Json steps = list_of(either(std::move(step), {{"const", "starttls"}}), field);
  return either(text_schema(), std::move(steps));
}

// A map with free keys that all have the same form.
Json map_of(Json value) { return {{"type", "object"}, {"additionalProperties", std::move(value)}}; }

Json monitor_schema() { return {{"$ref", "#/definitions/monitor"}}; }

Json map_schema(const Field& field) {
  if (field.name == "monitors" || field.name == "channels") {
    Json schema = map_of(field.name == "monitors" ? monitor_schema() : object_of(channel_fields()));
    schema["propertyNames"] = {{"pattern", kIdPattern}, {"maxLength", kMonitorIdBytesMax}};
    return schema;
  }
  if (field.name == "defaults") {
    return {{"$ref", "#/definitions/defaults"}};
  }
  if (field.name == "headers") {
    return map_of(text_schema());
  }
  return object_of(fields_below(field));
}

Json plain_schema(const Field& field) {
  switch (field.type) {
    case FieldType::text:
      return text_schema();
    case FieldType::identifier:
      return or_reference({{"type", "string"}, {"pattern", kIdPattern}});
    case FieldType::target:
      return {{"type", "string"}, {"pattern", kTargetPattern}};
    case FieldType::duration:
      return {{"type", "string"}, {"pattern", kDurationPattern}};
    case FieldType::number:
      return number_schema(field);
    case FieldType::boolean:
      return or_reference({{"type", "boolean"}});
    case FieldType::choice:
      return choice_schema(field);
    case FieldType::text_list:
      return list_of(text_schema(), field);
    case FieldType::for_each:
      return list_of({{"type", Json::array({"string", "integer"})}}, field);
    case FieldType::request:
      return request_schema(field);
    case FieldType::tls:
      return either(choice_schema(tls_fields().front()), object_of(tls_fields()));
    case FieldType::assertions:
      return list_of(either(text_schema(), object_of(assertion_fields())), field);
    case FieldType::retry:
      return either(choice_schema(retry_fields().front()), object_of(retry_fields()));
    case FieldType::alert:
      return object_of(alert_fields());
    case FieldType::locations:
      return either({{"const", "any"}}, one_key_of(quorum_fields()));
    case FieldType::reminders:
      return object_of(reminder_fields());
    case FieldType::escalation:
      return list_of(object_of(escalation_fields()), field);
    case FieldType::map:
      return map_schema(field);
  }
  return {};
}

Json value_of(const Field& field) {
  Json schema = plain_schema(field);
  // Beside $ref draft 07 reads nothing else.
  if (schema.contains("$ref")) {
    schema = {{"allOf", Json::array({std::move(schema)})}};
  }
  describe(schema, field);
  return schema;
}

Json object_of(std::span<const Field> fields) {
  Json schema = {
      {"type", "object"}, {"additionalProperties", false}, {"properties", Json::object()}};
  Json required = Json::array();
  for (const Field& field : fields) {
    schema["properties"][std::string(field.name)] = value_of(field);
    if (field.required) {
      required.push_back(field.name);
    }
  }
  if (!required.empty()) {
    schema["required"] = std::move(required);
  }
  return schema;
}

Json defaults_schema() {
  Json schema = object_of({});
  for (const Field& field : monitor_fields()) {
    if (field.in_defaults) {
      schema["properties"][std::string(field.name)] = value_of(field);
    }
  }
  return schema;
}

}  // namespace

std::string config_schema_json() {
  Json schema = {{"$schema", "http://json-schema.org/draft-07/schema#"},
                 {"title", "Tocsin configuration"}};
  schema.update(object_of(root_fields()));
  schema["definitions"] = {{"monitor", object_of(monitor_fields())},
                           {"defaults", defaults_schema()}};
  return schema.dump(2);
}

}  // namespace tocsin
