#include "notify/email/address.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/bytes.h"
#include "notify/safe_text.h"

namespace tocsin {
namespace {

constexpr size_t kAddressBytesMax = 254;  // RFC 5321 4.5.3.1.3 without the angle brackets
constexpr size_t kLocalBytesMax = 64;     // RFC 5321 4.5.3.1.1
constexpr size_t kDisplayBytesMax = 200;

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// dot-atom of RFC 5322 3.2.3; quoted local parts are not worth their danger.
bool is_dot_atom(std::string_view text, std::string_view others) {
  if (text.empty() || text.front() == '.' || text.back() == '.' ||
      text.find("..") != std::string_view::npos) {
    return false;
  }
  return std::ranges::all_of(text, [&](char c) {
    return is_alphanumeric(c) || c == '.' || others.find(c) != std::string_view::npos;
  });
}

bool is_address(std::string_view text) {
  const size_t at = text.rfind('@');
  if (at == std::string_view::npos || text.size() > kAddressBytesMax || at > kLocalBytesMax) {
    return false;
  }
  return is_dot_atom(text.substr(0, at), "!#$%&'*+-/=?^_`{|}~") &&
         is_dot_atom(text.substr(at + 1), "-");
}

std::string_view trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
  });
}

}  // namespace

std::string_view MailAddress::domain() const {
  return std::string_view(address).substr(address.rfind('@') + 1);
}

Result<MailAddress> MailAddress::parse(std::string_view text) {
  const auto bad = [&] {
    return fail(ErrorKind::invalid_input,
                fmt::format("\"{}\" is not a mail address (write ops@example.org or \"Name "
                            "<ops@example.org>\")",
                            shown_line(text, 200)));
  };
  MailAddress result;
  std::string_view address = trimmed(text);
  if (address.ends_with('>')) {
    const size_t open = address.rfind('<');
    if (open == std::string_view::npos) {
      return bad();
    }
    std::string_view display = trimmed(address.substr(0, open));
    if (display.size() >= 2 && display.front() == '"' && display.back() == '"') {
      display = display.substr(1, display.size() - 2);
    }
    if (has_control(display) || !is_valid_utf8(display) || display.size() > kDisplayBytesMax) {
      return bad();
    }
    result.display = display;
    address = address.substr(open + 1, address.size() - open - 2);
  }
  if (!is_address(address)) {
    return bad();
  }
  result.address = address;
  return result;
}

}  // namespace tocsin
