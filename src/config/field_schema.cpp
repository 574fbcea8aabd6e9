#include "config/field_schema.h"

#include <fmt/format.h>

#include "base/limits.h"
#include "config/other_fields.h"
#include "config/schema_example.h"

namespace tocsin {
namespace {

using Json = FieldSchema::Json;

constexpr std::string_view kReferencePattern = R"(\$\{(env|file):)";
constexpr std::string_view kDurationPattern = R"(^([0-9]+(\.[0-9]+)?(us|ms|s|m|h|d|y))+$)";
constexpr std::string_view kIdPattern = R"(^[A-Za-z0-9_\-/#.]+$)";
constexpr std::string_view kTargetPattern = R"(^(unix:/.+|[^/@ ]+)$)";

// What an editor shows beside the field and offers as its value.
void describe(Json& schema, const Field& field) {
  schema["description"] = field.default_text.empty()
                              ? std::string(field.help)
                              : fmt::format("{} Default: {}.", field.help, field.default_text);
  schema["examples"] = Json::array({example_value(field)});
}

Json any_text() { return {{"type", "string"}}; }

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

// A map with free keys that all have the same form.
Json map_of(Json value) { return {{"type", "object"}, {"additionalProperties", std::move(value)}}; }

}  // namespace

// A list is replaced as a whole, also by a patch.
FieldSchema FieldSchema::of_items() const {
  SchemaForm form = form_;
  form.is_patch = false;
  return FieldSchema(form);
}

Json FieldSchema::part(std::string_view name, Json in_place) const {
  return form_.parts.empty() ? std::move(in_place)
                             : Json{{"$ref", fmt::format("{}{}", form_.parts, name)}};
}

// A map below a patch is a patch itself.
Json FieldSchema::patched_part(std::string_view name, std::span<const Field> fields) const {
  return form_.is_patch ? part(fmt::format("{}Patch", name), object_of(fields))
                        : part(name, object_of(fields));
}

// Any value may be a reference, and that is a text whatever it stands for.
Json FieldSchema::or_reference(Json schema) const {
  return form_.has_references
             ? either(std::move(schema), {{"type", "string"}, {"pattern", kReferencePattern}})
             : schema;
}

// Bytes are at least as many as letters, so none that fits is refused.
Json FieldSchema::text(const Field& field) const {
  Json schema = any_text();
  if (!form_.has_references && field.unit == "bytes") {
    if (field.min > 0) {
      schema["minLength"] = 1;
    }
    schema["maxLength"] = field.max;
  }
  return schema;
}

Json FieldSchema::pattern(std::string_view pattern) const {
  return {{"type", "string"},
          {"pattern", form_.has_references ? fmt::format("{}|{}", pattern, kReferencePattern)
                                           : std::string(pattern)}};
}

Json FieldSchema::number(const Field& field) const {
  Json schema = {{"type", "integer"}};
  if (field.min != 0 || field.max != 0) {
    schema["minimum"] = field.min;
    schema["maximum"] = field.max;
  }
  return or_reference(std::move(schema));
}

Json FieldSchema::choice(const Field& field) const {
  Json words = Json::array();
  std::string_view rest = field.choices;
  while (!rest.empty()) {
    const size_t bar = std::min(rest.find('|'), rest.size());
    words.push_back(rest.substr(0, bar));
    rest.remove_prefix(std::min(bar + 1, rest.size()));
  }
  Json schema = {{"enum", std::move(words)}};
  if (!form_.has_references) {
    schema["type"] = "string";
  }
  return or_reference(std::move(schema));
}

Json FieldSchema::one_key_of(std::span<const Field> fields) const {
  Json schema = object_of(fields);
  schema["minProperties"] = 1;
  schema["maxProperties"] = 1;
  return schema;
}

Json FieldSchema::bytes() const {
  Json schema = one_key_of(send_fields());
  if (form_.is_shown) {
    schema["properties"]["hidden"] = {
        {"type", "integer"},
        {"minimum", 0},
        {"description",
         "This many bytes are sent and not shown: they may be a secret of the project's file."},
        {"examples", Json::array({16})}};
  }
  return schema;
}

Json FieldSchema::step() const {
  Json step = object_of({});
  for (const Field& row : step_fields()) {
    Json value =
        row.name == "send"
            ? either(any_text(), part(form_.is_shown ? "ShownBytes" : "SendBytes", bytes()))
        : row.name == "expect"
            ? either(any_text(), part("ExpectedBytes", object_of(expect_fields())))
            : value_of(row);
    describe(value, row);
    step["properties"][std::string(row.name)] = std::move(value);
  }
  step["minProperties"] = 1;
  step["maxProperties"] = 1;
  return step;
}

Json FieldSchema::request(const Field& field) const {
  const FieldSchema items = of_items();
  Json step = part(form_.is_shown ? "ShownStep" : "RequestStep", items.step());
  return either(any_text(), list_of(either(std::move(step), {{"const", "starttls"}}), field));
}

Json FieldSchema::map(const Field& field) const {
  if (field.name == "monitors" || field.name == "channels") {
    Json schema = map_of(field.name == "monitors" ? Json{{"$ref", "#/definitions/monitor"}}
                                                  : object_of(channel_fields()));
    schema["propertyNames"] = {{"pattern", kIdPattern}, {"maxLength", kMonitorIdBytesMax}};
    return schema;
  }
  if (field.name == "defaults") {
    return {{"$ref", "#/definitions/defaults"}};
  }
  if (field.name == "headers") {
    return map_of(form_.is_patch ? Json{{"type", Json::array({"string", "null"})}} : any_text());
  }
  if (field.name == "smtp") {
    return patched_part("SmtpDefinition", smtp_fields());
  }
  return object_of(fields_below(field));
}

Json FieldSchema::plain(const Field& field) const {
  const FieldSchema items = of_items();
  switch (field.type) {
    case FieldType::text:
      return text(field);
    case FieldType::identifier:
      return or_reference({{"type", "string"}, {"pattern", kIdPattern}});
    case FieldType::target:
      return pattern(kTargetPattern);
    case FieldType::duration:
      return pattern(kDurationPattern);
    case FieldType::number:
      return number(field);
    case FieldType::boolean:
      return or_reference({{"type", "boolean"}});
    case FieldType::choice:
      return choice(field);
    case FieldType::text_list:
      return list_of(any_text(), field);
    case FieldType::for_each:
      return list_of({{"type", Json::array({"string", "integer"})}}, field);
    case FieldType::request:
      return request(field);
    case FieldType::tls:
      return either(choice(tls_fields().front()), patched_part("TlsDefinition", tls_fields()));
    case FieldType::assertions:
      return list_of(
          either(any_text(), part("AssertionDefinition", items.object_of(assertion_fields()))),
          field);
    case FieldType::retry:
      return either(choice(retry_fields().front()),
                    patched_part("RetryDefinition", retry_fields()));
    case FieldType::alert:
      return patched_part("AlertDefinition", alert_fields());
    case FieldType::locations:
      return either({{"const", "any"}}, form_.is_patch
                                            ? part("QuorumPatch", object_of(quorum_fields()))
                                            : part("Quorum", one_key_of(quorum_fields())));
    case FieldType::reminders:
      return patched_part("RemindersDefinition", reminder_fields());
    case FieldType::escalation:
      return list_of(part("EscalationDefinition", items.object_of(escalation_fields())), field);
    case FieldType::map:
      return map(field);
  }
  return {};
}

Json FieldSchema::value_of(const Field& field) const {
  Json schema = plain(field);
  if (form_.is_patch) {
    schema = either(std::move(schema), {{"type", "null"}});
  }
  // Beside $ref draft 07 reads nothing else.
  if (form_.parts.empty() && schema.contains("$ref")) {
    schema = {{"allOf", Json::array({std::move(schema)})}};
  }
  describe(schema, field);
  return schema;
}

Json FieldSchema::object_of(std::span<const Field> fields) const {
  Json schema = {
      {"type", "object"}, {"additionalProperties", false}, {"properties", Json::object()}};
  Json required = Json::array();
  for (const Field& field : fields) {
    schema["properties"][std::string(field.name)] = value_of(field);
    if (field.required && !form_.is_patch) {
      required.push_back(field.name);
    }
  }
  if (!required.empty()) {
    schema["required"] = std::move(required);
  }
  return schema;
}

}  // namespace tocsin
