// dispatch: from a request to its handler: route, then who is asking, then whether they may. The
// one gate in front of every handler.
#pragma once

#include <span>

#include "api/auth.h"
#include "api/router.h"

namespace tocsin {

// The route to run, with request.caller and the rest filled in; or the answer that ends it here.
std::variant<const Route*, ApiResponse> admit(std::span<const Route> routes,
                                              const Authenticator& tokens, ApiRequest& request);

}  // namespace tocsin
