#include "cli/way_flags.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/bytes.h"
#include "base/limits.h"
#include "cli/flag_values.h"
#include "model/dns_server.h"
#include "model/source_address.h"

namespace tocsin::cli {
namespace {

Error unlike(std::string_view flag, std::string_view text, std::string_view what) {
  return {ErrorKind::invalid_input,
          fmt::format("--{}: '{}' is not {}", flag, escape_for_display(text, 80), what)};
}

}  // namespace

Result<void> read_way(const Arguments& arguments, Monitor& monitor) {
  if (const auto text = arguments.value("source")) {
    monitor.source = parse_source(*text);
    if (!monitor.source) {
      return std::unexpected(unlike("source", *text, "an address of a machine"));
    }
  }
  for (const std::string& text : arguments.all("resolver")) {
    const std::optional<SocketAddress> server = parse_dns_server(text);
    if (!server) {
      return std::unexpected(unlike("resolver", text, "an address, like 127.0.0.1 or [::1]:5353"));
    }
    monitor.resolver.push_back(*server);
  }
  if (monitor.resolver.size() > kResolversMax) {
    return fail(ErrorKind::invalid_input, fmt::format("--resolver: at most {}", kResolversMax));
  }
  if (const auto text = arguments.value("proxy")) {
    Result<Proxy> proxy = parse_proxy(*text);
    if (!proxy) {
      return std::unexpected(at_flag("proxy", proxy.error()));
    }
    monitor.proxy = std::move(*proxy);
  }
  return {};
}

Result<void> check_way(const Monitor& monitor) {
  if (monitor.target.is_unix() && (monitor.proxy || monitor.source)) {
    return fail(ErrorKind::invalid_input, "a unix socket has no proxy and no source address");
  }
  if (monitor.proxy && monitor.ip_family_written && !monitor.target.literal()) {
    return fail(ErrorKind::invalid_input,
                "with --proxy the proxy looks the name up: leave -4 and -6 out");
  }
  const Target& stop = monitor.proxy ? monitor.proxy->at : monitor.target;
  if (!monitor.source || monitor.target.is_unix()) {
    return {};
  }
  const bool is_v6 = monitor.source->family == Family::v6;
  const bool is_wanted = monitor.proxy || monitor.ip_family == IpFamily::automatic ||
                         monitor.ip_family == IpFamily::all ||
                         monitor.ip_family == (is_v6 ? IpFamily::ipv6 : IpFamily::ipv4);
  if (stop.literal() ? stop.literal()->family != monitor.source->family : !is_wanted) {
    return fail(ErrorKind::invalid_input,
                fmt::format("--source {} is {}, and {} is not reached from there; {}",
                            monitor.source->text(), is_v6 ? "IPv6" : "IPv4", stop.text(),
                            is_v6 ? "for a name write -6 too" : "for a name write -4"));
  }
  return {};
}

}  // namespace tocsin::cli
