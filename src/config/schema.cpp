#include "config/schema.h"

#include "base/json.h"
#include "config/field_schema.h"
#include "config/other_fields.h"

namespace tocsin {

std::string config_schema_json() {
  using Json = FieldSchema::Json;
  const FieldSchema fields({});
  Json defaults = fields.object_of({});
  for (const Field& field : monitor_fields()) {
    if (field.in_defaults) {
      defaults["properties"][std::string(field.name)] = fields.value_of(field);
    }
  }
  Json schema = {{"$schema", "http://json-schema.org/draft-07/schema#"},
                 {"title", "Tocsin configuration"}};
  schema.update(fields.object_of(root_fields()));
  schema["definitions"] = {{"monitor", fields.object_of(monitor_fields())},
                           {"defaults", std::move(defaults)}};
  return dump_json(schema, 2);
}

}  // namespace tocsin
