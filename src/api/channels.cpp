// GET, POST channels; GET, PUT, PATCH, DELETE channels/{id}. The files' channels are shown and
// never changed here. A change is judged on the API's thread against a copy, and stored by the loop
// only when the channel is still that one.
#include <fmt/format.h>

#include "api/channel_body.h"
#include "api/channel_json.h"
#include "api/handlers.h"
#include "api/monitor_answer.h"
#include "api/services.h"
#include "api/url.h"

namespace tocsin {
namespace {

Problem no_channel() { return not_found("There is no channel with this id."); }

ApiResponse channel_answer(const ChannelView& view, int status) {
  JsonWriter json;
  write_channel(json, view);
  return {.status = status,
          .headers = {{"ETag", fmt::format("\"{}\"", channel_revision(view))}},
          .body = json.take()};
}

// Why this channel cannot be changed; nothing when it can.
std::optional<Problem> refuse_change(const ChannelView& view, std::string_view if_match) {
  if (!view.is_ui()) {
    return Problem{
        .status = 409, .code = "owned_by_project", .detail = owned_sentence(view.channel)};
  }
  if (!if_match.empty() && !matches_revision(if_match, channel_revision(view))) {
    return Problem{.status = 412,
                   .code = "revision_differs",
                   .detail = "The channel has been changed since: it is another revision now."};
  }
  return std::nullopt;
}

// The loop's refusals are about the moment, the caller's were judged before.
Problem refused(const Error& error) {
  return error.kind == ErrorKind::too_large
             ? Problem{.status = 409, .code = "too_many_channels", .detail = error.message}
             : problem_of(error);
}

// Stores `channel` and answers with it as it is then.
void save(ApiContext& api, const Asker& asker, Channel channel, uint32_t seen) {
  const int status = seen == 0 ? 201 : 200;
  tell_engine(api, asker, [&loop = api.loop, asker, channel, seen, status](Engine& engine) {
    engine.channels().save(
        channel, seen, [&engine, &loop, asker, id = channel.id, status](const Result<void>& kept) {
          auto view = kept ? engine.channels().find(id) : std::nullopt;
          loop.post([asker, kept, view = std::move(view), status] {
            if (!kept) {
              asker.respond(problem_response(refused(kept.error()), asker.request_id));
              return;
            }
            // Gone again by the time it was looked at: somebody else was quicker.
            if (!view) {
              asker.respond(problem_response(no_channel(), asker.request_id));
              return;
            }
            ApiResponse answer = channel_answer(*view, status);
            if (status == 201) {
              answer.headers.emplace_back("Location",
                                          "/api/v1/channels/" + percent_encode(view->channel.id));
            }
            asker.respond(std::move(answer));
          });
        });
  });
}

// Asks for the channel of the path and calls `change` with it when it may be changed.
template <class Change>
void with_own_channel(ApiContext& api, const ApiRequest& request, const Respond& respond,
                      Change change) {
  ask_engine(
      api, {request.request_id, respond},
      [id = request.captures.at(0)](Engine& engine) { return engine.channels().find(id); },
      [if_match = std::string(request.header("if-match")), request_id = request.request_id, respond,
       change = std::move(change)](const std::optional<ChannelView>& view) {
        const auto refusal = view ? refuse_change(*view, if_match) : no_channel();
        refusal ? respond(problem_response(*refusal, request_id)) : change(*view);
      });
}

// The definition in a PUT or PATCH; an "id" in it must be the one of the path.
std::expected<BodyValue, Problem> definition_in(const ApiRequest& request) {
  auto body = read_json_object(request);
  if (!body || body->find("id") == nullptr) {
    return body;
  }
  const auto id = take_channel_id(*body);
  if (!id) {
    return std::unexpected(id.error());
  }
  if (*id != request.captures.at(0)) {
    return std::unexpected(validation_failed(
        {{.pointer = "/id",
          .code = "not_changeable",
          .message = "The id of a channel stays: monitors name it. Make a new one instead."}}));
  }
  return body;
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
  if (!body) {
    respond(problem_response(body.error(), request.request_id));
    return;
  }
  const auto id = take_channel_id(*body);
  if (!id) {
    respond(problem_response(id.error(), request.request_id));
    return;
  }
  const auto channel = read_channel_body(*body, *id);
  if (!channel) {
    respond(problem_response(channel.error(), request.request_id));
    return;
  }
  ask_engine(
      api, {request.request_id, respond},
      [id = *id](Engine& engine) { return engine.channels().find(id); },
      [&api, asker = Asker{request.request_id, respond},
       channel = *channel](const std::optional<ChannelView>& view) {
        if (view) {
          asker.respond(problem_response(
              {.status = 409,
               .code = "id_taken",
               .detail =
                   fmt::format("There is a channel \"{}\" already{}.", channel.id,
                               view->is_ui() ? ""
                                             : fmt::format(", in {}:{}", view->channel.origin.file,
                                                           view->channel.origin.line))},
              asker.request_id));
          return;
        }
        save(api, asker, channel, 0);
      });
}

void put_channel(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  auto body = definition_in(request);
  auto channel = body ? read_channel_body(*body, request.captures.at(0))
                      : std::expected<Channel, Problem>(std::unexpected(body.error()));
  if (!channel) {
    respond(problem_response(channel.error(), request.request_id));
    return;
  }
  with_own_channel(
      api, request, respond,
      [&api, asker = Asker{request.request_id, respond}, channel = std::move(*channel)](
          const ChannelView& view) { save(api, asker, channel, view.version); });
}

void patch_channel(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  auto patch = definition_in(request);
  if (!patch) {
    respond(problem_response(patch.error(), request.request_id));
    return;
  }
  with_own_channel(api, request, respond,
                   [&api, asker = Asker{request.request_id, respond},
                    patch = std::move(*patch)](const ChannelView& view) {
                     const auto channel = patch_channel_body(view.channel, patch);
                     if (!channel) {
                       asker.respond(problem_response(channel.error(), asker.request_id));
                       return;
                     }
                     save(api, asker, *channel, view.version);
                   });
}

void delete_channel(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  const Asker asker{request.request_id, respond};
  with_own_channel(api, request, respond, [&api, asker](const ChannelView& view) {
    if (view.used_by > 0) {
      asker.respond(problem_response(
          {.status = 409,
           .code = "in_use",
           .detail = fmt::format("{} the channel \"{}\": take it out of their channels first.",
                                 view.used_by == 1 ? std::string("1 monitor names")
                                                   : fmt::format("{} monitors name", view.used_by),
                                 view.channel.id)},
          asker.request_id));
      return;
    }
    tell_engine(
        api, asker,
        [&loop = api.loop, asker, id = view.channel.id, seen = view.version](Engine& engine) {
          engine.channels().remove(id, seen, [&loop, asker](const Result<void>& kept) {
            loop.post([asker, kept] {
              asker.respond(kept ? ApiResponse{.status = 204, .content_type = ""}
                                 : problem_response(refused(kept.error()), asker.request_id));
            });
          });
        });
  });
}

}  // namespace tocsin
