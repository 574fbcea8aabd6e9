#include "model/target.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/bytes.h"
#include "base/letter_case.h"
#include "base/limits.h"

namespace tocsin {
namespace {

constexpr size_t kShownBytesMax = 80;      // of a bad text in its message
constexpr size_t kLabelBytesMax = 63;      // RFC 1035 2.3.4
constexpr size_t kUnixPathBytesMax = 107;  // sun_path, unix(7), without the closing zero
constexpr std::string_view kUnixPrefix = "unix:";

std::string shown(std::string_view text) {
  return "\"" + escape_for_display(text, kShownBytesMax) + "\"";
}

std::unexpected<Error> refuse(std::string message) {
  return fail(ErrorKind::invalid_input, std::move(message));
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// "1.2.3", "0x7f.1" and "2130706433" are no names: the system's resolver would read them as
// addresses.
bool looks_like_address(std::string_view name) {
  const std::string_view last = name.substr(name.rfind('.') + 1);
  return std::ranges::all_of(last, is_digit) || last.starts_with("0x");
}

Result<std::string> check_name(std::string_view written) {
  std::string_view name = written;
  if (name.ends_with('.')) {
    name.remove_suffix(1);
  }
  if (name.empty()) {
    return refuse("the host is empty; write for example db.example.com:5432");
  }
  if (name.size() > kHostBytesMax) {
    return refuse(fmt::format("the host has {} characters; at most {} are possible", name.size(),
                              kHostBytesMax));
  }
  for (const char c : name) {
    if (static_cast<unsigned char>(c) >= 0x80) {
      return refuse(fmt::format("the host {} has letters outside ASCII; write it in its xn-- form",
                                shown(written)));
    }
    if (!is_letter(c) && !is_digit(c) && c != '-' && c != '_' && c != '.') {
      return refuse(fmt::format("the host {} has a character that no host name has: {}",
                                shown(written), shown(std::string_view(&c, 1))));
    }
  }
  size_t label = 0;
  for (const char c : name) {
    label = c == '.' ? 0 : label + 1;
    if (label > kLabelBytesMax) {
      return refuse(fmt::format("a part of the host is longer than {} characters", kLabelBytesMax));
    }
  }
  if (name.starts_with('.') || name.ends_with('.') || name.find("..") != std::string_view::npos) {
    return refuse(fmt::format("the host {} has an empty part between its dots", shown(written)));
  }
  std::string lower = ascii_lower(written);
  if (looks_like_address(std::string_view(lower).substr(0, name.size()))) {
    return refuse(fmt::format("{} is neither a name nor a complete IPv4 address", shown(written)));
  }
  return lower;
}

// A host may be called unix: what stands behind the colon tells its port from a path.
bool names_unix_socket(std::string_view text) {
  const std::string_view rest = text.substr(std::min(kUnixPrefix.size(), text.size()));
  return text.starts_with(kUnixPrefix) && (rest.empty() || !std::ranges::all_of(rest, is_digit));
}

// Up to a path, a query or a fragment.
std::string_view host_part(std::string_view text) {
  return text.substr(0, text.find_first_of("/?#"));
}

// What people paste instead of host:port, each with the right form.
std::optional<std::string> misuse(std::string_view text) {
  if (text.empty()) {
    return "the target is empty; write host:port, for example db.example.com:5432";
  }
  // First, and without showing the text: what stands before '@' may be a password.
  if (const size_t at = text.rfind('@'); at != std::string_view::npos) {
    return fmt::format("the target has a user name in it; only host and port are used: {}",
                       escape_for_display(host_part(text.substr(at + 1)), kShownBytesMax));
  }
  if (text.find_first_of(" \t\r\n") != std::string_view::npos) {
    return fmt::format("the target {} has a space in it; write host:port", shown(text));
  }
  if (const size_t scheme = text.find("://"); scheme != std::string_view::npos) {
    const std::string_view rest = host_part(text.substr(scheme + 3));
    return fmt::format("the target {} has a scheme; only host and port are used: {}{}", shown(text),
                       escape_for_display(rest, kShownBytesMax),
                       rest.find(':') == std::string_view::npos ? ":PORT" : "");
  }
  if (const size_t path = text.find_first_of("/?#"); path != std::string_view::npos) {
    return fmt::format("the target {} has a path; only host and port are used: {}", shown(text),
                       escape_for_display(text.substr(0, path), kShownBytesMax));
  }
  return std::nullopt;
}

Result<std::string> parse_unix_path(std::string_view path) {
  if (!path.starts_with('/')) {
    return refuse("a unix target needs an absolute path, for example unix:/run/redis/redis.sock");
  }
  if (path.size() > kUnixPathBytesMax) {
    return refuse(fmt::format("the path of the unix socket has {} bytes; at most {} are possible",
                              path.size(), kUnixPathBytesMax));
  }
  if (path.find('\0') != std::string_view::npos) {
    return refuse("the path of the unix socket has a zero byte in it");
  }
  return std::string(path);
}

struct HostAndPort {
  std::string_view host, port;
};

Result<HostAndPort> split(std::string_view text) {
  if (text.starts_with('[')) {
    const size_t end = text.find(']');
    if (end == std::string_view::npos) {
      return refuse(
          fmt::format("the target {} has no closing bracket; write [::1]:80", shown(text)));
    }
    if (end + 1 == text.size() || text[end + 1] != ':') {
      return refuse(fmt::format("the target {} has no port; write {}:PORT", shown(text),
                                escape_for_display(text.substr(0, end + 1), kShownBytesMax)));
    }
    return HostAndPort{text.substr(0, end + 1), text.substr(end + 2)};
  }
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos) {
    return refuse(fmt::format("the target {} has no port; write {}:PORT", shown(text),
                              escape_for_display(text, kShownBytesMax)));
  }
  if (text.find(':', colon + 1) != std::string_view::npos) {
    const std::string literal = IpAddress::parse(text) ? std::string(text) : "::1";
    return refuse(
        fmt::format("the target {} looks like IPv6; put the address in brackets: [{}]:PORT",
                    shown(text), literal));
  }
  return HostAndPort{text.substr(0, colon), text.substr(colon + 1)};
}

}  // namespace

Result<uint16_t> parse_port(std::string_view text) {
  const bool whole = !text.empty() && std::ranges::all_of(text, is_digit) &&
                     (text.size() == 1 || text.front() != '0');
  if (!whole) {
    return refuse(fmt::format("port must be a whole number 1-65535, got {}", shown(text)));
  }
  uint16_t port = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), port);
  if (parsed.ec != std::errc() || port == 0) {
    return refuse(
        fmt::format("port must be 1-65535, got {}", escape_for_display(text, kShownBytesMax)));
  }
  return port;
}

