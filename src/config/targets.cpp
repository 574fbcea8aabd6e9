#include "config/targets.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/bytes.h"
#include "model/preset.h"
#include "ports/reach.h"

namespace tocsin {
namespace {

// A target without a port: a name, an IPv4 address, or an IPv6 address with or without brackets.
// What has a scheme or a path is left to Target::parse, which explains it.
bool is_bare_host(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']')) {
    return true;
  }
  return text.find_first_of(":/@?# ") == std::string_view::npos ||
         IpAddress::parse(text).has_value();
}

std::string without_brackets(std::string_view host) {
  return std::string(host.starts_with('[') && host.ends_with(']') ? host.substr(1, host.size() - 2)
                                                                  : host);
}

bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<uint16_t> known_port(const Draft& draft) {
  if (draft.port) {
    return draft.port;
  }
  const Preset* preset = find_preset(draft.monitor.preset);
  return preset != nullptr ? std::optional(preset->port) : std::nullopt;
}

std::optional<Target> reachable(Reader& reader, const YamlNode& from, const ResolvedText& text,
                                std::string_view field, Target target) {
  if (auto why = never_reached(target)) {
    reader.value_error(from, text, field, std::move(*why),
                       "no setting allows it; write the address of a service");
    return std::nullopt;
  }
  return target;
}

// `from` is the node that a mistake in the host belongs to.
std::optional<Target> make_target(Reader& reader, const YamlNode& from, const ResolvedText& host,
                                  uint16_t port) {
  Result<Target> target = Target::make(without_brackets(host.text), port);
  if (!target) {
    reader.value_error(from, host, "host", target.error().message);
    return std::nullopt;
  }
  return reachable(reader, from, host, "host", std::move(*target));
}

std::optional<Target> parse_target(Reader& reader, const YamlNode& from, const ResolvedText& text) {
  Result<Target> target = Target::parse(text.text);
  if (!target) {
    const bool is_name =
        is_bare_host(text.text) && text.text.find_first_of(":[") == std::string::npos;
    reader.value_error(
        from, text, "target", target.error().message,
        is_name && !text.text.empty() ? "add the port, or a preset such as redis or postgres" : "");
    return std::nullopt;
  }
  return reachable(reader, from, text, "target", std::move(*target));
}

std::optional<Target> single_target(Reader& reader, const Draft& draft) {
  const std::optional<uint16_t> port = known_port(draft);
  if (draft.target) {
    const YamlNode& node = *draft.written.at("target").node;
    if (port && is_bare_host(draft.target->text)) {
      return make_target(reader, node, *draft.target, *port);
    }
    std::optional<Target> target = parse_target(reader, node, *draft.target);
    if (target && draft.port) {
      reader.error(draft.place("port"), "the target has a port already", "keep one of them");
      return std::nullopt;
    }
    return target;
  }
  if (draft.host) {
    const YamlNode& node = *draft.written.at("host").node;
    if (!port) {
      reader.error(node.mark, fmt::format("{} has a host but no port", draft.what),
                   "add port: 5432, or a preset such as redis or postgres");
      return std::nullopt;
    }
    return make_target(reader, node, {*draft.host, has_reference(node)}, *port);
  }
  reader.error(draft.mark, fmt::format("{} has no target", draft.what),
               "add for example target: db.example.com:5432");
  return std::nullopt;
}

// The host that the ports of for_each are for.
std::optional<ResolvedText> common_host(Reader& reader, const Draft& draft) {
  if (draft.host) {
    return ResolvedText{*draft.host, has_reference(*draft.written.at("host").node)};
  }
  if (!draft.target) {
    reader.error(draft.place("for_each"), "a list of ports needs a host",
                 "add for example target: db.example.com");
    return std::nullopt;
  }
  if (!is_bare_host(draft.target->text)) {
    reader.value_error(*draft.written.at("target").node, *draft.target, "host",
                       "with a list of ports the target is a host alone",
                       "take the port out of the target");
    return std::nullopt;
  }
  return draft.target;
}

