// One plain sentence for an error, with the numbers of the attempt in it. The table's sentence
// (base/error_code.cpp) is the fallback. No other file puts an error into words.
#include <fmt/format.h>

#include <algorithm>

#include "base/bytes.h"
#include "core/evaluate.h"
#include "core/secrets.h"
#include "core/starttls_causes.h"

namespace tocsin {
namespace {

std::string host_of(const Monitor& monitor) {
  return monitor.target.is_unix() ? monitor.target.text() : monitor.target.host();
}

// "port 6379", "unix:/run/x.sock"
std::string door_of(const Monitor& monitor) {
  return monitor.target.is_unix() ? monitor.target.text()
                                  : fmt::format("port {}", monitor.target.port());
}

std::string end_of(const Monitor& monitor, const ProbeResult& result) {
  return result.remote ? result.remote->text() : monitor.target.text();
}

std::string bytes_text(uint64_t count) {
  return count == 1 ? "1 byte" : fmt::format("{} bytes", count);
}

std::string table_text(const ProbeError& error) {
  std::string sentence(error_info(error.code).sentence);
  if (!error.detail.empty() && sentence.ends_with('.')) {
    sentence.pop_back();
    sentence += fmt::format(": {}", error.detail);
    sentence += error.detail.ends_with('.') ? "" : ".";
  }
  return sentence;
}

// Not that of the location, which other monitors ask.
std::string own_resolver_text(const ProbeError& error) {
  return fmt::format("The resolver that this monitor names gives no usable answer{}{}.",
                     error.detail.empty() ? "" : ": ", error.detail);
}

std::string connect_timeout_text(const Monitor& monitor, const ProbeResult& result) {
  std::string text = fmt::format("{} did not answer within {}", end_of(monitor, result),
                                 human_duration(monitor.timeout));
  if (result.syn_retransmits > 0) {
    text += fmt::format(", though asked {} times", result.syn_retransmits + 1);
  }
  return text + ".";
}

// What did not come, out of the detail that the dialogue left: `"221" (step 3)`.
std::string_view awaited(const ProbeError& error) {
  const std::string_view detail = error.detail;
  const size_t mark = detail.find(kWaitingMark);
  return mark == std::string_view::npos ? "what was expected"
                                        : detail.substr(mark + kWaitingMark.size());
}

// `43 bytes ("421 too many connections")`: how it begins often says why there is no more.
std::string what_came(const Monitor& monitor, const ProbeResult& result) {
  constexpr size_t kQuotedBytes = 60;
  const std::string shown = Secrets(monitor.secrets).masked(result.received);
  const size_t end = std::min(shown.find_last_not_of("\r\n"), shown.size() - 1);
  const std::string begins =
      shown.empty() ? "" : escape_for_display(shown.substr(0, end + 1), kQuotedBytes);
  return bytes_text(result.bytes_received) +
         (begins.empty() ? "" : fmt::format(" (\"{}\")", begins));
}

std::string data_timeout_text(const ProbeError& error, const Monitor& monitor,
                              const ProbeResult& result) {
  const std::string within = human_duration(monitor.timeout);
  if (result.bytes_received == 0) {
    return fmt::format("The connection opened, but no byte came within {}.", within);
  }
  return fmt::format("The connection opened and {} came, but not {} within {}.",
                     what_came(monitor, result), awaited(error), within);
}

std::string timeout_text(const ProbeError& error, const Monitor& monitor,
                         const ProbeResult& result) {
  switch (error.phase) {
    case Phase::dns:
      return fmt::format("The name {} was not resolved within {}.", host_of(monitor),
                         human_duration(monitor.timeout));
    case Phase::connect:
      return connect_timeout_text(monitor, result);
    case Phase::tls:
      if (is_starttls_talk(error)) {
        return fmt::format("The server did not agree to STARTTLS within {}; {} came.",
                           human_duration(monitor.timeout), what_came(monitor, result));
      }
      return fmt::format("The connection opened, but the TLS handshake did not end within {}.",
                         human_duration(monitor.timeout));
    case Phase::data:
      break;
  }
  return data_timeout_text(error, monitor, result);
}

std::string cut_short_text(std::string_view how, const ProbeError& error, const Monitor& monitor,
                           const ProbeResult& result) {
  if (is_starttls_talk(error)) {
    return fmt::format("The peer {} the connection after {}, before it agreed to STARTTLS.", how,
                       what_came(monitor, result));
  }
  if (error.phase == Phase::tls) {
    return fmt::format("The peer {} the connection during the TLS handshake.", how);
  }
  return fmt::format("The peer {} the connection after {}, before the check was complete.", how,
                     what_came(monitor, result));
}

std::string refused_text(const ProbeError& error, const Monitor& monitor) {
  if (error.detail == kConnectedToItself) {
    return fmt::format("Nothing is listening on {}: our connection met itself there.",
                       door_of(monitor));
  }
  std::string why;
  for (const std::string_view ending : {kNoSuchPath, kNoSocket}) {
    why += error.detail.ends_with(ending) ? fmt::format(": it{}", ending) : "";
  }
  return monitor.target.is_unix()
             ? fmt::format("Nothing is listening on {}{}.", door_of(monitor), why)
             : fmt::format("Nothing is listening on {}: the host answered with a reset.",
                           door_of(monitor));
}

// A proxy was reached, and said that the target was not.
bool is_word_of_proxy(const ProbeError& error, const ProbeResult& result) {
  return result.proxy && result.proxy->address && error.phase == Phase::connect &&
         error_info(error.code).side == ErrorSide::network;
}

std::string proxy_text_of(const ProbeError& error, const Monitor& monitor,
                          const ProbeResult& result) {
  std::string_view why = error.detail;
  why.remove_prefix(why.starts_with(kProxyRefused) ? kProxyRefused.size() : 0);
  return fmt::format("The proxy {} did not get through to {}: {}.", result.proxy->address->text(),
                     monitor.target.text(), why);
}

std::string no_address_text(const Monitor& monitor) {
  if (monitor.source) {
    return fmt::format("The name {} has no {} address, and source {} reaches no other.",
                       host_of(monitor), monitor.source->family == Family::v4 ? "IPv4" : "IPv6",
                       monitor.source->text());
  }
  const bool is_any =
      monitor.ip_family == IpFamily::automatic || monitor.ip_family == IpFamily::all;
  return is_any ? fmt::format("The name {} exists, but has no address.", host_of(monitor))
                : fmt::format("The name {} has no address for ip_family {}.", host_of(monitor),
                              ip_family_name(monitor.ip_family));
}

std::string explain_one(const ProbeError& error, const Monitor& monitor,
                        const ProbeResult& result) {
  if (is_word_of_proxy(error, result)) {
    return proxy_text_of(error, monitor, result);
  }
  switch (error.code) {
    case ErrorCode::host_not_found:
      return fmt::format("The name {} does not exist.", host_of(monitor));
    case ErrorCode::no_address_of_family:
      return no_address_text(monitor);
    case ErrorCode::tcp_refused:
      return refused_text(error, monitor);
    case ErrorCode::tls_revoked:
      return result.tls ? fmt::format("The issuer of the certificate has revoked it on {}.",
                                      rfc3339(result.tls->staple.revoked_at))
                        : table_text(error);
    case ErrorCode::host_unreachable:
      return error.detail.starts_with(kNoNeighbour)
                 ? fmt::format("N{}: neither the host nor a router towards it.",
                               error.detail.substr(1))
                 : table_text(error);
    case ErrorCode::self_offline:
      return error.detail.starts_with(kNoRouteTo) || error.detail.starts_with(kSilentRouter)
                 ? fmt::format("T{}, so nothing is known of the target.", error.detail.substr(1))
                 : table_text(error);
    case ErrorCode::timeout:
      return timeout_text(error, monitor, result);
    case ErrorCode::conn_reset:
      return cut_short_text("reset", error, monitor, result);
    case ErrorCode::closed_early:
      return cut_short_text("closed", error, monitor, result);
    case ErrorCode::expect_mismatch:
      return error.detail.starts_with(kTurnedAway) ? fmt::format("T{}.", error.detail.substr(1))
                                                   : table_text(error);
    case ErrorCode::resolver_down:
      return monitor.resolver.empty() ? table_text(error) : own_resolver_text(error);
    case ErrorCode::unexpected_open:
      return fmt::format("{} accepts connections, but expect is {}.", end_of(monitor, result),
                         expectation_name(monitor.expect));
    default:
      return table_text(error);
  }
}

// " 1 of 3 addresses did not pass: 192.0.2.2:80."
std::string addresses_text(const ProbeResult& result) {
  constexpr size_t kNamed = 4;
  if (result.addresses_probed < 2 || result.failed_addresses.empty()) {
    return {};
  }
  const size_t count = result.failed_addresses.size();
  std::string named;
  for (size_t i = 0; i < std::min(count, kNamed); ++i) {
    named += (i == 0 ? "" : ", ") + result.failed_addresses[i].address.text();
  }
  const std::string left_out =
      result.addresses_left_out == 0
          ? ""
          : fmt::format(" {} more of the name were not probed.", result.addresses_left_out);
  return fmt::format(" {} of {} addresses did not pass: {}{}.{}", count, result.addresses_probed,
                     named, count > kNamed ? " and others" : "", left_out);
}

}  // namespace

std::optional<ProbeError> kept_error(const Evaluation& evaluation) {
  std::optional<ProbeError> error = evaluation.error;
  if (error) {
    error->sentence = evaluation.reason;
  }
  return error;
}

std::string error_text(const ProbeError& error) {
  return error.sentence.empty() ? table_text(error) : error.sentence;
}

std::string explain_error(const ProbeError& error, const Monitor& monitor,
                          const ProbeResult& result) {
  return explain_one(error, monitor, result) + addresses_text(result);
}

}  // namespace tocsin
