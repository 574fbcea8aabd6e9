// The API's description, OpenAPI 3.1: made by the program from the route table, the field table and
// the tables of this folder. docs/openapi.json is a copy that a test keeps equal.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "api/openapi/operations.h"
#include "api/router.h"

namespace tocsin {

// Of all routes of the tables; those that this program does not have are left out.
std::vector<Operation> all_operations();

// `routes`: each has a row among all_operations(). Pretty printed, with a line feed at the end.
std::string openapi_document(std::span<const Route> routes, std::string_view version);
// Of this program's routes.
std::string openapi_document(std::string_view version);

}  // namespace tocsin
