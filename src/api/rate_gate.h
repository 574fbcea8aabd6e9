// The limit of requests in front of every handler: whose bucket a request takes from, and what the
// answers say of it. Counted is the credential: a token, a session of a browser, and for whoever
// has neither the client's address (of IPv6 the /64). Free are the local socket, which is the
// operator's, and /livez and /readyz: who watches over us must not be refused for what others do.
// An event stream is one request, however long it goes on.
//
//   RateLimit-Limit: 200  RateLimit-Remaining: 117  RateLimit-Reset: 2   (seconds until it is 200)
#pragma once

#include <optional>
#include <vector>

#include "api/message.h"
#include "api/problem.h"
#include "api/request_limiter.h"

namespace tocsin {

// Empty: not limited. request.caller must be filled in as far as it is known.
std::string rate_key(const ApiRequest& request);

struct RateVerdict {
  std::vector<NamedValue> headers;  // for the answer, whatever it is
  std::optional<Problem> refusal;   // 429 too_many_requests with Retry-After
};
RateVerdict take_request(RequestLimiter& limiter, const ApiRequest& request, SteadyTime now);

}  // namespace tocsin
