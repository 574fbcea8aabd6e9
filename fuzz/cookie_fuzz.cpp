// The Cookie header. Property: what is found is a whole value of the header, without the signs that
// end one; ours is found in front of and behind whatever does not name it, and of two neither is.
#include <cstdint>

#include "api/cookie.h"
#include "base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using tocsin::cookie_value;
  using tocsin::kSessionCookie;
  const std::string header(reinterpret_cast<const char*>(data), size);
  const std::string_view found = cookie_value(header, kSessionCookie);
  CHECK(found.empty() || header.find(found) != std::string::npos, "a value is part of the header");
  CHECK(found.find(';') == std::string_view::npos, "a value ends where the pair does");
  CHECK(found.empty() || (found.front() != ' ' && found.back() != ' '), "no space around it");

  const std::string own = std::string(kSessionCookie) + "=value";
  const std::string both = header + ";" + own;
  if (header.find(kSessionCookie) == std::string::npos) {
    CHECK(found.empty(), "no value without the name");
    CHECK(cookie_value(both, kSessionCookie) == "value", "found behind anything");
    CHECK(cookie_value(own + ";" + header, kSessionCookie) == "value",
          "found in front of anything");
  }
  CHECK(found.empty() || cookie_value(both, kSessionCookie).empty(), "of two none");
  return 0;
}
