// PUT and PATCH channels/{id}. A change is read on the API's thread and made on the engine's loop;
// should the channel change between the two, the whole is done again on what it is by then.
#include "api/channel_answer.h"
#include "api/channel_body.h"
#include "api/handlers.h"
#include "api/monitor_answer.h"

namespace tocsin {
namespace {

constexpr int kTriesMax = 5;  // two people who type at once need two

struct ChannelChange {
  Asker asker;
  std::string id;
  IfMatch if_match;
  BodyValue body;
  bool is_patch = false;
  int tries = 0;
};
using SharedChange = std::shared_ptr<ChannelChange>;

// The definition in the body; an "id" in it must be the one of the path.
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

void begin_change(ApiContext& api, const SharedChange& change);

// On the loop.
void make_change(ApiContext& api, Engine& engine, const SharedChange& change, uint32_t seen,
                 const Channel& wanted) {
  const auto view = engine.channels().find(change->id);
  if (view && view->is_ui() && view->version != seen && ++change->tries < kTriesMax) {
    api.loop.post([&api, change] { begin_change(api, change); });
    return;
  }
  save_channel(api, change->asker, engine, wanted, seen);
}

std::expected<Channel, Problem> wanted_channel(const ChannelChange& change,
                                               const ChannelView& view) {
  if (auto problem = refuse_channel_change(view, change.if_match)) {
    return std::unexpected(std::move(*problem));
  }
  return change.is_patch
             ? patch_channel_body(view.channel, change.body,
                                  view.secrets_lost ? KeptSecrets::lost : KeptSecrets::here)
             : read_channel_body(change.body, change.id);
}

void begin_change(ApiContext& api, const SharedChange& change) {
  ask_engine(
      api, change->asker, [change](Engine& engine) { return engine.channels().find(change->id); },
      [&api, change](const std::optional<ChannelView>& view) {
        auto wanted = view ? wanted_channel(*change, *view)
                           : std::expected<Channel, Problem>(std::unexpected(no_channel()));
        if (!wanted) {
          change->asker.respond(problem_response(wanted.error(), change->asker.request_id));
          return;
        }
        tell_engine(api, change->asker,
                    [&api, change, seen = view->version, wanted = std::move(*wanted)](
                        Engine& engine) { make_change(api, engine, change, seen, wanted); });
      });
}

void change_channel(ApiContext& api, const ApiRequest& request, const Respond& respond,
                    bool is_patch) {
  auto body = definition_in(request);
  if (!body) {
    respond(problem_response(body.error(), request.request_id));
    return;
  }
  begin_change(api,
               std::make_shared<ChannelChange>(ChannelChange{.asker = {request.request_id, respond},
                                                             .id = request.captures.at(0),
                                                             .if_match = if_match_of(request),
                                                             .body = std::move(*body),
                                                             .is_patch = is_patch}));
}

}  // namespace

void put_channel(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  change_channel(api, request, respond, false);
}

void patch_channel(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  change_channel(api, request, respond, true);
}

}  // namespace tocsin
