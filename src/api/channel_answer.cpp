#include "api/channel_answer.h"

#include <fmt/format.h>

#include "api/channel_json.h"
#include "api/monitor_answer.h"
#include "api/url.h"

namespace tocsin {

Problem no_channel() { return not_found("There is no channel with this id."); }

ApiResponse channel_answer(const ChannelView& view, int status) {
  JsonWriter json;
  write_channel(json, view);
  ApiResponse response{.status = status, .body = json.take()};
  response.headers.emplace_back("ETag", fmt::format("\"{}\"", channel_revision(view)));
  if (status == 201) {
    response.headers.emplace_back("Location",
                                  "/api/v1/channels/" + percent_encode(view.channel.id));
  }
  return response;
}

std::optional<Problem> refuse_channel_change(const ChannelView& view, const IfMatch& if_match) {
  if (!view.is_ui()) {
    return Problem{
        .status = 409, .code = "owned_by_project", .detail = owned_sentence(view.channel)};
  }
  const std::string revision = channel_revision(view);
  if (!matches_revision(if_match, revision)) {
    return Problem{.status = 412,
                   .code = "revision_differs",
                   .detail = fmt::format(
                       "The channel was changed meanwhile; its revision is {} now.", revision)};
  }
  return std::nullopt;
}

Problem channel_problem(const Error& error) {
  return error.kind == ErrorKind::too_large
             ? Problem{.status = 409, .code = "too_many_channels", .detail = error.message}
             : problem_of(error);
}

void save_channel(ApiContext& api, const Asker& asker, Engine& engine, const Channel& channel,
                  uint32_t seen) {
  const int status = seen == 0 ? 201 : 200;
  engine.channels().save(
      channel, seen, [&api, &engine, asker, id = channel.id, status](const Result<void>& kept) {
        const auto view = kept ? engine.channels().find(id) : std::nullopt;
        // Gone again by the time it is looked at: somebody else was quicker.
        const Problem problem = kept ? no_channel() : channel_problem(kept.error());
        answer_from_loop(
            api, asker,
            view ? channel_answer(*view, status) : problem_response(problem, asker.request_id));
      });
}

}  // namespace tocsin
