// What most resources of one monitor begin with: ask the engine for it, 404 when there is none.
#pragma once

#include <string>
#include <utility>

#include "api/services.h"

namespace tocsin {

// Answers with `body`, or the problem its Error is.
inline void respond_body(Result<std::string> body, const std::string& request_id,
                         const Respond& respond) {
  respond(body ? ApiResponse{.body = std::move(*body)}
               : problem_response(problem_of(body.error()), request_id));
}

// `then(view)` runs on the API's thread; it answers.
template <class Then>
void with_monitor(ApiContext& api, const Asker& asker, std::string id, Then then) {
  ask_engine(
      api, asker, [id = std::move(id)](Engine& engine) { return engine.monitor(id); },
      [asker, then = std::move(then)](const std::optional<MonitorView>& view) {
        if (!view) {
          asker.respond(
              problem_response(not_found("There is no monitor with this id."), asker.request_id));
          return;
        }
        then(*view);
      });
}

}  // namespace tocsin
