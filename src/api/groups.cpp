// GET tags, GET groups, GET summary: how many monitors there are, and how they are.
#include "api/handlers.h"
#include "api/overview_json.h"
#include "api/services.h"

namespace tocsin {
namespace {

void answer_counts(ApiContext& api, const ApiRequest& request, const Respond& respond,
                   NameKind of) {
  read_engine(api, {request.request_id, respond}, NameCounts{.of = of},
              [respond](const NameCounts& names) { respond({.body = counts_body(names.counts)}); });
}

}  // namespace

void get_tags(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  answer_counts(api, request, respond, NameKind::tag);
}

void get_groups(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  answer_counts(api, request, respond, NameKind::group);
}

void get_summary(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  read_engine(api, {request.request_id, respond}, Overview{},
              [respond](const Overview& overview) { respond({.body = summary_body(overview)}); });
}

}  // namespace tocsin
