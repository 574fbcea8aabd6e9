// dispatch: from a request to its handler: route, then who is asking, then whether they mean it
// (forgery.h), then whether they may. The one gate in front of every handler.
#pragma once

#include <span>

#include "api/auth.h"
#include "api/router.h"

namespace tocsin {

struct AdmitFacts {
  SystemTime now{};
  std::string_view public_url;  // an Origin of this address is ours
};

// The route to run, with request.caller and the rest filled in; or the answer that ends it here.
std::variant<const Route*, ApiResponse> admit(std::span<const Route> routes, Authenticator& tokens,
                                              const AdmitFacts& facts, ApiRequest& request);

}  // namespace tocsin
