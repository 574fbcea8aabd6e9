// The error table: what a probe can report, each with its wire name, phase, whether a retry can
// help, Tracker's and Checkly's names and a plain sentence. Names are API: never renamed, never
// reused. A new code exists only if a user or the code would do something different. Source:
// product.md "One attempt".
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tocsin {

enum class Phase : uint8_t { dns, connect, tls, data };
std::string_view phase_name(Phase phase);  // "dns", "connect", "tls", "data"
std::optional<Phase> phase_from_name(std::string_view name);

// Do not change these values: they are on disk.
enum class ErrorCode : uint8_t {
  host_not_found = 1,
  no_address_of_family = 2,
  dns_timeout = 3,
  dns_failed = 4,
  tcp_refused = 5,
  timeout = 6,
  network_unreachable = 7,
  host_unreachable = 8,
  admin_prohibited = 9,
  conn_reset = 10,
  closed_early = 11,
  tls_handshake = 12,
  tls_untrusted = 13,
  tls_expired = 14,
  tls_not_yet_valid = 15,
  tls_name_mismatch = 16,
  tls_version = 17,
  starttls_refused = 18,
  expect_mismatch = 19,
  assertion_failed = 20,
  too_slow = 21,
  unexpected_open = 22,
  local_resource = 23,
  self_offline = 24,
  resolver_down = 25,
  agent_lost = 26,
  overloaded = 27,
  reach_denied = 28,
  proxy_failed = 29,
  tls_revoked = 30,
};

// Whose trouble an error is. `ours` makes the verdict `unknown`; `network` errors are what retry
// `only_on: network` means.
enum class ErrorSide : uint8_t { network, service, ours };

struct ErrorInfo {
  ErrorCode code;
  std::string_view name;  // wire name
  Phase phase;            // where it usually happens; a ProbeError carries the real one
  ErrorSide side;
  std::string_view tracker_status;  // Tracker's `error_status`
  std::string_view checkly_code;    // empty where Checkly has none
  std::string_view sentence;        // plain words, present tense
  std::string_view hint;            // what to try next
};

std::span<const ErrorInfo> error_table();  // all codes, in order
const ErrorInfo& error_info(ErrorCode code);
std::string_view error_name(ErrorCode code);
std::optional<ErrorCode> error_from_name(std::string_view name);
// A stored value; nothing when it is not a code of ours.
std::optional<ErrorCode> error_from_number(int64_t number);

// One failure of one attempt: what, where, and the detail known at that place ("RST to our SYN",
// "by 10.0.0.1"). What lives on after the attempt (Run, Status, Incident, AlertEvent) carries the
// sentence of its own time: made anew later, it would name a target that was changed since.
struct ProbeError {
  ErrorCode code = ErrorCode::timeout;
  Phase phase = Phase::connect;
  std::string detail;  // may be empty; safe to show
  // Plain words for a person (core/evaluate.h, kept_error); empty in facts and judgements of an
  // attempt.
  std::string sentence{};
  bool operator==(const ProbeError&) const = default;
};

}  // namespace tocsin
