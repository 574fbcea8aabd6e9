#include <algorithm>
#include <utility>

#include "store/channel_form.h"
#include "store/json_archive.h"

namespace tocsin::stored {

// What is sealed. The channel's id is in it, so that secrets moved to another row open nothing.
struct ChannelSecrets {
  std::string channel, url, secret, password;
  std::vector<std::string> headers;  // values, in the order of the names
};

template <class Archive, Is<ChannelSecrets> V>
void describe(Archive& archive, V& secrets) {
  archive.field("channel", secrets.channel);
  archive.sparse("url", secrets.url);
  archive.sparse("secret", secrets.secret);
  archive.sparse("headers", secrets.headers);
  archive.sparse("password", secrets.password);
}

template <class Archive, Is<SmtpSettings> V>
void describe(Archive& archive, V& smtp) {
  archive.field("host", smtp.host);
  archive.field("port", smtp.port);
  archive.field("security", smtp.security);
  archive.sparse("username", smtp.username);
  archive.field("verify", smtp.verify);
}

namespace {

std::vector<std::string> header_names(const Channel& channel) {
  std::vector<std::string> names;
  names.reserve(channel.headers.size());
  for (const auto& [name, value] : channel.headers) {
    names.push_back(name);
  }
  return names;
}

}  // namespace

template <class Archive, Is<Channel> V>
void describe(Archive& archive, V& channel) {
  archive.field("id", channel.id);
  archive.field("name", channel.name);
  archive.field("project", channel.project);
  archive.field("type", channel.type);
  archive.field("send", channel.send);
  std::vector<std::string> names = header_names(channel);
  archive.sparse("headers", names);
  if constexpr (Archive::kReads) {
    channel.headers.clear();
    for (std::string& name : names) {
      channel.headers.emplace_back(std::move(name), Secret());
    }
  }
  archive.sparse("to", channel.to);
  archive.sparse("from", channel.from);
  if (Archive::kReads || channel.type == ChannelType::email) {
    archive.field("smtp", channel.smtp);
  }
}

}  // namespace tocsin::stored

namespace tocsin {

std::string to_json(const Channel& channel) { return stored::write_json(channel); }

Result<Channel> channel_from_json(std::string_view text) {
  return stored::read_json<Channel>(text, "channel");
}

std::string channel_secrets(const Channel& channel) {
  stored::ChannelSecrets secrets{.channel = channel.id,
                                 .url = channel.url.reveal(),
                                 .secret = channel.secret.reveal(),
                                 .password = channel.smtp.password.reveal(),
                                 .headers = {}};
  for (const auto& [name, value] : channel.headers) {
    secrets.headers.push_back(value.reveal());
  }
  const bool has_any = !secrets.url.empty() || !secrets.secret.empty() ||
                       !secrets.password.empty() || !secrets.headers.empty();
  return has_any ? stored::write_json(secrets) : std::string();
}

Result<void> put_secrets(Channel& channel, std::string_view secrets) {
  Result<stored::ChannelSecrets> read =
      stored::read_json<stored::ChannelSecrets>(secrets, "secrets of a channel");
  if (!read) {
    return std::unexpected(read.error());
  }
  if (read->channel != channel.id || read->headers.size() != channel.headers.size()) {
    return fail(ErrorKind::corrupt, "stored secrets of a channel: they belong to another one");
  }
  channel.url = Secret(std::move(read->url));
  channel.secret = Secret(std::move(read->secret));
  channel.smtp.password = Secret(std::move(read->password));
  for (size_t i = 0; i < channel.headers.size(); ++i) {
    channel.headers[i].second = Secret(std::move(read->headers[i]));
  }
  return {};
}

}  // namespace tocsin
