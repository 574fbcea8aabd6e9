#include "notify/webhook/payload.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/bytes.h"
#include "base/json.h"
#include "base/limits.h"
#include "model/own_headers.h"
#include "notify/http_header.h"
#include "notify/safe_text.h"
#include "notify/signature.h"

namespace tocsin {
namespace {

using Json = nlohmann::ordered_json;

// Keeps the body under 20 KB, as Standard Webhooks advises.
constexpr size_t kSentenceBytesMax = 2000;
constexpr std::string_view kUserAgent = "tocsin/" TOCSIN_VERSION;

std::string json_text(const std::string& text, size_t bytes_max) {
  return cut_text(to_valid_utf8(text), bytes_max);
}

Json error_json(const NoticeFacts& facts) {
  if (!facts.event.error) {
    return nullptr;
  }
  const ErrorInfo& info = error_info(facts.event.error->code);
  return {{"code", info.name},
          {"message", facts.error_sentence.empty()
                          ? std::string(info.sentence)
                          : json_text(facts.error_sentence, kSentenceBytesMax)}};
}

// Tracker's name for the error; null where it has none.
Json tracker_json(const NoticeFacts& facts) {
  if (!facts.event.error) {
    return nullptr;
  }
  const std::string_view name = error_info(facts.event.error->code).tracker_status;
  return name.empty() ? Json(nullptr) : Json(name);
}

Json monitor_json(const NoticeFacts& facts) {
  Json tags = Json::array();
  for (const std::string& tag : facts.tags) {
    tags.push_back(json_text(tag, kTagBytesMax));
  }
  return {{"id", json_text(facts.monitor_id, kMonitorIdBytesMax)},
          {"name", json_text(facts.monitor_name, kNameBytesMax)},
          {"target", json_text(facts.target, kSentenceBytesMax)},
          {"project", json_text(facts.project, kNameBytesMax)},
          {"tags", std::move(tags)}};
}

Json incident_json(const NoticeFacts& facts) {
  if (facts.event.incident.value.empty()) {
    return nullptr;
  }
  return {{"id", facts.event.incident.value},
          {"url", json_text(facts.incident_url, kSentenceBytesMax)}};
}

Json time_json(const std::optional<Duration>& value) {
  return value ? Json(value->count()) : Json(nullptr);
}

Json result_json(const NoticeFacts& facts) {
  return {{"response_time_us", time_json(facts.response_time)},
          {"dns_us", time_json(facts.phases.dns)},
          {"connect_us", time_json(facts.phases.connect)},
          {"tls_us", time_json(facts.phases.tls)},
          {"data_us", time_json(facts.phases.data)}};
}

bool has_header(const HttpMessage& message, std::string_view name) {
  return std::ranges::any_of(
      message.headers, [&](const auto& header) { return same_header_name(header.first, name); });
}

Result<void> add_channel_headers(const Channel& channel, HttpMessage& message) {
  for (const auto& [name, value] : channel.headers) {
    if (!is_header_name(name) || !is_header_value(value.reveal())) {
      return fail(ErrorKind::invalid_input,
                  fmt::format("header \"{}\" of channel \"{}\" cannot be sent: its name or value "
                              "has a control character or a space where none may be",
                              shown_line(name, 100), shown_line(channel.id, 100)));
    }
    if (!is_own_header(name)) {
      message.headers.emplace_back(name, value);
    }
  }
  return {};
}

}  // namespace

std::string webhook_body(const NoticeFacts& facts) {
  Json data = {{"monitor", monitor_json(facts)},
               {"status", status_name(facts.event.status)},
               {"reason", json_text(facts.event.reason, kSentenceBytesMax)},
               {"began", facts.event.began ? Json(rfc3339(*facts.event.began)) : Json(nullptr)},
               {"error", error_json(facts)},
               {"error_status", tracker_json(facts)},
               {"incident", incident_json(facts)},
               {"result", result_json(facts)}};
  if (!facts.evidence.empty()) {
    data["evidence"] = json_text(facts.evidence, kSentenceBytesMax);
  }
  if (facts.down_for) {
    data["down_for_s"] = std::chrono::floor<std::chrono::seconds>(*facts.down_for).count();
  }
  if (facts.store_volatile) {
    data["store_volatile"] = true;
  }
  const Json body = {{"type", event_type_name(facts.event.type)},
                     {"timestamp", rfc3339(facts.event.at)},
                     {"data", std::move(data)}};
  return dump_json(body);
}

Result<HttpMessage> webhook_message(const Channel& channel, const Delivery& delivery,
                                    const NoticeFacts& facts, SystemTime now) {
  if (channel.url.empty()) {
    return fail(ErrorKind::invalid_input,
                fmt::format("channel \"{}\" has no url", shown_line(channel.id, 100)));
  }
  HttpMessage message;
  message.url = channel.url;
  message.body = webhook_body(facts);
  const std::string timestamp = webhook_timestamp(now);
  message.headers = {{"webhook-id", Secret(delivery.key)},
                     {"webhook-timestamp", Secret(timestamp)}};
  if (!channel.secret.empty()) {
    const Result<std::string> key = webhook_key(channel.secret.reveal());
    if (!key) {
      return std::unexpected(key.error());
    }
    message.headers.emplace_back(
        "webhook-signature",
        Secret(webhook_signature(*key, delivery.key, timestamp, message.body)));
  }
  if (Result<void> added = add_channel_headers(channel, message); !added) {
    return std::unexpected(std::move(added.error()));
  }
  if (!has_header(message, "content-type")) {
    message.headers.emplace_back("content-type", Secret("application/json"));
  }
  if (!has_header(message, "user-agent")) {
    message.headers.emplace_back("user-agent", Secret(std::string(kUserAgent)));
  }
  return message;
}

}  // namespace tocsin
