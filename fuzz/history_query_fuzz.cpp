// Queries of the history: the first line is a query, the rest an Accept header. Properties: what is
// refused says of which parameter; what is accepted is within its limits, and a result id or a
// location read from text is written as that text.
#include "api/accept.h"
#include "api/alert_json.h"
#include "api/heartbeat_list.h"
#include "api/result_json.h"
#include "api/result_query.h"
#include "api/url.h"
#include "base/check.h"
#include "base/limits.h"

namespace {

using namespace tocsin;

void check_refusal(const FieldProblem& problem) {
  CHECK(problem.pointer.starts_with("?") && !problem.message.empty(), "a refusal names its place");
}

void check_results(const ApiRequest& request) {
  const auto query = read_result_query(request);
  if (!query) {
    check_refusal(query.error());
    return;
  }
  CHECK(query->limit >= 1 && query->limit <= kPageMax, "a page has an end");
  if (query->after) {
    CHECK(result_id_text(*query->after) == request.query_value("cursor"), "a cursor is a result");
  }
  if (query->location) {
    CHECK(location_name(*query->location) == request.query_value("location"),
          "one name a location");
  }
  if (query->error) {
    CHECK(error_name(*query->error) == request.query_value("error"), "one name an error");
  }
}

void check_heartbeats(const ApiRequest& request) {
  const auto query = read_heartbeat_query(request);
  if (!query) {
    check_refusal(query.error());
    return;
  }
  CHECK(!query->ids.empty() && query->ids.size() <= kBeatMonitorsMax, "some monitors, not all");
  CHECK(query->count >= 1 && query->count <= kBeatsMax, "some beats, not all");
  for (const std::string& id : query->ids) {
    CHECK(!id.empty() && id.find(',') == std::string::npos, "an id is between commas");
  }
}

void check_alerts(const ApiRequest& request) {
  const auto query = read_alert_query(request);
  if (!query) {
    check_refusal(query.error());
    return;
  }
  CHECK(!query->after || (query->after->created >= SystemTime{} && !query->after->key.empty()),
        "a cursor is a place in the list");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const size_t line = std::min(input.find('\n'), input.size());
  const auto parts = tocsin::read_target("/x?" + std::string(input.substr(0, line)));
  if (parts) {
    ApiRequest request;
    request.query = parts->query;
    check_results(request);
    check_heartbeats(request);
    check_alerts(request);
  }
  const ListForm form = list_form(input.substr(std::min(line + 1, input.size())));
  CHECK(!list_content_type(form).empty(), "a form has a type");
  return 0;
}
