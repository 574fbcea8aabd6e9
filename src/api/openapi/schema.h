// The shapes of what the API sends and takes, as tables: a row a property, its type as a short
// text. What is sent is written by the JSON writers beside their handlers;
// tests/e2e/contract_test.py holds every answer against these tables.
//
//   type    = choice { " or " choice }
//   choice  = base [ "[]" | "{}" ] [ "?" ]   a list of it, or a map of it by id; or null
//   base    = "string" | "integer" | "count" (not negative) | "number" | "share" (0 to 1) |
//   "boolean"
//           | "time" (RFC 3339) | "uid" | "any" | "object" | "a|b" (one of these words)
//           | `"word"` (this word) | Name (a schema)
//
// A property whose name ends in "?" may be missing. A name that ends in _us, _ms or _s has that
// unit.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>
#include <vector>

namespace tocsin {

struct Property {
  std::string_view name;
  std::string_view type;
  std::string_view help;
  std::string_view example = {};  // JSON; empty: what the type has
};

struct ObjectSchema {
  std::string_view name;  // "MonitorRow"
  std::string_view help;
  std::vector<std::string_view>
      includes;  // schemas whose properties this one has too, before its own
  std::vector<Property> properties;
  std::vector<std::string_view> only = {};  // not empty: only these are always there
};

// The pieces, each in a file of its name.
std::vector<ObjectSchema> common_schemas();
std::vector<ObjectSchema> monitor_schemas();
std::vector<ObjectSchema> result_schemas();
std::vector<ObjectSchema> incident_schemas();
std::vector<ObjectSchema> server_schemas();
std::vector<ObjectSchema> channel_schemas();

// One type as a JSON Schema.
nlohmann::ordered_json schema_of_type(std::string_view type);
// All of `schemas` by name; `includes` are looked up among them.
nlohmann::ordered_json schemas_by_name(const std::vector<ObjectSchema>& schemas);
// The words that the model's tables name: Status, Verdict, ErrorName, ...
nlohmann::ordered_json word_schemas();

}  // namespace tocsin
