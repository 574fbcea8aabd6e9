// JSON Schema (draft 07, what editors read) of the configuration, made from the field table.
#pragma once

#include <string>

namespace tocsin {

std::string config_schema_json();  // pretty printed

}  // namespace tocsin
