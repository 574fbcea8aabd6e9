// POST channels/preview {type, event}: what a channel of this type would send, from sample facts.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "api/handlers.h"
#include "api/json_body.h"
#include "api/json_writer.h"
#include "api/services.h"
#include "notify/preview.h"

namespace tocsin {
namespace {

std::string known_events() {
  std::vector<std::string_view> names;
  for (const EventType event : previewed_events()) {
    names.push_back(event_type_name(event));
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string preview_body(ChannelType type, const Preview& preview) {
  JsonWriter json;
  json.begin_object();
  if (type == ChannelType::webhook) {
    json.field("body", preview.body);
  } else {
    json.field("subject", preview.subject).field("text", preview.text).field("html", preview.html);
  }
  json.end_object();
  return json.take();
}

}  // namespace

void post_channel_preview(ApiContext&, const ApiRequest& request, const Respond& respond) {
  const auto body = read_json_object(request);
  if (!body) {
    respond(problem_response(body.error(), request.request_id));
    return;
  }
  FieldReader fields(*body, {"type", "event"});
  const auto type_name = fields.text("type", kTagBytesMax, true);
  const auto event_name = fields.text("event", kTagBytesMax, true);
  const auto type = type_name ? channel_type_from_name(*type_name) : std::nullopt;
  if (type_name && !type) {
    fields.refuse("type", "invalid_choice", "type must be webhook or email.");
  }
  const auto event = event_name ? event_type_from_name(*event_name) : std::nullopt;
  const auto preview = event ? preview_of(type.value_or(ChannelType::email), *event) : std::nullopt;
  if (event_name && !preview) {
    fields.refuse("event", "invalid_choice",
                  fmt::format("event must be one of {}.", known_events()));
  }
  if (!fields.ok()) {
    respond(problem_response(fields.problem(), request.request_id));
    return;
  }
  respond({.body = preview_body(*type, *preview)});
}

}  // namespace tocsin
