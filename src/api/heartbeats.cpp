// GET heartbeats?ids=a,b&count=30: the newest results of many monitors at once, for lists. An id
// that is not there (any more) has no row: a page that is open must not break when a monitor goes.
#include "api/handlers.h"
#include "api/heartbeat_list.h"
#include "api/with_monitor.h"

namespace tocsin {
namespace {

std::vector<NamedUid> found_of(const Engine& engine, const std::vector<std::string>& ids) {
  std::vector<NamedUid> found;
  for (const std::string& id : ids) {
    if (const auto view = engine.monitor(id)) {
      found.push_back({.id = view->definition->id, .uid = view->uid});
    }
  }
  return found;
}

Result<std::string> heartbeats_answer(ApiContext& api, const std::vector<NamedUid>& monitors,
                                      size_t count) {
  const auto reader = api.reader();
  if (!reader) {
    return std::unexpected(reader.error());
  }
  std::vector<MonitorUid> uids;
  uids.reserve(monitors.size());
  for (const NamedUid& monitor : monitors) {
    uids.push_back(monitor.uid);
  }
  const auto beats = (*reader)->beats(uids, count);
  if (!beats) {
    return std::unexpected(beats.error());
  }
  return heartbeats_body(monitors, *beats);
}

}  // namespace

void get_heartbeats(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  const auto query = read_heartbeat_query(request);
  if (!query) {
    respond(problem_response(validation_failed({query.error()}), request.request_id));
    return;
  }
  ask_engine(
      api, {request.request_id, respond},
      [ids = query->ids](Engine& engine) { return found_of(engine, ids); },
      [&api, count = query->count, request_id = request.request_id,
       respond](const std::vector<NamedUid>& monitors) {
        respond_body(heartbeats_answer(api, monitors, count), request_id, respond);
      });
}

}  // namespace tocsin
