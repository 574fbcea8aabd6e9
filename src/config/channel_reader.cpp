#include "config/channel_reader.h"

#include <fmt/format.h>

#include <array>
#include <set>

#include "base/bytes.h"
#include "base/check.h"
#include "config/channel_check.h"
#include "config/other_fields.h"
#include "model/target.h"

namespace tocsin {
namespace {

constexpr size_t kHeadersMax = 20;

// Rows that only one type has; what is not here is for all.
constexpr std::array<std::string_view, 3> kWebhookRows = {"url", "secret", "headers"};
constexpr std::array<std::string_view, 3> kEmailRows = {"to", "from", "smtp"};

template <size_t size>
bool is_one_of(std::string_view word, const std::array<std::string_view, size>& words) {
  for (const std::string_view candidate : words) {
    if (candidate == word) {
      return true;
    }
  }
  return false;
}

void read_events(Reader& reader, const YamlNode& node, const Field& field, Channel& channel) {
  const auto names = reader.text_list(node, field);
  if (!names) {
    return;
  }
  channel.send.clear();
  for (size_t i = 0; i < names->size(); ++i) {
    const std::optional<EventType> event = event_type_from_name((*names)[i]);
    if (event) {
      channel.send.push_back(*event);
      continue;
    }
    static constexpr std::array<std::string_view, 10> kEvents = {
        "down",     "degraded", "recovered",        "reminder", "escalated",
        "flapping", "group",    "location.unknown", "self",     "test"};
    const YamlNode& item = node.children[i];
    reader.value_error(item, {(*names)[i], has_reference(item)}, "event",
                       fmt::format("there is no event \"{}\"", escape_for_display((*names)[i], 80)),
                       nearest_hint((*names)[i], kEvents));
  }
}

std::optional<Secret> read_secret(Reader& reader, const YamlNode& node, const Field& field,
                                  std::optional<std::string> (*wrong)(std::string_view)) {
  std::optional<ResolvedText> value = reader.scalar(node, field.name);
  if (!value) {
    return std::nullopt;
  }
  if (value->text.size() > static_cast<size_t>(field.max)) {
    reader.error(node.mark, fmt::format("{} has {} bytes; at most {} are possible", field.name,
                                        value->text.size(), field.max));
    return std::nullopt;
  }
  if (std::optional<std::string> message = wrong(value->text)) {
    reader.error(node.mark, std::move(*message));
    return std::nullopt;
  }
  return Secret(std::move(value->text));
}

void read_headers(Reader& reader, const YamlNode& node, Channel& channel) {
  if (!reader.is_map(node, "headers")) {
    return;
  }
  if (node.children.size() > kHeadersMax) {
    reader.error(node.mark, fmt::format("headers has {} entries; at most {} are possible",
                                        node.children.size(), kHeadersMax));
    return;
  }
  for (const YamlNode& entry : node.children) {
    std::optional<ResolvedText> value = reader.scalar(entry, "a header");
    if (!value) {
      continue;
    }
    if (std::optional<std::string> message = wrong_header(entry.key, value->text)) {
      reader.error(entry.key_mark, std::move(*message));
      continue;
    }
    channel.headers.emplace_back(entry.key, Secret(std::move(value->text)));
  }
}

void check_address(Reader& reader, const YamlNode& node, const std::string& address) {
  if (std::optional<std::string> message = wrong_mail_address(address)) {
    reader.value_error(node, {address, has_reference(node)}, "mail address", std::move(*message),
                       "for example oncall@example.com");
  }
}

void set_smtp_field(Reader& reader, const YamlNode& node, const Field& field, SmtpSettings& smtp) {
  if (field.name == "host") {
    smtp.host = reader.text(node, field).value_or("");
    // The port does not matter here: only the name is judged.
    if (const Result<Target> target = Target::make(smtp.host, 25); !smtp.host.empty() && !target) {
      reader.value_error(node, {smtp.host, has_reference(node)}, "host", target.error().message);
    }
  } else if (field.name == "port") {
    smtp.port = static_cast<uint16_t>(reader.number(node, field).value_or(smtp.port));
  } else if (field.name == "security") {
    if (const auto word = reader.choice(node, field)) {
      smtp.security = *smtp_security_from_name(*word);
    }
  } else if (field.name == "username") {
    smtp.username = reader.text(node, field).value_or("");
  } else if (field.name == "password") {
    const auto any = [](std::string_view password) {
      return password.empty() ? std::optional<std::string>("password must not be empty")
                              : std::nullopt;
    };
    smtp.password = read_secret(reader, node, field, any).value_or(Secret());
  } else if (field.name == "verify") {
    smtp.verify = reader.boolean(node, field).value_or(true);
  } else {
    CHECK(false, "every row of smtp_fields is read");
  }
}

void read_smtp(Reader& reader, const YamlNode& node, SmtpSettings& smtp) {
  const size_t errors = reader.errors();
  read_map(reader, node, smtp_fields(), "smtp", [&](const YamlNode& entry, const Field& field) {
    set_smtp_field(reader, entry, field, smtp);
  });
  if (errors != reader.errors()) {
    return;
  }
  if (smtp.host.empty()) {
    reader.error(node.mark, "smtp has no host", "add host: mail.example.com");
  }
  if (smtp.username.empty() != smtp.password.empty()) {
    reader.error(node.mark, "username and password of smtp come together");
  } else if (!smtp.password.empty() && smtp.security == SmtpSecurity::none) {
    reader.warning(node.mark, "the password of smtp is sent in the clear",
                   "use security: starttls or tls");
  }
}

void set_channel_field(Reader& reader, const YamlNode& node, const Field& field, Channel& channel) {
  if (field.name == "type") {
    if (const auto word = reader.choice(node, field)) {
      channel.type = *channel_type_from_name(*word);
    }
  } else if (field.name == "name") {
    channel.name = reader.text(node, field).value_or("");
  } else if (field.name == "send") {
    read_events(reader, node, field, channel);
  } else if (field.name == "url") {
    channel.url = read_secret(reader, node, field, &wrong_url).value_or(Secret());
  } else if (field.name == "secret") {
    channel.secret = read_secret(reader, node, field, &wrong_secret).value_or(Secret());
  } else if (field.name == "headers") {
    read_headers(reader, node, channel);
  } else if (field.name == "to") {
    channel.to = reader.text_list(node, field).value_or(std::vector<std::string>{});
    for (size_t i = 0; i < channel.to.size(); ++i) {
      check_address(reader, node.children[i], channel.to[i]);
    }
  } else if (field.name == "from") {
    channel.from = reader.text(node, field).value_or("");
    if (!channel.from.empty()) {
      check_address(reader, node, channel.from);
    }
  } else if (field.name == "smtp") {
    read_smtp(reader, node, channel.smtp);
  } else {
    CHECK(false, "every row of channel_fields is read");
  }
}

void check_rows_of_type(Reader& reader, const YamlNode& entry, const Channel& channel) {
  const bool webhook = channel.type == ChannelType::webhook;
  const std::string_view type = channel_type_name(channel.type);
  for (const YamlNode& child : entry.children) {
    if (is_one_of(child.key, webhook ? kEmailRows : kWebhookRows)) {
      reader.error(child.key_mark,
                   fmt::format("{} does not belong to a channel of type {}", child.key, type));
    }
  }
  for (const std::string_view row : webhook ? kWebhookRows : kEmailRows) {
    const bool optional = row == "secret" || row == "headers";
    if (!optional && entry.find(row) == nullptr) {
      reader.error(
          entry.key_mark, fmt::format("a channel of type {} needs {}", type, row),
          fmt::format("for example {}: {}", row, find_field(channel_fields(), row)->example));
    }
  }
}

}  // namespace

std::optional<Channel> read_channel(Reader& reader, const YamlNode& entry) {
  const size_t errors = reader.errors();
  if (std::optional<std::string> wrong = wrong_identifier(entry.key)) {
    reader.error(entry.key_mark, std::move(*wrong));
  }
  Channel channel;
  channel.id = entry.key;
  channel.name = entry.key;
  channel.origin = {reader.file_name(), entry.key_mark.line};
  const std::string what = fmt::format("channel \"{}\"", escape_for_display(entry.key, 80));
  read_map(reader, entry, channel_fields(), what, [&](const YamlNode& node, const Field& field) {
    set_channel_field(reader, node, field, channel);
  });
  if (entry.kind != YamlNode::Kind::map) {
    return std::nullopt;
  }
  const YamlNode* type = entry.find("type");
  if (type == nullptr) {
    reader.error(entry.key_mark, fmt::format("{} has no type", what),
                 "add type: webhook or type: email");
  } else if (type->kind == YamlNode::Kind::scalar &&
             channel_type_from_name(type->text) == channel.type) {
    check_rows_of_type(reader, entry, channel);
  }
  return errors == reader.errors() ? std::optional(std::move(channel)) : std::nullopt;
}

}  // namespace tocsin
