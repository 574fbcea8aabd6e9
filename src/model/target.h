// Where a probe connects: `host:port`, `[v6]:port`, `unix:/path`. A value that exists only when it
// is well formed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/address.h"
#include "base/result.h"

namespace tocsin {

// 1-65535.
Result<uint16_t> parse_port(std::string_view text);

class Target {
 public:
  // Reads the text form. The message of an error says what is wrong and shows the right form: a
  // scheme, a path, a bare IPv6 literal without brackets, a missing port, port 0, 65536, "80.5", an
  // empty or over-long host are all refused.
  static Result<Target> parse(std::string_view text);
  // From separate `host` and `port`; the host may be a name or a literal with or without brackets.
  static Result<Target> make(std::string_view host, uint16_t port);

  // Without brackets; lower case for names.
  [[nodiscard]] const std::string& host() const { return host_; }
  [[nodiscard]] uint16_t port() const { return port_; }  // 0 for unix
  [[nodiscard]] const std::string& unix_path() const { return unix_path_; }
  [[nodiscard]] bool is_unix() const { return !unix_path_.empty(); }
  [[nodiscard]] const std::optional<IpAddress>& literal() const { return literal_; }
  [[nodiscard]] std::string text() const;  // parse(text()) gives the same target
  bool operator==(const Target&) const = default;

 private:
  std::string host_;
  uint16_t port_ = 0;
  std::string unix_path_;
  std::optional<IpAddress> literal_;
};

}  // namespace tocsin
