#include "cli/way_flags.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/bytes.h"
#include "base/limits.h"
#include "cli/flag_values.h"
#include "core/way_misfit.h"
#include "model/dns_server.h"
#include "model/source_address.h"

namespace tocsin::cli {
namespace {

Error unlike(std::string_view flag, std::string_view text, std::string_view what) {
  return {ErrorKind::invalid_input,
          fmt::format("--{}: '{}' is not {}", flag, escape_for_display(text, 80), what)};
}

std::string misfit_text(WayMisfit misfit, const Monitor& monitor) {
  switch (misfit) {
    case WayMisfit::unix_source:
    case WayMisfit::unix_proxy:
      return "a unix socket has no proxy and no source address";
    case WayMisfit::source_of_address:
    case WayMisfit::source_of_ip_family: {
      const bool is_v6 = monitor.source->family == Family::v6;
      return fmt::format("--source {} is {}, and {} is not reached from there; {}",
                         monitor.source->text(), is_v6 ? "IPv6" : "IPv4",
                         first_stop(monitor).text(),
                         is_v6 ? "for a name write -6 too" : "for a name write -4");
    }
    case WayMisfit::proxied_family:
      return "with --proxy the proxy looks the name up: leave -4, -6 and --all-addresses out";
    case WayMisfit::proxied_quiet:
      return "with --proxy no connection stays unseen: leave --close quiet out";
    case WayMisfit::proxied_resolved_ip:
      break;
  }
  return "with --proxy nobody here learns the target's address: leave --assert resolved_ip out";
}

}  // namespace

Result<void> read_way(const Arguments& arguments, Monitor& monitor) {
  if (const auto text = arguments.value("source")) {
    monitor.source = parse_source(*text);
    if (!monitor.source) {
      return std::unexpected(
          unlike("source", *text, "an address of a machine; the name of an interface is none"));
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
  const std::vector<WayMisfit> misfits = way_misfits(monitor);
  if (misfits.empty()) {
    return {};
  }
  return fail(ErrorKind::invalid_input, misfit_text(misfits.front(), monitor));
}

}  // namespace tocsin::cli