Result<Target> Target::parse(std::string_view text) {
  if (names_unix_socket(text)) {
    Result<std::string> path = parse_unix_path(text.substr(kUnixPrefix.size()));
    if (!path) {
      return std::unexpected(path.error());
    }
    Target target;
    target.unix_path_ = std::move(*path);
    return target;
  }
  if (std::optional<std::string> wrong = misuse(text)) {
    return refuse(std::move(*wrong));
  }
  const Result<HostAndPort> parts = split(text);
  if (!parts) {
    return std::unexpected(parts.error());
  }
  const Result<uint16_t> port = parse_port(parts->port);
  if (!port) {
    return std::unexpected(port.error());
  }
  return make(parts->host, *port);
}

Result<Target> Target::make(std::string_view host, uint16_t port) {
  if (port == 0) {
    return refuse("port must be 1-65535, got 0");
  }
  Target target;
  target.port_ = port;
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  const std::string_view bare = bracketed ? host.substr(1, host.size() - 2) : host;
  target.literal_ = IpAddress::parse(bare);
  if (target.literal_ && (!bracketed || target.literal_->family == Family::v6)) {
    // An IPv4 address can be written in one way only.
    target.host_ =
        target.literal_->family == Family::v4 ? std::string(bare) : target.literal_->text();
    return target;
  }
  if (bracketed || bare.find(':') != std::string_view::npos) {
    return refuse(fmt::format("{} is not an IPv6 address", shown(bare)));
  }
  Result<std::string> name = check_name(host);
  if (!name) {
    return std::unexpected(name.error());
  }
  target.host_ = std::move(*name);
  return target;
}

std::string Target::text() const {
  if (is_unix()) {
    return std::string(kUnixPrefix) + unix_path_;
  }
  const bool v6 = literal_ && literal_->family == Family::v6;
  return v6 ? fmt::format("[{}]:{}", host_, port_) : fmt::format("{}:{}", host_, port_);
}

}  // namespace tocsin
