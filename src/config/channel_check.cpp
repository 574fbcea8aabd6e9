#include "config/channel_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/bytes.h"
#include "model/own_headers.h"

namespace tocsin {
namespace {

constexpr size_t kSecretBytesMin = 24;  // 192 bits, what Standard Webhooks asks for
constexpr size_t kHeaderBytesMax = 4096;
constexpr std::string_view kSecretPrefix = "whsec_";

bool is_graphic(char c) { return static_cast<unsigned char>(c) > 0x20 && c != 0x7F; }

// RFC 9110 5.6.2, token.
bool is_token_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool is_port(std::string_view text) {
  uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port != 0;
}

}  // namespace

std::optional<std::string> wrong_url(std::string_view url) {
  const bool secure = url.starts_with("https://");
  if (!secure && !url.starts_with("http://")) {
    return "url must begin with https:// or http://";
  }
  if (!std::ranges::all_of(url, is_graphic)) {
    return "url must not have spaces or control characters";
  }
  std::string_view host = url.substr(secure ? 8 : 7);
  host = host.substr(0, host.find_first_of("/?#"));
  host = host.substr(host.rfind('@') + 1);
  if (host.empty() || host.starts_with(':')) {
    return "url has no host";
  }
  const size_t bracket = host.rfind(']');
  const size_t colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon != std::string_view::npos && !is_port(host.substr(colon + 1))) {
    return "the port in url must be from 1 to 65535";
  }
  return std::nullopt;
}

std::optional<std::string> wrong_secret(std::string_view secret) {
  if (!secret.starts_with(kSecretPrefix)) {
    return secret.size() >= kSecretBytesMin
               ? std::nullopt
               : std::optional(fmt::format("secret has {} bytes; at least {} are needed",
                                           secret.size(), kSecretBytesMin));
  }
  // Some tools leave the padding out when they print a secret.
  std::string encoded(secret.substr(kSecretPrefix.size()));
  encoded.append((4 - encoded.size() % 4) % 4, '=');
  const Result<std::string> key = from_base64(encoded);
  if (!key) {
    return "secret begins with whsec_ but what follows is not base64";
  }
  if (key->size() < kSecretBytesMin) {
    return fmt::format("secret stands for {} bytes; at least {} are needed", key->size(),
                       kSecretBytesMin);
  }
  return std::nullopt;
}

std::optional<std::string> wrong_mail_address(std::string_view address) {
  const size_t at = address.find('@');
  const bool shaped = at != std::string_view::npos && at > 0 && at + 1 < address.size() &&
                      address.find('@', at + 1) == std::string_view::npos;
  const bool clean = std::ranges::all_of(address, [](char c) {
    return is_graphic(c) && std::string_view("<>,;:\"()[]\\").find(c) == std::string_view::npos;
  });
  if (!shaped || !clean) {
    return fmt::format("\"{}\" is not a mail address", escape_for_display(address, 80));
  }
  return std::nullopt;
}

std::optional<std::string> wrong_header(std::string_view name, std::string_view value) {
  if (name.empty() || !std::ranges::all_of(name, is_token_byte)) {
    return fmt::format("\"{}\" cannot be the name of a header", escape_for_display(name, 80));
  }
  if (is_own_header(name)) {
    return fmt::format("the header {} is set by the sender itself", name);
  }
  if (value.size() > kHeaderBytesMax) {
    return fmt::format("a header has at most {} bytes", kHeaderBytesMax);
  }
  const auto breaks_line = [](char c) { return c == '\r' || c == '\n' || c == '\0'; };
  if (std::ranges::any_of(value, breaks_line)) {
    return "a header must not have line breaks or zero bytes";
  }
  return std::nullopt;
}

}  // namespace tocsin