std::optional<Target> target_of_port(Reader& reader, const Draft& draft, const ForEachItem& item,
                                     const ResolvedText& host) {
  const Result<uint16_t> port = parse_port(item.value.text);
  if (!port) {
    reader.value_error(*item.node, item.value, "port", port.error().message);
    return std::nullopt;
  }
  const YamlNode& from = *draft.written.at(draft.host ? "host" : "target").node;
  return make_target(reader, from, host, *port);
}

std::optional<Target> target_of_host(Reader& reader, const Draft& draft, const ForEachItem& item) {
  if (!is_bare_host(item.value.text)) {
    return parse_target(reader, *item.node, item.value);
  }
  const std::optional<uint16_t> port = known_port(draft);
  if (!port) {
    reader.error(item.node->mark, "this host has no port",
                 "write host:port, or add port: 5432 or a preset beside for_each");
    return std::nullopt;
  }
  return make_target(reader, *item.node, item.value, *port);
}

// An id may not have the brackets and colons of addresses.
std::string id_suffix(std::string_view item) {
  std::string suffix;
  for (const char c : without_brackets(item)) {
    suffix += is_identifier_byte(c) ? c : '-';
  }
  return suffix;
}

// `host` is that of a list of ports.
std::optional<Monitor> expand_item(Reader& reader, const Draft& draft, const ForEachItem& item,
                                   const std::optional<ResolvedText>& host) {
  std::optional<Target> target =
      host ? target_of_port(reader, draft, item, *host) : target_of_host(reader, draft, item);
  if (!target) {
    return std::nullopt;
  }
  Monitor monitor = draft.monitor;
  monitor.target = std::move(*target);
  monitor.id = fmt::format("{}-{}", draft.monitor.id, id_suffix(item.value.text));
  monitor.name =
      draft.has("name") ? fmt::format("{} {}", draft.monitor.name, item.value.text) : monitor.id;
  if (std::optional<std::string> wrong = wrong_identifier(monitor.id)) {
    reader.value_error(*item.node, item.value, "id", std::move(*wrong));
    return std::nullopt;
  }
  return monitor;
}

std::vector<Monitor> expand_items(Reader& reader, const Draft& draft) {
  const auto is_port = [](const ForEachItem& item) { return is_number(item.value.text); };
  const bool ports = std::ranges::any_of(draft.items, is_port);
  if (ports && !std::ranges::all_of(draft.items, is_port)) {
    reader.error(draft.place("for_each"), "for_each has ports and hosts mixed",
                 "write a list of ports or a list of hosts");
    return {};
  }
  if (ports ? draft.port.has_value() : draft.target || draft.host) {
    reader.error(draft.place("for_each"),
                 ports ? "the ports stand in for_each and in port"
                       : "the hosts stand in for_each and in target or host",
                 "keep one of them");
    return {};
  }
  const std::optional<ResolvedText> host = ports ? common_host(reader, draft) : std::nullopt;
  if (ports && !host) {
    return {};
  }
  std::vector<Monitor> monitors;
  for (const ForEachItem& item : draft.items) {
    if (std::optional<Monitor> monitor = expand_item(reader, draft, item, host)) {
      monitors.push_back(std::move(*monitor));
    }
  }
  return monitors;
}

}  // namespace

std::optional<std::string> never_reached(const Target& target) {
  if (!target.literal()) {
    return std::nullopt;
  }
  return ReachPolicy().refuse({.ip = *target.literal(), .port = target.port(), .unix_path = {}},
                              ReachRole::operator_files);
}

std::vector<Monitor> expand(Reader& reader, const Draft& draft) {
  for (const std::string_view field : {"target", "host", "port", "preset", "for_each"}) {
    if (!draft.is_good(field)) {
      return {};
    }
  }
  if (draft.target && draft.host) {
    reader.error(draft.place("host"), "target and host are written both", "keep one of them");
    return {};
  }
  if (!draft.items.empty()) {
    return expand_items(reader, draft);
  }
  std::optional<Target> target = single_target(reader, draft);
  if (!target) {
    return {};
  }
  std::vector<Monitor> monitors{draft.monitor};
  monitors.front().target = std::move(*target);
  return monitors;
}

}  // namespace tocsin
