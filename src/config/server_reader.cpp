#include "config/server_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/bytes.h"
#include "base/check.h"
#include "config/channel_check.h"
#include "config/other_fields.h"
#include "config/way_reader.h"
#include "ports/reach.h"

namespace tocsin {
namespace {

void read_retention(Reader& reader, const YamlNode& node, Retention& retention) {
  read_map(reader, node, retention_fields(), "retention",
           [&](const YamlNode& entry, const Field& field) {
             const std::optional<Duration> time = reader.duration(entry, field);
             Duration& kept = field.name == "raw"        ? retention.raw
                              : field.name == "failures" ? retention.failures
                                                         : retention.hourly;
             kept = time.value_or(kept);
           });
}

std::vector<std::string> read_blocks(Reader& reader, const YamlNode& entry, const Field& field) {
  const auto blocks = reader.text_list(entry, field);
  for (size_t i = 0; blocks && i < blocks->size(); ++i) {
    if (const Result<Cidr> block = Cidr::parse((*blocks)[i]); !block) {
      const YamlNode& item = entry.children[i];
      reader.value_error(item, {(*blocks)[i], has_reference(item)}, "block of addresses",
                         block.error().message);
    }
  }
  return blocks.value_or(std::vector<std::string>{});
}

void read_reach(Reader& reader, const YamlNode& node, std::vector<std::string>& allow) {
  read_map(reader, node, reach_fields(), "reach", [&](const YamlNode& entry, const Field& field) {
    allow = read_blocks(reader, entry, field);
  });
}

// At most one of each family.
std::vector<IpAddress> read_sources(Reader& reader, const YamlNode& node, const Field& field) {
  std::vector<IpAddress> sources;
  if (!reader.is_list(node, field)) {
    return sources;
  }
  for (const YamlNode& item : node.children) {
    const std::optional<IpAddress> source = read_source(reader, item, field);
    const auto is_second = [&](const IpAddress& other) { return other.family == source->family; };
    if (source && std::ranges::any_of(sources, is_second)) {
      reader.error(item.mark, "two sources of one family",
                   "keep one IPv4 and one IPv6 address; a monitor may have a source of its own");
    } else if (source) {
      sources.push_back(*source);
    }
  }
  return sources;
}

void read_dns(Reader& reader, const YamlNode& node, ServerSettings& server) {
  read_map(reader, node, dns_fields(), "dns", [&](const YamlNode& entry, const Field& field) {
    if (field.name == "canary") {
      server.dns_canary = reader.text(entry, field).value_or("");
      return;
    }
    for (const SocketAddress& address : read_resolvers(reader, entry, field)) {
      server.dns_servers.push_back(address.text());
    }
  });
}

void read_rate_limit(Reader& reader, const YamlNode& node, RequestRate& rate) {
  read_map(reader, node, rate_limit_fields(), "rate_limit",
           [&](const YamlNode& entry, const Field& field) {
             uint32_t& kept = field.name == "burst" ? rate.burst : rate.per_second;
             if (const auto number = reader.number(entry, field)) {
               kept = static_cast<uint32_t>(*number);
             }
           });
}

}  // namespace

std::optional<ProjectName> read_project(Reader& reader, const YamlNode& node) {
  ProjectName project;
  const size_t errors = reader.errors();
  read_map(reader, node, project_fields(), "project",
           [&](const YamlNode& entry, const Field& field) {
             if (field.name == "id") {
               project.id = reader.identifier(entry, field).value_or("");
             } else {
               project.name = reader.text(entry, field).value_or("");
             }
           });
  if (errors == reader.errors() && project.id.empty()) {
    reader.error(node.mark, "project has no id", "for example project: { id: shop, name: Shop }");
  }
  if (project.id == kUiProject) {
    reader.error(node.mark, "the project id \"ui\" is taken by monitors made in the browser",
                 "choose another id");
  }
  if (project.name.empty()) {
    project.name = project.id;
  }
  return errors == reader.errors() ? std::optional(std::move(project)) : std::nullopt;
}

std::optional<ServerSettings> read_server(Reader& reader, const YamlNode& node) {
  ServerSettings server;
  const size_t errors = reader.errors();
  read_map(reader, node, server_fields(), "server", [&](const YamlNode& entry, const Field& field) {
    if (field.name == "public_url") {
      server.public_url = reader.text(entry, field).value_or("");
      if (const auto wrong = wrong_url(server.public_url); wrong && !server.public_url.empty()) {
        reader.error(entry.mark, fmt::format("public_{}", *wrong));
      }
    } else if (field.name == "retention") {
      read_retention(reader, entry, server.retention);
    } else if (field.name == "reach") {
      read_reach(reader, entry, server.reach_allow);
    } else if (field.name == "dns") {
      read_dns(reader, entry, server);
    } else if (field.name == "source") {
      server.sources = read_sources(reader, entry, field);
    } else if (field.name == "rate_limit") {
      read_rate_limit(reader, entry, server.rate_limit);
    } else if (field.name == "io") {
      if (const auto word = reader.choice(entry, field)) {
        server.io = *io_backend_from_name(*word);
      }
    } else if (field.name == "realtime") {
      server.realtime = reader.boolean(entry, field).value_or(false);
    } else if (field.name == "trusted_proxies") {
      server.trusted_proxies = read_blocks(reader, entry, field);
    } else {
      CHECK(false, "every row of server_fields is read");
    }
  });
  return errors == reader.errors() ? std::optional(std::move(server)) : std::nullopt;
}

}  // namespace tocsin
