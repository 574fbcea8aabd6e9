// The session's cookie (RFC 6265): reading it out of a Cookie header, and the two Set-Cookie values
// that we send. The __Host- prefix makes a browser refuse one that a sub-domain or plain HTTP set;
// SameSite=Strict keeps it at home; HttpOnly keeps scripts away from it.
#pragma once

#include <string>
#include <string_view>

namespace tocsin {

inline constexpr std::string_view kSessionCookie = "__Host-tocsin";

// The value of `name` in "a=1; b=2". Empty when it is absent, empty, or stands there twice: of two,
// nobody knows which one is ours.
std::string_view cookie_value(std::string_view header, std::string_view name);

// Lives as long as a session can; when it really ends is the server's to say.
std::string session_cookie(std::string_view id);
std::string cleared_session_cookie();

}  // namespace tocsin
