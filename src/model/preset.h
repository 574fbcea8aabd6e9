// The port presets: 16 of the Tracker page in its order, the others of the StatusApp page under
// "more". A preset fills the port and offers a service probe; it forces nothing.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace tocsin {

struct Preset {
  std::string_view id;    // "redis"
  std::string_view name;  // "Redis"
  uint16_t port;
  bool more;  // not among the first sixteen
  bool tls;   // direct TLS is usual on this port
  // Protocol of STARTTLS (TlsOptions::protocol) that the service knows; empty = none.
  std::string_view starttls;
  // With escapes (base/bytes.h unescape) and {host} for the name asked for; may be empty.
  std::string_view send;
  // RE2 that a healthy answer matches; empty = the connection is the check.
  std::string_view expect;
  std::string_view goodbye;  // with escapes; said before the polite close; may be empty
  std::string_view help;
  // The probe is said again inside TLS. Else it is part of what is said before: a greeting comes
  // once.
  bool repeats_in_tls = false;
};

std::span<const Preset> presets();
// The bytes of `send` for this host.
std::string probe_bytes(const Preset& preset, std::string_view host);
const Preset* find_preset(std::string_view id);
const Preset* preset_of_port(uint16_t port);

}  // namespace tocsin
