// GET monitors/{id}/results/{result_id}: one result in full, explained, with what is usual and what
// stands around it.
#include "api/handlers.h"
#include "api/monitor_answer.h"
#include "api/result_detail_json.h"
#include "api/with_monitor.h"

namespace tocsin {
namespace {

// Medians of the last 24 h look at the newest results only, which bounds the time of one answer.
constexpr size_t kMedianResultsMax = 5000;
constexpr Duration kUsualTime = 24h;

Result<std::string> detail_answer(ApiContext& api, const MonitorView& view, const ResultId& id,
                                  SentBytes sent) {
  const auto reader = api.reader();
  if (!reader) {
    return std::unexpected(reader.error());
  }
  auto stored = (*reader)->result(id);
  if (!stored) {
    return std::unexpected(stored.error());
  }
  if (!*stored) {
    return fail(ErrorKind::not_found, "There is no result with this id; it may be too old.");
  }
  auto around = (*reader)->neighbours(id);
  if (!around) {
    return std::unexpected(around.error());
  }
  const SystemTime now = api.services.clock.system_now();
  const auto samples = (*reader)->samples(view.uid, now - kUsualTime, now, kMedianResultsMax);
  if (!samples) {
    return std::unexpected(samples.error());
  }
  return result_detail_body(
      {.stored = std::move(**stored), .around = *around, .usual = medians(*samples)},
      *view.definition, sent);
}

}  // namespace

void get_result(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  with_monitor(
      api, {request.request_id, respond}, request.captures.at(0),
      [&api, text = request.captures.at(1), request_id = request.request_id,
       sent = sent_bytes_for(request.caller), respond](const MonitorView& view) {
        const auto id = result_id_from_text(text);
        if (!id || id->monitor != view.uid) {
          respond(problem_response(not_found("There is no result with this id; it may be too old."),
                                   request_id));
          return;
        }
        respond_body(detail_answer(api, view, *id, sent), request_id, respond);
      });
}

}  // namespace tocsin
