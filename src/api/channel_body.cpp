#include "api/channel_body.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "api/body_layout.h"
#include "api/definition_body.h"
#include "api/json_writer.h"
#include "api/merge_patch.h"
#include "config/reader.h"

namespace tocsin {
namespace {

using Kind = BodyValue::Kind;

// As it would be written: a "${" that is meant so is written "$${".
BodyValue text_value(const std::string& text) {
  BodyValue value{.kind = Kind::text};
  for (size_t at = 0; at < text.size(); ++at) {
    value.text += text.compare(at, 2, "${") == 0 ? "$$" : std::string_view(text).substr(at, 1);
  }
  return value;
}

void put(BodyValue& object, std::string name, BodyValue value) {
  object.members.push_back({std::move(name), std::move(value)});
}

void put_text(BodyValue& object, std::string name, const std::string& text) {
  if (!text.empty()) {
    put(object, std::move(name), text_value(text));
  }
}

BodyValue smtp_value(const SmtpSettings& smtp) {
  BodyValue value{.kind = Kind::object};
  put_text(value, "host", smtp.host);
  put(value, "port", {.kind = Kind::number, .text = fmt::to_string(smtp.port)});
  put(value, "security", text_value(std::string(smtp_security_name(smtp.security))));
  put_text(value, "username", smtp.username);
  put_text(value, "password", smtp.password.reveal());
  put(value, "verify", {.kind = Kind::boolean, .boolean = smtp.verify});
  return value;
}

// The definition as its file would say it, with its secrets: what a patch is laid over.
BodyValue definition_of(const Channel& channel) {
  BodyValue value{.kind = Kind::object};
  put(value, "type", text_value(std::string(channel_type_name(channel.type))));
  put_text(value, "name", channel.name);
  BodyValue send{.kind = Kind::list};
  for (const EventType event : channel.send) {
    send.items.push_back(text_value(std::string(event_type_name(event))));
  }
  put(value, "send", std::move(send));
  if (channel.type == ChannelType::email) {
    BodyValue to{.kind = Kind::list};
    for (const std::string& address : channel.to) {
      to.items.push_back(text_value(address));
    }
    put(value, "to", std::move(to));
    put_text(value, "from", channel.from);
    put(value, "smtp", smtp_value(channel.smtp));
    return value;
  }
  put_text(value, "url", channel.url.reveal());
  put_text(value, "secret", channel.secret.reveal());
  BodyValue headers{.kind = Kind::object};
  for (const auto& [name, header] : channel.headers) {
    put(headers, name, text_value(header.reveal()));
  }
  if (!headers.members.empty()) {
    put(value, "headers", std::move(headers));
  }
  return value;
}

bool says(const BodyValue* object, std::string_view name) {
  return object != nullptr && object->find(name) != nullptr;
}

// The secrets of a webhook, or of its mail server, that the patch does not say itself.
std::vector<FieldProblem> unsaid_secrets(const Channel& channel, const BodyValue& patch,
                                         std::string_view why) {
  std::vector<FieldProblem> errors;
  const auto ask_for = [&](std::string pointer) {
    errors.push_back({.pointer = std::move(pointer),
                      .code = "secret_needed",
                      .message = fmt::format("{}: this secret must be written again.", why)});
  };
  if (channel.type == ChannelType::email) {
    if (!says(patch.find("smtp"), "password")) {
      ask_for("/smtp/password");
    }
    return errors;
  }
  if (!says(&patch, "secret")) {
    ask_for("/secret");
  }
  for (const auto& [name, value] : channel.headers) {
    if (!says(patch.find("headers"), name)) {
      ask_for("/headers" + pointer_step(name));
    }
  }
  return errors;
}

// Secrets that were kept from `before` and would now go elsewhere.
std::vector<FieldProblem> kept_secrets(const Channel& before, const Channel& after,
                                       const BodyValue& patch) {
  const bool moves = before.url != after.url && !before.url.empty();
  if (moves && after.type == ChannelType::webhook) {
    std::vector<FieldProblem> errors =
        unsaid_secrets(after, patch, "The webhook goes to another place");
    // None was set, so none is kept.
    std::erase_if(errors, [&](const FieldProblem& error) {
      return error.pointer == "/secret" && after.secret.empty();
    });
    return errors;
  }
  const auto way = [](const SmtpSettings& smtp) {
    return std::tie(smtp.host, smtp.port, smtp.security, smtp.verify);
  };
  if (way(before.smtp) != way(after.smtp) && !after.smtp.password.empty()) {
    return unsaid_secrets(after, patch, "The mail goes another way");
  }
  return {};
}

// Nobody knows any more which there were: each is written again, or null where there was none.
std::vector<FieldProblem> lost_secrets(const Channel& after, const BodyValue& patch) {
  std::vector<FieldProblem> errors =
      unsaid_secrets(after, patch, "The secrets of this channel were lost");
  std::erase_if(errors, [&](const FieldProblem& error) {
    return error.pointer == "/smtp/password" && after.smtp.username.empty();
  });
  return errors;
}

Problem bad_id(std::string_view code, std::string message) {
  return validation_failed(
      {{.pointer = "/id", .code = std::string(code), .message = std::move(message)}});
}

}  // namespace

std::string url_origin(const Secret& url) {
  const std::string& text = url.reveal();
  const size_t slashes = text.find("://");
  if (slashes == std::string::npos) {
    return {};
  }
  std::string host = text.substr(slashes + 3);
  host = host.substr(0, host.find_first_of("/?#\\"));
  host = host.substr(host.rfind('@') + 1);
  return text.substr(0, slashes + 3) + host;
}

std::expected<std::string, Problem> take_channel_id(BodyValue& body) {
  std::string id;
  if (const BodyValue* const written = body.find("id"); written != nullptr) {
    const bool is_text = written->is_text();
    id = written->text;
    std::erase_if(body.members, [](const BodyMember& member) { return member.name == "id"; });
    if (!is_text) {
      return std::unexpected(bad_id("wrong_type", "\"id\" must be text in quotes."));
    }
  } else if (const BodyValue* const name = body.find("name"); name != nullptr && name->is_text()) {
    id = id_from(name->text, "");
  }
  if (id.empty()) {
    return std::unexpected(bad_id("required",
                                  "The channel needs an \"id\", or a \"name\" with "
                                  "letters or digits to make one from."));
  }
  if (auto wrong = wrong_identifier(id)) {
    return std::unexpected(bad_id("invalid_field", std::move(*wrong)));
  }
  return id;
}

std::expected<Channel, Problem> read_new_channel(BodyValue body) {
  const auto id = take_channel_id(body);
  auto channel = read_channel_body(body, id.value_or("new"));
  if (id || (!channel && channel.error().code != "validation_failed")) {
    return channel;
  }
  std::vector<FieldProblem> errors = id.error().errors;
  if (!channel) {
    std::ranges::copy(channel.error().errors, std::back_inserter(errors));
  }
  return std::unexpected(validation_failed(std::move(errors)));
}

std::expected<Channel, Problem> read_channel_body(const BodyValue& body, const std::string& id) {
  if (std::vector<FieldProblem> errors = operator_words(body); !errors.empty()) {
    return std::unexpected(validation_failed(std::move(errors)));
  }
  std::string before = R"({"channels": {)";
  append_json_text(before, id);
  const LaidOut laid_out = lay_out(body, before + ": ", "}}\n");
  const ConfigText text{.name = "body", .text = laid_out.text};
  ConfigReading reading = read_config({&text, 1}, no_references(), NamesIn::server);
  if (!reading.config) {
    return std::unexpected(validation_failed(field_problems(reading.problems, laid_out)));
  }
  const auto found = reading.config->channels.find(id);
  if (found == reading.config->channels.end()) {
    return std::unexpected(validation_failed(
        {{.pointer = "", .code = "not_here", .message = "The body is one channel's definition."}}));
  }
  Channel channel = std::move(found->second);
  channel.project = kUiProject;
  channel.origin = {};
  return channel;
}

std::expected<Channel, Problem> patch_channel_body(const Channel& before, const BodyValue& patch,
                                                   KeptSecrets kept) {
  // Before the stored secrets come in, which may look like references and are none.
  if (std::vector<FieldProblem> errors = operator_words(patch); !errors.empty()) {
    return std::unexpected(validation_failed(std::move(errors)));
  }
  auto after = read_channel_body(merge_patch(definition_of(before), patch), before.id);
  if (!after) {
    return after;
  }
  std::vector<FieldProblem> errors =
      kept == KeptSecrets::lost ? lost_secrets(*after, patch) : kept_secrets(before, *after, patch);
  if (!errors.empty()) {
    return std::unexpected(validation_failed(std::move(errors)));
  }
  return after;
}

}  // namespace tocsin
