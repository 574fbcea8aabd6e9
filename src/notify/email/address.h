// A mail address as people write it: "ops@example.org" or "Tocsin <tocsin@example.org>". A value
// that exists only when it cannot change the structure of a header or of an SMTP command.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace tocsin {

struct MailAddress {
  std::string display;  // UTF-8 without control characters; may be empty
  std::string address;  // local@domain, printable ASCII

  [[nodiscard]] std::string_view domain() const;

  // invalid_input for spaces, quotes, control characters, several addresses, non-ASCII (its domain
  // must be written as xn--...).
  static Result<MailAddress> parse(std::string_view text);
};

}  // namespace tocsin
