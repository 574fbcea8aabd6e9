// GET schema/monitor: the field table as JSON, for forms. The same table drives the reader and the
// reference page, so a form knows every field with its limits.
#include "api/form_schema.h"

#include <ranges>
#include <span>

#include "api/handlers.h"
#include "api/json_writer.h"
#include "model/field_table.h"

namespace tocsin {
namespace {

std::string_view type_name(FieldType type) {
  switch (type) {
    case FieldType::text:
      return "text";
    case FieldType::identifier:
      return "identifier";
    case FieldType::target:
      return "target";
    case FieldType::duration:
      return "duration";
    case FieldType::number:
      return "number";
    case FieldType::boolean:
      return "boolean";
    case FieldType::choice:
      return "choice";
    case FieldType::text_list:
      return "text_list";
    case FieldType::request:
      return "request";
    case FieldType::tls:
      return "tls";
    case FieldType::assertions:
      return "assertions";
    case FieldType::retry:
      return "retry";
    case FieldType::alert:
      return "alert";
    case FieldType::locations:
      return "locations";
    case FieldType::reminders:
      return "reminders";
    case FieldType::escalation:
      return "escalation";
    case FieldType::for_each:
      return "for_each";
    case FieldType::map:
      break;
  }
  return "map";
}

void write_optional(JsonWriter& json, std::string_view name, std::string_view value) {
  json.key(name);
  if (value.empty()) {
    json.null();
  } else {
    json.text(value);
  }
}

void write_limit(JsonWriter& json, std::string_view name, const Field& field, int64_t value) {
  json.key(name);
  if (field.min == 0 && field.max == 0) {
    json.null();
  } else {
    json.number(value);
  }
}

void write_choices(JsonWriter& json, std::string_view choices) {
  json.key("choices").begin_list();
  if (!choices.empty()) {
    for (const auto choice : std::views::split(choices, '|')) {
      json.text(std::string_view(choice));
    }
  }
  json.end_list();
}

void write_fields(JsonWriter& json, std::string_view name, std::span<const Field> fields) {
  json.key(name).begin_list();
  for (const Field& field : fields) {
    json.begin_object().field("name", field.name).field("type", type_name(field.type));
    write_optional(json, "unit", field.unit);
    write_optional(json, "default", field.default_text);
    write_limit(json, "min", field, field.min);
    write_limit(json, "max", field, field.max);
    write_choices(json, field.choices);
    json.field("required", field.required).field("help", field.help);
    write_optional(json, "example", field.example);
    json.end_object();
  }
  json.end_list();
}

}  // namespace

std::string monitor_schema_body() {
  JsonWriter json;
  json.begin_object();
  write_fields(json, "fields", monitor_fields());
  write_fields(json, "retry", retry_fields());
  write_fields(json, "alert", alert_fields());
  write_fields(json, "tls", tls_fields());
  json.end_object();
  return json.take();
}

void get_monitor_schema(ApiContext&, const ApiRequest&, const Respond& respond) {
  respond({.body = monitor_schema_body()});
}

}  // namespace tocsin
