#include "api/rate_gate.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "api/connection_count.h"

namespace tocsin {
namespace {

int64_t whole_seconds(Duration time) {
  return std::chrono::ceil<std::chrono::seconds>(time).count();
}

bool is_watch_on_us(const ApiRequest& request) {
  const std::string_view path =
      std::string_view(request.target).substr(0, request.target.find('?'));
  return path == "/livez" || path == "/readyz";
}

}  // namespace

// The kinds differ in their first word, so that no name can pretend to be of another.
std::string rate_key(const ApiRequest& request) {
  if (request.local_user || is_watch_on_us(request)) {
    return {};
  }
  if (request.caller.session) {
    return "session " + request.caller.session->session_hash;
  }
  if (!request.caller.id.empty()) {
    return "token " + request.caller.id;
  }
  return "client " + client_network(request.peer.ip).text();
}

RateVerdict take_request(RequestLimiter& limiter, const ApiRequest& request, SteadyTime now) {
  const std::string key = rate_key(request);
  if (key.empty()) {
    return {};
  }
  const RequestLimiter::Answer answer = limiter.take(key, now);
  RateVerdict verdict{
      .headers = {{"RateLimit-Limit", fmt::to_string(limiter.burst())},
                  {"RateLimit-Remaining", fmt::to_string(answer.left)},
                  {"RateLimit-Reset", fmt::to_string(whole_seconds(answer.until_full))}},
      .refusal = std::nullopt};
  if (answer.is_refused()) {
    const int64_t seconds = std::max<int64_t>(whole_seconds(answer.wait), 1);
    verdict.refusal =
        Problem{.status = 429,
                .code = "too_many_requests",
                .detail = fmt::format(
                    "More requests than this server takes from one {}: try again in {} s.",
                    request.caller.session      ? "session"
                    : request.caller.id.empty() ? "address"
                                                : "token",
                    seconds),
                .headers = {{"Retry-After", fmt::to_string(seconds)}}};
  }
  return verdict;
}

}  // namespace tocsin
