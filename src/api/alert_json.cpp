#include "api/alert_json.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/paging.h"
#include "base/bytes.h"
#include "notify/notice.h"
#include "notify/webhook/payload.h"

namespace tocsin {
namespace {

constexpr size_t kKeyBytesMax = 100;  // a key is 64 hex digits

std::optional<DeliveryState> state_from_name(std::string_view name) {
  using enum DeliveryState;
  for (const DeliveryState state : {waiting, delivered, dead, suppressed}) {
    if (delivery_state_name(state) == name) {
      return state;
    }
  }
  return std::nullopt;
}

// "<created in µs>-<key>".
std::string cursor_of(const Delivery& delivery) {
  return fmt::format("{}-{}", delivery.created.time_since_epoch().count(), delivery.key);
}

std::optional<AlertPlace> place_of(std::string_view cursor) {
  const size_t mark = cursor.find('-');
  if (mark == std::string_view::npos) {
    return std::nullopt;
  }
  const auto created = whole_number(cursor.substr(0, mark));
  const std::string_view key = cursor.substr(mark + 1);
  if (!created || *created > INT64_MAX || key.empty() || key.size() > kKeyBytesMax ||
      key.find_first_not_of("0123456789abcdef") != std::string_view::npos) {
    return std::nullopt;
  }
  return AlertPlace{.created = SystemTime(Duration(static_cast<int64_t>(*created))),
                    .key = std::string(key)};
}

// A notice that cannot be read has no names; the uid stands in the event.
void write_monitor_name(JsonWriter& json, const Delivery& delivery,
                        const Result<NoticeFacts>& notice) {
  json.key("monitor").begin_object();
  if (notice) {
    json.field("id", notice->monitor_id);
  } else {
    json.null_field("id");
  }
  json.field("uid", fmt::to_string(delivery.event.monitor.value));
  if (notice) {
    json.field("name", notice->monitor_name.empty() ? notice->monitor_id : notice->monitor_name);
  } else {
    json.null_field("name");
  }
  json.end_object();
}

void write_alert_fields(JsonWriter& json, const Delivery& delivery,
                        const Result<NoticeFacts>& notice) {
  json.field("key", delivery.key).field("at", delivery.event.at);
  json.field("event", event_type_name(delivery.event.type));
  write_monitor_name(json, delivery, notice);
  json.key("incident");
  if (delivery.event.incident.value.empty()) {
    json.null();
  } else {
    json.text(delivery.event.incident.value);
  }
  json.field("channel", delivery.channel).field("state", delivery_state_name(delivery.state));
  json.count_field("attempts", delivery.attempts).field("last_result", delivery.last_result);
  json.key("next_attempt");
  if (delivery.state == DeliveryState::waiting) {
    json.time(delivery.next_attempt);
  } else {
    json.null();
  }
  json.field("finished", delivery.finished);
  json.field("suppressed",
             delivery.state == DeliveryState::suppressed ? delivery.last_result : std::string());
}

void write_log(JsonWriter& json, std::span<const DeliveryAttempt> attempts) {
  json.key("log").begin_list();
  for (const DeliveryAttempt& attempt : attempts) {
    json.begin_object();
    json.count_field("number", attempt.number).field("at", attempt.at);
    json.ms_field("took_ms", attempt.took).field("ok", attempt.ok);
    json.field("result", attempt.result).end_object();
  }
  json.end_list();
}

}  // namespace

std::expected<AlertQuery, FieldProblem> read_alert_query(const ApiRequest& request) {
  AlertQuery query;
  const auto limit = page_limit(request);
  if (!limit) {
    return std::unexpected(limit.error());
  }
  query.limit = *limit;
  if (const auto channel = request.query_value("channel")) {
    query.channel = std::string(*channel);
  }
  if (const auto state = request.query_value("state")) {
    query.state = state_from_name(*state);
    if (!query.state) {
      return std::unexpected(
          invalid_choice("state", "waiting, delivered, dead or suppressed", *state));
    }
  }
  if (const auto cursor = request.query_value("cursor")) {
    query.after = place_of(*cursor);
    if (!query.after) {
      return std::unexpected(bad_cursor());
    }
  }
  return query;
}

std::string alert_page(std::span<const Delivery> rows, size_t limit) {
  JsonWriter json;
  json.begin_object().key("data").begin_list();
  const auto shown = rows.first(std::min(limit, rows.size()));
  for (const Delivery& row : shown) {
    json.begin_object();
    write_alert_fields(json, row, notice_from_json(row.payload));
    json.end_object();
  }
  json.end_list().key("next_cursor");
  if (has_next(rows.size(), limit)) {
    json.text(cursor_of(shown.back()));
  } else {
    json.null();
  }
  json.end_object();
  return json.take();
}

std::string alert_body(const DeliveryLog& log) {
  const auto notice = notice_from_json(log.delivery.payload);
  JsonWriter json;
  json.begin_object();
  write_alert_fields(json, log.delivery, notice);
  write_log(json, log.attempts);
  json.key("payload");
  if (notice) {
    json.raw(webhook_body(*notice));
  } else {
    json.null();
  }
  json.end_object();
  return json.take();
}

}  // namespace tocsin
