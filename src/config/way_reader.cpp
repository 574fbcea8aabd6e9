#include "config/way_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/bytes.h"
#include "config/targets.h"
#include "core/way_misfit.h"
#include "model/dns_server.h"
#include "model/source_address.h"
#include "ports/reach.h"

namespace tocsin {
namespace {

std::string_view family_name(const IpAddress& ip) {
  return ip.family == Family::v6 ? "IPv6" : "IPv4";
}

struct Complaint {
  std::string_view field;   // where it stands
  bool of_written = false;  // of what the monitor itself says; a default just does not apply
  std::string message, hint;
};

Complaint complaint(WayMisfit misfit, const Monitor& monitor) {
  const IpAddress source = monitor.source.value_or(IpAddress{});
  switch (misfit) {
    case WayMisfit::unix_source:
      return {"source", true, "a unix socket is reached from no address", "leave source out"};
    case WayMisfit::unix_proxy:
      return {"proxy", true, "a unix socket is reached through no proxy", "leave proxy out"};
    case WayMisfit::source_of_address: {
      const IpAddress& stop = *first_stop(monitor).literal();
      return {"source", false,
              fmt::format("the source {} is {}, but the probe connects to the {} address {}",
                          source.text(), family_name(source), family_name(stop), stop.text()),
              "write a source of that family; server.source takes one of each"};
    }
    case WayMisfit::source_of_ip_family:
      return {"source", false,
              fmt::format("the source {} is {}, but ip_family is {}", source.text(),
                          family_name(source), ip_family_name(monitor.ip_family)),
              fmt::format("write ip_family: {}", source.family == Family::v6 ? "ipv6" : "ipv4")};
    case WayMisfit::proxied_family:
      return {"ip_family", true,
              "with a proxy ip_family means nothing: the proxy looks the name up",
              "leave one of them out"};
    case WayMisfit::proxied_quiet:
      return {"close", true,
              "with a proxy no connection stays unseen: close: quiet is not possible",
              "leave it out: the connection to the proxy ends in order"};
    case WayMisfit::proxied_resolved_ip:
      break;
  }
  return {"assert", false,
          "with a proxy nobody here learns the target's address: resolved_ip is never known",
          "leave that assertion out"};
}

}  // namespace

std::optional<IpAddress> read_source(Reader& reader, const YamlNode& node, const Field& field) {
  const std::optional<ResolvedText> value = reader.scalar(node, field.name);
  if (!value) {
    return std::nullopt;
  }
  const std::optional<IpAddress> ip = parse_source(value->text);
  if (!ip) {
    reader.value_error(
        node, *value, field.name,
        fmt::format("\"{}\" is not an address of a machine", escape_for_display(value->text, 80)),
        "write an IP address of this machine, for example 192.0.2.10; the name of an interface is "
        "none");
    return std::nullopt;
  }
  return ip;
}

std::vector<SocketAddress> read_resolvers(Reader& reader, const YamlNode& node,
                                          const Field& field) {
  std::vector<SocketAddress> servers;
  const auto texts = reader.text_list(node, field);
  for (size_t i = 0; texts && i < texts->size(); ++i) {
    const YamlNode& item = node.children[i];
    if (const std::optional<SocketAddress> server = parse_dns_server((*texts)[i])) {
      servers.push_back(*server);
    } else {
      reader.value_error(item, {(*texts)[i], has_reference(item)}, "address of a resolver",
                         fmt::format("\"{}\" is not the address of a resolver",
                                     escape_for_display((*texts)[i], 80)),
                         "write an IP address, for example 127.0.0.1 or [::1]:5353");
    }
  }
  return servers;
}

void read_proxy(Reader& reader, const YamlNode& node, const Field& field,
                std::optional<Proxy>& proxy) {
  const std::optional<std::string> text = reader.text(node, field);
  if (!text) {
    return;
  }
  if (*text == "none") {
    proxy.reset();
    return;
  }
  Result<Proxy> read = parse_proxy(*text);
  if (!read) {
    reader.error(node.mark, read.error().message);
  } else if (auto why = never_reached(read->at)) {
    reader.error(node.mark, fmt::format("the proxy: {}", *why),
                 "no setting allows it; write the address of a proxy");
  } else {
    proxy = std::move(*read);
  }
}

void check_way(Reader& reader, const Draft& draft, const Monitor& monitor) {
  for (const SocketAddress& server : monitor.resolver) {
    if (auto why = ReachPolicy().refuse(server, ReachRole::operator_files)) {
      reader.error(draft.place("resolver"), fmt::format("the resolver: {}", *why),
                   "no setting allows it; write the address of a resolver");
    }
  }
  const auto is_told = [&draft](std::string_view field) { return !draft.is_good(field); };
  if (std::ranges::any_of(std::array{"source", "proxy", "ip_family"}, is_told)) {
    return;
  }
  for (const WayMisfit misfit : way_misfits(monitor)) {
    const Complaint one = complaint(misfit, monitor);
    if (draft.has(one.field) || !one.of_written) {
      reader.error(draft.place(one.field), one.message, one.hint);
    }
  }
}

}  // namespace tocsin
