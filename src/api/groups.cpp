// GET tags, GET groups, GET summary: how many monitors there are, and how they are.
#include "api/handlers.h"
#include "api/overview_json.h"
#include "api/services.h"

namespace tocsin {
namespace {

using Counts = std::map<std::string, StatusCounts>;

auto counts_answer(const Respond& respond) {
  return [respond](const Counts& counts) { respond({.body = counts_body(counts)}); };
}

}  // namespace

void get_tags(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  ask_engine(
      api, {request.request_id, respond}, [](Engine& engine) { return engine.tags(); },
      counts_answer(respond));
}

void get_groups(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  ask_engine(
      api, {request.request_id, respond}, [](Engine& engine) { return engine.groups(); },
      counts_answer(respond));
}

void get_summary(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  ask_engine(
      api, {request.request_id, respond}, [](Engine& engine) { return engine.overview(); },
      [respond](const Overview& overview) { respond({.body = summary_body(overview)}); });
}

}  // namespace tocsin
