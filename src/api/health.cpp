// GET /livez, GET /readyz?verbose, GET /metrics: for machines that watch us; no token.
#include "api/handlers.h"
#include "api/metrics.h"
#include "api/readiness.h"
#include "api/services.h"

namespace tocsin {
namespace {

constexpr std::string_view kPlainText = "text/plain; charset=utf-8";

}  // namespace

// This thread answers: that is all it says. A liveness check that asks the engine would have a busy
// server killed.
void get_livez(ApiContext&, const ApiRequest& request, const Respond& respond) {
  const bool verbose = request.query_value("verbose").has_value();
  respond({.content_type = std::string(kPlainText),
           .body = verbose ? "[+]http ok\nlivez check passed\n" : "ok"});
}

void get_readyz(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  ask_engine(
      api, {request.request_id, respond}, [](Engine& engine) { return engine.health(); },
      [verbose = request.query_value("verbose").has_value(), respond](const EngineHealth& health) {
        const Readiness ready = readiness(health);
        respond({.status = ready.is_ready ? 200 : 503,
                 .content_type = std::string(kPlainText),
                 .body = verbose || !ready.is_ready ? ready.verbose : "ok"});
      });
}

void get_metrics(ApiContext& api, const ApiRequest& request, const Respond& respond) {
  const auto format = metrics_format(request.header("accept"));
  const Asker asker{request.request_id, respond};
  read_engine(api, asker, MonitorList{{.limit = kMonitorSeriesMax + 1}},
              [&api, format, asker](MonitorList& list) {
                ask_engine(
                    api, asker, [](Engine& engine) { return engine.health(); },
                    [&api, format, asker,
                     rows = std::make_shared<std::vector<MonitorView>>(std::move(list.rows))](
                        const EngineHealth& health) {
                      asker.respond({.content_type = std::string(metrics_content_type(format)),
                                     .body = metrics_text(
                                         format, {.version = api.services.version,
                                                  .health = health,
                                                  .monitors = *rows,
                                                  .process = read_process_facts(),
                                                  .requests_refused = api.limiter.refused()})});
                    });
              });
}

}  // namespace tocsin
