#include "api/dispatch.h"

#include "api/forgery.h"

namespace tocsin {

std::variant<const Route*, ApiResponse> admit(std::span<const Route> routes, Authenticator& tokens,
                                              const AdmitFacts& facts, ApiRequest& request) {
  const auto refuse = [&request](const Problem& problem) {
    return problem_response(problem, request.request_id);
  };
  const auto found = find_route(routes, request);
  if (const auto* problem = std::get_if<Problem>(&found)) {
    return refuse(*problem);
  }
  const Route& route = *std::get<const Route*>(found);
  // Bad credentials are refused on open paths too: a mistyped token should be noticed, not ignored.
  auto caller = tokens.identify(request, facts.now);
  if (!caller) {
    return refuse(caller.error());
  }
  request.caller = std::move(*caller);
  if (const auto problem = refuse_forged(request, facts.public_url)) {
    return refuse(*problem);
  }
  if (const auto problem = refuse_scope(route, request.caller)) {
    return refuse(*problem);
  }
  if (const auto problem = refuse_query(route, request)) {
    return refuse(*problem);
  }
  return &route;
}

}  // namespace tocsin
