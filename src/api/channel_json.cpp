#include "api/channel_json.h"

#include <fmt/format.h>

#include "api/channel_body.h"
#include "base/ids.h"
#include "config/channel_writer.h"

namespace tocsin {
namespace {

void write_owner(JsonWriter& json, const Channel& channel) {
  const bool is_ui = is_of_ui(channel);
  json.key("owner").begin_object().field("kind", is_ui ? "ui" : "project");
  if (is_ui) {
    json.null_field("project").null_field("file").null_field("line");
  } else {
    json.field("project", channel.project).field("file", channel.origin.file);
    json.number_field("line", channel.origin.line);
  }
  json.end_object();
}

void write_webhook(JsonWriter& json, const Channel& channel) {
  json.key("webhook").begin_object();
  json.field("url_set", !channel.url.empty());
  if (channel.url.empty()) {
    json.null_field("url_shown");
  } else {
    json.field("url_shown", url_origin(channel.url) + "/…");
  }
  json.field("secret_set", !channel.secret.empty());
  json.key("headers").begin_list();
  for (const auto& [name, value] : channel.headers) {
    json.text(name);
  }
  json.end_list().end_object();
}

void write_email(JsonWriter& json, const Channel& channel) {
  const SmtpSettings& smtp = channel.smtp;
  json.key("email").begin_object();
  json.text_list_field("to", channel.to).field("from", channel.from);
  json.key("smtp").begin_object();
  json.field("host", smtp.host).count_field("port", smtp.port);
  json.field("security", smtp_security_name(smtp.security)).field("username", smtp.username);
  json.field("password_set", !smtp.password.empty()).field("verify", smtp.verify);
  json.end_object().end_object();
}

void write_health(JsonWriter& json, const ChannelView& view) {
  const Outbox::Counters& health = view.health;
  json.key("health").begin_object();
  json.count_field("delivered", health.delivered).count_field("waiting", view.waiting);
  json.count_field("failed_attempts", health.failed_attempts).count_field("dead", health.dead);
  if (health.last_result.empty()) {
    json.null_field("last_result");
  } else {
    json.field("last_result", health.last_result);
  }
  json.end_object();
}

void write_definition(JsonWriter& json, const Channel& channel) {
  json.field("id", channel.id).field("name", channel.name);
  json.field("type", channel_type_name(channel.type));
  json.key("send").begin_list();
  for (const EventType event : channel.send) {
    json.text(event_word(event));
  }
  json.end_list();
  channel.type == ChannelType::webhook ? write_webhook(json, channel) : write_email(json, channel);
}

}  // namespace

std::string channel_revision(const ChannelView& view) {
  JsonWriter json;
  json.begin_object().count_field("version", view.version);
  write_definition(json, view.channel);
  json.end_object();
  return fmt::format("{:016x}", stable_hash(json.str()));
}

void write_channel(JsonWriter& json, const ChannelView& view) {
  json.begin_object();
  write_definition(json, view.channel);
  write_owner(json, view.channel);
  json.count_field("used_by", view.used_by.size()).field("revision", channel_revision(view));
  json.field("secrets_lost", view.secrets_lost);
  write_health(json, view);
  json.end_object();
}

}  // namespace tocsin
