#include "config/server_reader.h"

#include <fmt/format.h>

#include "base/bytes.h"
#include "base/check.h"
#include "config/channel_check.h"
#include "config/other_fields.h"
#include "model/target.h"
#include "ports/reach.h"

namespace tocsin {
namespace {

constexpr uint16_t kDnsPort = 53;

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

// ADDRESS or ADDRESS:PORT, always kept with its port.
std::optional<std::string> resolver_address(std::string_view text) {
  if (const std::optional<IpAddress> ip = IpAddress::parse(text)) {
    return SocketAddress{*ip, kDnsPort, {}}.text();
  }
  const Result<Target> target = Target::parse(text);
  return target && target->literal() ? std::optional(target->text()) : std::nullopt;
}

void read_dns(Reader& reader, const YamlNode& node, ServerSettings& server) {
  read_map(reader, node, dns_fields(), "dns", [&](const YamlNode& entry, const Field& field) {
    if (field.name == "canary") {
      server.dns_canary = reader.text(entry, field).value_or("");
      return;
    }
    const auto servers = reader.text_list(entry, field);
    for (size_t i = 0; servers && i < servers->size(); ++i) {
      const YamlNode& item = entry.children[i];
      if (std::optional<std::string> address = resolver_address((*servers)[i])) {
        server.dns_servers.push_back(std::move(*address));
      } else {
        reader.value_error(item, {(*servers)[i], has_reference(item)}, "address of a resolver",
                           fmt::format("\"{}\" is not the address of a resolver",
                                       escape_for_display((*servers)[i], 80)),
                           "write an IP address, for example 127.0.0.1 or [::1]:5353");
      }
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
