// GET monitors/{id}/stats?range=24h: this period, the one before, and a chart of it.
#include "core/stats.h"

#include "api/handlers.h"
#include "api/paging.h"
#include "api/stats_json.h"
#include "api/with_monitor.h"

namespace tocsin {
namespace {

constexpr std::string_view kDefaultRange = "24h";

// Single results of both periods; nothing when there are more than one answer should read.
Result<std::optional<std::vector<ResultSample>>> single_results(StoreReader& reader,
                                                                MonitorUid monitor,
                                                                const StatsWindow& window) {
  auto samples = reader.samples(monitor, window.before.from, window.now.to, kSamplesMax);
  if (!samples) {
    return std::unexpected(samples.error());
  }
  if (samples->size() == kSamplesMax) {
    return std::nullopt;
  }
  return std::move(*samples);
}

Result<std::string> stats_answer(ApiContext& api, MonitorUid monitor, StatsRange range) {
  const auto reader = api.reader();
  if (!reader) {
    return std::unexpected(reader.error());
  }
  const SystemTime now = api.services.clock.system_now();
  StatsWindow window = stats_window(range, now);
  const bool is_kept = now - window.before.from <= api.services.about.retention.raw;
  std::optional<std::vector<ResultSample>> samples;
  if (!range.is_of_hours && is_kept) {
    auto found = single_results(**reader, monitor, window);
    if (!found) {
      return std::unexpected(found.error());
    }
    samples = std::move(*found);
  }
  if (!samples) {
    range = coarser(range);
    window = stats_window(range, now);
    samples.emplace();
  }
  std::vector<HourTally> hours;
  if (range.is_of_hours) {
    auto found = (*reader)->hours(monitor, window.before.from, window.now.to);
    if (!found) {
      return std::unexpected(found.error());
    }
    hours = std::move(*found);
  }
  const auto incidents = (*reader)->incident_spans(monitor, window.before.from, window.now.to);
  if (!incidents) {
    return std::unexpected(incidents.error());
  }
  return stats_body(
      range, window,
      statistics(window, {.samples = *samples, .hours = hours, .incidents = *incidents}));
}

}  // namespace

void get_stats(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  const std::string_view name = request.query_value("range").value_or(kDefaultRange);
  const auto range = stats_range_from_name(name);
  if (!range) {
    respond(problem_response(
        validation_failed({invalid_choice("range", "1h, 6h, 24h, 7d, 30d or 90d", name)}),
        request.request_id));
    return;
  }
  with_monitor(
      api, {request.request_id, respond}, request.captures.at(0),
      [&api, range = *range, request_id = request.request_id, respond](const MonitorView& view) {
        respond_body(stats_answer(api, view.uid, range), request_id, respond);
      });
}

}  // namespace tocsin
