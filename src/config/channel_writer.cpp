#include "config/channel_writer.h"

#include <algorithm>

#include "config/policy_writer.h"

namespace tocsin {
namespace {

constexpr std::string_view kMonitorPrefix = "monitor.";

// "ops/room-1", "url" -> "OPS_ROOM_1_URL"
std::string variable_name(std::string_view text) {
  std::string name;
  for (const char c : text) {
    const bool is_lower = c >= 'a' && c <= 'z';
    const bool stays = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    name += is_lower ? static_cast<char>(c - 'a' + 'A') : stays ? c : '_';
  }
  const bool begins_with_digit = !name.empty() && name[0] >= '0' && name[0] <= '9';
  return begins_with_digit ? "_" + name : name;
}

class ChannelWriter {
 public:
  ChannelWriter(const Channel& channel, std::set<std::string>& variables)
      : channel_(channel), variables_(variables) {}

  WrittenValue run() {
    const Channel usual;
    map_.add("type", written_text(channel_type_name(channel_.type)));
    if (channel_.name != channel_.id) {
      map_.add("name", written_text(channel_.name));
    }
    if (channel_.send != usual.send) {
      std::vector<std::string> words;
      words.reserve(channel_.send.size());
      for (const EventType event : channel_.send) {
        words.emplace_back(event_word(event));
      }
      map_.add("send", written_texts(words));
    }
    channel_.type == ChannelType::webhook ? write_webhook() : write_email();
    return std::move(map_);
  }

 private:
  WrittenValue reference(const std::string& what) {
    const std::string wanted = variable_name(channel_.id + "_" + what);
    std::string name = wanted;
    for (int number = 2; !variables_.insert(name).second; ++number) {
      name = wanted + "_" + std::to_string(number);
    }
    return WrittenValue::of_text("${env:" + name + "}");
  }

  void write_webhook() {
    map_.add("url", reference("url"));
    if (!channel_.secret.empty()) {
      map_.add("secret", reference("secret"));
    }
    WrittenValue headers;
    for (const auto& [name, value] : channel_.headers) {
      headers.add(name, reference(name));
    }
    if (!headers.empty()) {
      map_.add("headers", std::move(headers));
    }
  }

  void write_email() {
    const SmtpSettings& smtp = channel_.smtp;
    const SmtpSettings usual;
    map_.add("to", written_texts(channel_.to));
    map_.add("from", written_text(channel_.from));
    WrittenValue server;
    server.add("host", written_text(smtp.host));
    if (smtp.port != usual.port) {
      server.add("port", WrittenValue::number(smtp.port));
    }
    if (smtp.security != usual.security) {
      server.add("security", written_text(smtp_security_name(smtp.security)));
    }
    if (!smtp.username.empty()) {
      server.add("username", written_text(smtp.username));
    }
    if (!smtp.password.empty()) {
      server.add("password", reference("password"));
    }
    if (smtp.verify != usual.verify) {
      server.add("verify", WrittenValue::boolean(smtp.verify));
    }
    map_.add("smtp", std::move(server));
  }

  const Channel& channel_;
  std::set<std::string>& variables_;
  WrittenValue map_;
};

}  // namespace

WrittenValue write_channel_definition(const Channel& channel, std::set<std::string>& variables) {
  return ChannelWriter(channel, variables).run();
}

std::string_view event_word(EventType event) {
  const std::string_view name = event_type_name(event);
  return name.starts_with(kMonitorPrefix) ? name.substr(kMonitorPrefix.size()) : name;
}

}  // namespace tocsin
