// GET, POST channels; GET, DELETE channels/{id}. The files' channels are shown and never changed
// here; changes are in channel_changes.cpp.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "api/channel_answer.h"
#include "api/channel_body.h"
#include "api/channel_json.h"
#include "api/handlers.h"
#include "api/monitor_answer.h"
#include "api/paging.h"

namespace tocsin {
namespace {

constexpr size_t kNamedMax = 20;  // monitors in one sentence

Problem channel_id_taken(const ChannelView& view) {
  const Origin& origin = view.channel.origin;
  return {.status = 409,
          .code = "id_taken",
          .detail =
              fmt::format("There is a channel \"{}\" already{}.", view.channel.id,
                          view.is_ui() ? "" : fmt::format(", in {}:{}", origin.file, origin.line))};
}

// "Monitor redis names", "Monitors db, redis and 3 more name"
std::string who_names(const std::vector<std::string>& monitors) {
  const size_t named = std::min(monitors.size(), kNamedMax);
  const std::string more =
      monitors.size() > named ? fmt::format(" and {} more", monitors.size() - named) : "";
  return fmt::format(
      "Monitor{} {}{} name{}", monitors.size() == 1 ? "" : "s",
      fmt::join(monitors.begin(), monitors.begin() + static_cast<std::ptrdiff_t>(named), ", "),
      more, monitors.size() == 1 ? "s" : "");
}

// Why this channel cannot be removed; nothing when it can.
std::optional<Problem> refuse_removal(const ChannelView& view, const IfMatch& if_match,
                                      bool give_up_waiting) {
  if (auto problem = refuse_channel_change(view, if_match)) {
    return problem;
  }
  if (!view.used_by.empty()) {
    return Problem{
        .status = 409,
        .code = "in_use",
        .detail = fmt::format("{} the channel \"{}\": take it out of their channels first.",
                              who_names(view.used_by), view.channel.id)};
  }
  if (view.waiting > 0 && !give_up_waiting) {
    return Problem{.status = 409,
                   .code = "notices_waiting",
                   .detail = fmt::format(
                       "{} still to go out by this channel. Wait, repair the channel, or give "
                       "them up with ?give_up_waiting=true; the list of alerts says so then.",
                       view.waiting == 1 ? std::string("1 notice is")
                                         : fmt::format("{} notices are", view.waiting))};
  }
  return std::nullopt;
}

}  // namespace

void get_channels(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  ask_engine(
      api, {request.request_id, respond}, [](Engine& engine) { return engine.channels().list(); },
      [respond](const std::vector<ChannelView>& views) {
        JsonWriter json;
        json.begin_object().key("data").begin_list();
        for (const ChannelView& view : views) {
          write_channel(json, view);
        }
        json.end_list().null_field("next_cursor").end_object();
        respond({.body = json.take()});
      });
}

void get_channel(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  ask_engine(
      api, {request.request_id, respond},
      [id = request.captures.at(0)](Engine& engine) { return engine.channels().find(id); },
      [request_id = request.request_id, respond](const std::optional<ChannelView>& view) {
        respond(view ? channel_answer(*view, 200) : problem_response(no_channel(), request_id));
      });
}

void post_channels(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  auto body = read_json_object(request);
  auto channel = body ? read_new_channel(std::move(*body))
                      : std::expected<Channel, Problem>(std::unexpected(body.error()));
  if (!channel) {
    respond(problem_response(channel.error(), request.request_id));
    return;
  }
  const Asker asker{request.request_id, respond};
  tell_engine(api, asker, [&api, asker, channel = std::move(*channel)](Engine& engine) {
    if (const auto view = engine.channels().find(channel.id)) {
      answer_from_loop(api, asker, problem_response(channel_id_taken(*view), asker.request_id));
      return;
    }
    save_channel(api, asker, engine, channel, 0);
  });
}

void delete_channel(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  const auto give_up = query_flag(request, "give_up_waiting");
  if (!give_up) {
    respond(problem_response(validation_failed({give_up.error()}), request.request_id));
    return;
  }
  const Asker asker{request.request_id, respond};
  tell_engine(
      api, asker,
      [&api, asker, id = request.captures.at(0), give_up = give_up->value_or(false),
       if_match = if_match_of(request)](Engine& engine) {
        const auto view = engine.channels().find(id);
        if (const auto problem = view ? refuse_removal(*view, if_match, give_up) : no_channel()) {
          answer_from_loop(api, asker, problem_response(*problem, asker.request_id));
          return;
        }
        engine.channels().remove(
            id, view->version, give_up ? ChannelDesk::Waiting::give_up : ChannelDesk::Waiting::keep,
            [&api, asker](const Result<void>& kept) {
              answer_from_loop(
                  api, asker,
                  kept ? ApiResponse{.status = 204, .content_type = ""}
                       : problem_response(channel_problem(kept.error()), asker.request_id));
            });
      });
}

}  // namespace tocsin
