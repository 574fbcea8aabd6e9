// The ONE table of routes.
#pragma once

#include <vector>

#include "api/router.h"

namespace tocsin {

std::vector<Route> api_routes();

}  // namespace tocsin
