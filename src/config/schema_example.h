// The example of a row, written in YAML, as the JSON value that an editor would have read.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "model/field_table.h"

namespace tocsin {

nlohmann::ordered_json example_value(const Field& field);

}  // namespace tocsin
