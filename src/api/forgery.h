// Requests that a page of somebody else makes a browser send (CSRF, and sign-in by a stranger's
// password): refused by two independent signs, the Origin header and the session's CSRF token. A
// bearer token and the local socket need neither, as no browser adds them by itself. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "api/message.h"
#include "api/problem.h"

namespace tocsin {

// Nothing: go on. A 403 for an unsafe method
//   `origin`: whose Origin header names neither the Host that was asked nor `public_url`,
//   `csrf`:   of a session, without its token in X-CSRF-Token.
// Asked after request.caller is known.
std::optional<Problem> refuse_forged(const ApiRequest& request, std::string_view public_url);

// Whether "https://tocsin.example:8443" is the origin of a page of ours. Ports that the scheme
// implies may be left out on either side; "null" is nobody's.
bool is_own_origin(std::string_view origin, std::string_view host, std::string_view public_url);

}  // namespace tocsin
