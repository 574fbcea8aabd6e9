// Channel: where to tell. Its secrets never leave through any interface (model/secret.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/monitor.h"
#include "model/secret.h"
#include "model/status.h"

namespace tocsin {

enum class ChannelType : uint8_t { webhook = 1, email = 2 };
std::string_view channel_type_name(ChannelType type);
std::optional<ChannelType> channel_type_from_name(std::string_view name);

enum class SmtpSecurity : uint8_t { none, starttls, tls };
std::string_view smtp_security_name(SmtpSecurity security);
std::optional<SmtpSecurity> smtp_security_from_name(std::string_view name);

struct SmtpSettings {
  std::string host;
  uint16_t port = 25;
  SmtpSecurity security = SmtpSecurity::starttls;  // starttls is required, never "if offered"
  std::string username;
  Secret password;
  bool verify = true;
  bool operator==(const SmtpSettings&) const = default;
};

struct Channel {
  std::string id;
  std::string name;
  std::string project;  // id of the owning project, or kUiProject; not part of what is compared
  ChannelType type = ChannelType::webhook;
  std::vector<EventType> send = {EventType::down,      EventType::recovered, EventType::reminder,
                                 EventType::escalated, EventType::flapping,  EventType::group};
  // webhook
  Secret url;     // user-info and query may hold secrets
  Secret secret;  // signing key as written
  std::vector<std::pair<std::string, Secret>> headers;
  // email
  std::vector<std::string> to;
  std::string from;
  SmtpSettings smtp;
  Origin origin;
};
bool is_of_ui(const Channel& channel);
bool same_definition(const Channel& a, const Channel& b);

}  // namespace tocsin
