// Are the values of a channel sound? Each gives a sentence when not; none of them shows the value,
// which may be a secret.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tocsin {

// http:// or https://, a host, no white space or control characters.
std::optional<std::string> wrong_url(std::string_view url);
// whsec_ and base64 of at least 24 bytes, or any text of at least 24 bytes.
std::optional<std::string> wrong_secret(std::string_view secret);
// name@host, nothing that could end a line of a mail.
std::optional<std::string> wrong_mail_address(std::string_view address);
std::optional<std::string> wrong_header(std::string_view name, std::string_view value);

}  // namespace tocsin
