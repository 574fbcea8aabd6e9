// The few words of an event, an error and a monitor that fit a title on a phone.
#include <fmt/format.h>

#include <array>

#include "notify/notice_lines.h"
#include "notify/safe_text.h"

namespace tocsin {
namespace {

// Bytes; a longer name would push the reason off a phone's screen.
constexpr size_t kNameShownMax = 160;
constexpr size_t kTargetShownMax = 120;
constexpr size_t kReasonShownMax = 300;

struct ErrorWords {
  ErrorCode code;
  std::string_view words;
};
// One row per code; a test proves that none is missing. `timeout` is told by its phase.
constexpr std::array kErrorWords = {
    ErrorWords{ErrorCode::host_not_found, "host name not found"},
    ErrorWords{ErrorCode::no_address_of_family, "no address of the wanted family"},
    ErrorWords{ErrorCode::dns_timeout, "name resolution timed out"},
    ErrorWords{ErrorCode::dns_failed, "name resolution failed"},
    ErrorWords{ErrorCode::tcp_refused, "connection refused"},
    ErrorWords{ErrorCode::network_unreachable, "network unreachable"},
    ErrorWords{ErrorCode::host_unreachable, "host unreachable"},
    ErrorWords{ErrorCode::admin_prohibited, "forbidden by a firewall"},
    ErrorWords{ErrorCode::conn_reset, "connection reset"},
    ErrorWords{ErrorCode::closed_early, "connection closed early"},
    ErrorWords{ErrorCode::tls_handshake, "TLS handshake failed"},
    ErrorWords{ErrorCode::tls_untrusted, "certificate not trusted"},
    ErrorWords{ErrorCode::tls_expired, "certificate expired"},
    ErrorWords{ErrorCode::tls_not_yet_valid, "certificate not yet valid"},
    ErrorWords{ErrorCode::tls_name_mismatch, "certificate is for another name"},
    ErrorWords{ErrorCode::tls_version, "no common TLS version"},
    ErrorWords{ErrorCode::starttls_refused, "STARTTLS refused"},
    ErrorWords{ErrorCode::expect_mismatch, "unexpected answer"},
    ErrorWords{ErrorCode::assertion_failed, "assertion failed"},
    ErrorWords{ErrorCode::too_slow, "too slow"},
    ErrorWords{ErrorCode::unexpected_open, "port is open"},
    ErrorWords{ErrorCode::local_resource, "this location cannot connect"},
    ErrorWords{ErrorCode::self_offline, "this location is offline"},
    ErrorWords{ErrorCode::resolver_down, "the resolver is down"},
    ErrorWords{ErrorCode::agent_lost, "agent lost"},
    ErrorWords{ErrorCode::overloaded, "this location is overloaded"},
    ErrorWords{ErrorCode::reach_denied, "address not allowed"},
    ErrorWords{ErrorCode::proxy_failed, "the proxy on the way failed"},
    ErrorWords{ErrorCode::tls_revoked, "certificate revoked"},
};

std::string_view timeout_words(Phase phase) {
  switch (phase) {
    case Phase::dns:
      return "timed out resolving the name";
    case Phase::connect:
      return "timed out while connecting";
    case Phase::tls:
      return "timed out before TLS was established";
    case Phase::data:
      return "timed out waiting for the answer";
  }
  return "timed out";
}

bool about_degraded(const AlertEvent& event) { return event.severity == Verdict::degraded; }

// "connection refused", else the reason, else the speed.
std::string cause_words(const NoticeFacts& facts) {
  if (facts.event.error) {
    return error_words(*facts.event.error);
  }
  if (!facts.event.reason.empty()) {
    return shown_line(facts.event.reason, kReasonShownMax);
  }
  if (facts.response_time) {
    return fmt::format("answers in {}", human_duration(*facts.response_time));
  }
  return "";
}

std::string duration_since_start(const NoticeFacts& facts) {
  if (!facts.event.began || facts.event.at <= *facts.event.began) {
    return "";
  }
  return human_duration(facts.event.at - *facts.event.began);
}

// What stands behind the monitor in a title.
std::string title_tail(const NoticeFacts& facts) {
  const AlertEvent& event = facts.event;
  switch (event.type) {
    case EventType::recovered:
      return facts.down_for ? fmt::format("up again after {}", human_duration(*facts.down_for))
                            : "up again";
    case EventType::reminder:
    case EventType::escalated: {
      const std::string cause = cause_words(facts);
      const std::string since = duration_since_start(facts);
      return since.empty() ? cause
                           : fmt::format("{}{}for {}", cause, cause.empty() ? "" : ", ", since);
    }
    case EventType::flapping:
      return fmt::format("changes too often, now {}", status_name(event.status));
    case EventType::test:
      return "only a test, nothing is wrong";
    case EventType::group:
    case EventType::location_unknown:
    case EventType::self:
      return shown_line(event.reason, kReasonShownMax);
    case EventType::down:
    case EventType::degraded:
      break;
  }
  return cause_words(facts);
}

}  // namespace

std::string error_words(const ProbeError& error) {
  if (error.code == ErrorCode::timeout) {
    return std::string(timeout_words(error.phase));
  }
  for (const ErrorWords& row : kErrorWords) {
    if (row.code == error.code) {
      return std::string(row.words);
    }
  }
  return std::string(error_name(error.code));
}

std::string event_words(const NoticeFacts& facts) {
  const bool degraded = about_degraded(facts.event);
  switch (facts.event.type) {
    case EventType::down:
      return "DOWN";
    case EventType::degraded:
      return "DEGRADED";
    case EventType::recovered:
      return "RECOVERED";
    case EventType::reminder:
      return degraded ? "STILL DEGRADED" : "STILL DOWN";
    case EventType::escalated:
      return degraded ? "ESCALATED, DEGRADED" : "ESCALATED, DOWN";
    case EventType::flapping:
      return "FLAPPING";
    case EventType::group:
      return "SEVERAL MONITORS";
    case EventType::location_unknown:
      return "UNKNOWN";
    case EventType::self:
      return "TOCSIN ITSELF";
    case EventType::test:
      return "TEST";
  }
  return "NOTICE";
}

std::string monitor_words(const NoticeFacts& facts) {
  std::string target = shown_line(facts.target, kTargetShownMax);
  const std::string& name = facts.monitor_name.empty() ? facts.monitor_id : facts.monitor_name;
  const std::string shown = shown_line(name, kNameShownMax);
  if (shown.empty() || shown == target) {
    return target;
  }
  return target.empty() ? shown : fmt::format("{} ({})", shown, target);
}

std::string notice_title(const NoticeFacts& facts) {
  std::string title = event_words(facts);
  for (const std::string& part : {monitor_words(facts), title_tail(facts)}) {
    if (!part.empty()) {
      title += ": ";
      title += part;
    }
  }
  return title;
}

}  // namespace tocsin
