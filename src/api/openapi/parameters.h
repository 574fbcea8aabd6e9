// Parameters of paths, queries and headers, and the headers of answers. Which query parameters a
// route knows stands in the route table; here is what each means.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace tocsin {

// All of them by name, for components/parameters and components/headers.
nlohmann::ordered_json parameter_components();
nlohmann::ordered_json header_components();

// {"$ref": ...} to one of them.
nlohmann::ordered_json query_parameter(std::string_view name);
nlohmann::ordered_json request_header(std::string_view name);
nlohmann::ordered_json answer_header(std::string_view name);
// `name` without braces; what it stands for follows from the path.
nlohmann::ordered_json path_parameter(std::string_view path, std::string_view name);

}  // namespace tocsin
