#include "api/forgery.h"

#include <algorithm>
#include <string>

#include "api/token.h"
#include "base/letter_case.h"

namespace tocsin {
namespace {

struct Origin {
  std::string scheme, host;  // host with its port, unless the scheme implies it
};

std::string without_port(std::string host, std::string_view scheme) {
  const std::string_view implied = scheme == "https" ? ":443" : ":80";
  if (host.ends_with(implied)) {
    host.erase(host.size() - implied.size());
  }
  return host;
}

// Of an origin or of a URL, whose path is left out. Nothing: it is neither.
std::optional<Origin> origin_of(std::string_view text) {
  const size_t colon = text.find("://");
  if (colon == std::string_view::npos) {
    return std::nullopt;
  }
  std::string scheme = ascii_lower(text.substr(0, colon));
  const std::string_view rest = text.substr(colon + 3);
  const std::string_view host = rest.substr(0, rest.find('/'));
  if (host.empty() || (scheme != "http" && scheme != "https")) {
    return std::nullopt;
  }
  std::string shown = without_port(ascii_lower(host), scheme);
  return Origin{.scheme = std::move(scheme), .host = std::move(shown)};
}

bool is_safe(std::string_view method) { return method == "GET" || method == "HEAD"; }

Problem forged(std::string_view code, std::string_view detail) {
  return {.status = 403, .code = std::string(code), .detail = std::string(detail)};
}

}  // namespace

bool is_own_origin(std::string_view origin, std::string_view host, std::string_view public_url) {
  const auto sent = origin_of(origin);
  if (!sent) {
    return false;
  }
  // A proxy in front of us may end TLS, so the scheme that the browser saw is not ours to compare.
  if (!host.empty() && sent->host == without_port(ascii_lower(host), sent->scheme)) {
    return true;
  }
  // And it may ask us under another Host.
  const auto known = origin_of(public_url);
  return known && known->scheme == sent->scheme && known->host == sent->host;
}

std::optional<Problem> refuse_forged(const ApiRequest& request, std::string_view public_url) {
  const Caller& caller = request.caller;
  const bool by_browser = caller.session.has_value() || caller.scope == Scope::none;
  if (is_safe(request.method) || !by_browser) {
    return std::nullopt;
  }
  const std::string_view origin = request.header("origin");
  if (!origin.empty() && !is_own_origin(origin, request.header("host"), public_url)) {
    return forged("origin",
                  "This comes from a page of another site (Origin). If it is yours, start the "
                  "server with --public-url and the address that people open.");
  }
  if (caller.session && !same_secret(caller.session->csrf_token, request.header("x-csrf-token"))) {
    return forged("csrf",
                  "A request with the session's cookie needs the header X-CSRF-Token with the "
                  "csrf_token of GET /api/v1/session.");
  }
  return std::nullopt;
}

}  // namespace tocsin
