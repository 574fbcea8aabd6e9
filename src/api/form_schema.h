// The fields of a monitor for forms: name, type, unit, default, limits, choices, help, example.
#pragma once

#include <string>

namespace tocsin {

std::string monitor_schema_body();

}  // namespace tocsin
