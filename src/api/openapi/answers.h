// The answers of one route as the document has them: what it gives, and the problems it may tell.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "api/openapi/operations.h"
#include "api/router.h"

namespace tocsin {

// The `responses` of an operation. Problems are named; what the names stand for is put into `named`
// (components/responses).
nlohmann::ordered_json answers_of(const Route& route, const Operation& operation,
                                  nlohmann::ordered_json& named);

}  // namespace tocsin
