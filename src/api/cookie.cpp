#include "api/cookie.h"

#include <fmt/format.h>

#include "api/session_book.h"

namespace tocsin {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t";
  const size_t begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) {
    return {};
  }
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

std::string set_cookie(std::string_view value, int64_t age_s) {
  return fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; Secure; SameSite=Strict", kSessionCookie,
                     value, age_s);
}

}  // namespace

std::string_view cookie_value(std::string_view header, std::string_view name) {
  std::string_view found;
  bool is_found = false;
  while (!header.empty()) {
    const size_t end = header.find(';');
    const std::string_view pair = trimmed(header.substr(0, end));
    header = end == std::string_view::npos ? std::string_view() : header.substr(end + 1);
    const size_t equals = pair.find('=');
    if (equals == std::string_view::npos || trimmed(pair.substr(0, equals)) != name) {
      continue;
    }
    if (is_found) {
      return {};
    }
    is_found = true;
    found = trimmed(pair.substr(equals + 1));
  }
  return found;
}

std::string session_cookie(std::string_view id) {
  return set_cookie(id, std::chrono::duration_cast<std::chrono::seconds>(kSessionLife).count());
}

std::string cleared_session_cookie() { return set_cookie("", 0); }

}  // namespace tocsin
