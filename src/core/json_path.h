// The part of JSON path (RFC 9535) that a check needs: $, .key, ['key'], ["key"], [n], [-n], [*],
// .*, and .length as Checkly has it. No filters, slices, unions or `..`: their errors say so. Every
// match, in document order.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/json_value.h"

namespace tocsin {

// Well formed? Errors name the position (byte, from 0) and what was expected there.
Result<void> check_json_path(std::string_view path);
// Copies of what the path finds; nothing found is an empty list, not an error.
Result<std::vector<JsonValue>> json_path_select(std::string_view path, const JsonValue& document);

}  // namespace tocsin
