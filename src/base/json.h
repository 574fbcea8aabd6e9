// JSON texts by nlohmann/json, read and written in one place: its parser and its writer are the
// costliest templates that we have, and every unit that calls them itself compiles them again.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace tocsin {

// What the text says; a value for which is_discarded() holds when it is not JSON. Never throws.
[[nodiscard]] nlohmann::json parse_json(std::string_view text);

// Each level indented by `indent` spaces; with kOneLine all of it on one line. What is not UTF-8
// becomes U+FFFD.
inline constexpr int kOneLine = -1;
[[nodiscard]] std::string dump_json(const nlohmann::json& json, int indent = kOneLine);
[[nodiscard]] std::string dump_json(const nlohmann::ordered_json& json, int indent = kOneLine);

}  // namespace tocsin
