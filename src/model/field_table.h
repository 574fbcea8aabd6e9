// The ONE table of a monitor's fields: name, type, unit, default, limits and help. YAML reading and
// its messages, the JSON Schema, the reference page and (later) OpenAPI and form metadata are
// driven by it; tests/parity proves that none has a field of its own.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace tocsin {

enum class FieldType : uint8_t {
  text,        // limits: bytes
  identifier,  // letters, digits, _ - / # .
  target,      // host:port
  duration,    // limits in microseconds
  number,      // whole number with limits
  boolean,
  choice,      // one of `choices`, separated by '|'
  text_list,   // limits: number of items
  request,     // nothing, text, or a list of steps
  tls,         // a mode, or a map (tls table)
  assertions,  // list of text or of maps
  retry,       // a strategy, or a map (retry table)
  alert,       // a map (alert table)
  locations,   // any | {at_least: M} | {percent: P}
  reminders,   // {every, count}
  escalation,  // list of {after, channels}
  for_each,    // list of ports or hosts
  map,         // a map with rows of its own (config/other_fields.h)
};

struct Field {
  std::string_view name;
  FieldType type;
  std::string_view unit;          // "us", "bytes", "items", ""
  std::string_view default_text;  // as written in YAML; empty = none
  int64_t min = 0, max = 0;       // 0,0 = no limit
  std::string_view choices;       // of a choice
  bool required = false;
  bool in_defaults = false;  // may stand under `defaults`
  std::string_view help;     // one sentence
  std::string_view example;  // YAML of the value
};

std::span<const Field> monitor_fields();
std::span<const Field> retry_fields();
std::span<const Field> alert_fields();
std::span<const Field> tls_fields();
const Field* find_field(std::span<const Field> fields, std::string_view name);

}  // namespace tocsin
