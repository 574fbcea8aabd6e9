#include "config/reference_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/time.h"
#include "config/other_fields.h"

namespace tocsin {
namespace {

std::string linked(std::string_view word, std::string_view section) {
  return fmt::format("[{}](#{})", word, section);
}

// A map with rows of its own, or with keys of the user's choice, has a section of its own name;
// only headers has neither.
std::string map_type(const Field& field) {
  return field.name == "headers" ? "map of texts" : linked("map", field.name);
}

std::string type_text(const Field& field) {
  switch (field.type) {
    case FieldType::text:
      return "text";
    case FieldType::identifier:
      return field.name == "preset" ? linked("preset", "presets") : "id";
    case FieldType::target:
      return "host:port";
    case FieldType::duration:
      return linked("duration", "durations");
    case FieldType::number:
      return "whole number";
    case FieldType::boolean:
      return "`true` or `false`";
    case FieldType::choice:
      return "word";
    case FieldType::text_list:
      return "list of texts";
    case FieldType::request:
      return "text, or list of " + linked("steps", "request");
    case FieldType::tls:
      return "word, or " + linked("map", "tls");
    case FieldType::assertions:
      return "list of " + linked("assertions", "assert");
    case FieldType::retry:
      return "word, or " + linked("map", "retry");
    case FieldType::alert:
      return linked("map", "alert");
    case FieldType::locations:
      return "`any`, or " + linked("map", "alertlocations");
    case FieldType::reminders:
      return linked("map", "alertreminders");
    case FieldType::escalation:
      return "list of " + linked("maps", "alertescalate");
    case FieldType::for_each:
      return linked("list of ports or hosts", "for_each");
    case FieldType::map:
      return map_type(field);
  }
  return {};
}

std::string choices_text(std::string_view choices) {
  std::string text;
  while (!choices.empty()) {
    const size_t bar = std::min(choices.find('|'), choices.size());
    text += (text.empty() ? "" : ", ") + code(choices.substr(0, bar));
    choices.remove_prefix(std::min(bar + 1, choices.size()));
  }
  return text;
}

std::string limits_text(const Field& field) {
  if (!field.choices.empty()) {
    return choices_text(field.choices);
  }
  if (field.min == 0 && field.max == 0) {
    return {};
  }
  const bool is_time = field.type == FieldType::duration;
  const auto shown = [&](int64_t value) {
    return is_time ? duration_text(Duration(value)) : fmt::format("{}", value);
  };
  const std::string unit = is_time || field.unit.empty() ? "" : fmt::format(" {}", field.unit);
  // The least duration above nothing is a microsecond, which says nothing to a reader.
  if (is_time ? field.min <= 1 : field.min == 0) {
    return fmt::format("{}at most {}{}", is_time && field.min == 1 ? "more than 0s, " : "",
                       shown(field.max), unit);
  }
  return field.min == field.max
             ? shown(field.max) + unit
             : fmt::format("{} to {}{}", shown(field.min), shown(field.max), unit);
}

std::string escaped_cell(std::string_view cell) {
  std::string text;
  for (const char c : cell) {
    text += c == '|' ? "\\|" : std::string(1, c);
  }
  return text;
}

}  // namespace

std::string code(std::string_view text) {
  return text.empty() ? std::string() : fmt::format("`{}`", text);
}

std::string table_row(std::initializer_list<std::string_view> cells) {
  std::string row = "|";
  for (const std::string_view cell : cells) {
    row += cell.empty() ? " - |" : fmt::format(" {} |", escaped_cell(cell));
  }
  return row + "\n";
}

std::string table_head(std::initializer_list<std::string_view> cells) {
  std::string line = "|";
  for (size_t i = 0; i < cells.size(); ++i) {
    line += "---|";
  }
  return table_row(cells) + line + "\n";
}

std::string field_table(std::span<const Field> fields) {
  std::string table =
      table_head({"field", "meaning", "type", "default", "limits, choices", "example"});
  for (const Field& field : fields) {
    table += table_row({code(field.name), field.help, type_text(field),
                        field.required ? "required" : code(field.default_text), limits_text(field),
                        code(field.example)});
  }
  return table;
}

}  // namespace tocsin
