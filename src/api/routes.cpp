#include "api/routes.h"

#include "api/handlers.h"

namespace tocsin {

std::vector<Route> api_routes() {
  return {
      {"GET",
       "/api/v1/monitors",
       Scope::read,
       {"limit", "cursor", "status", "tag", "project", "search"},
       get_monitors},
      {"GET", "/api/v1/monitors/{id}", Scope::read, {}, get_monitor},
      {"GET",
       "/api/v1/monitors/{id}/results",
       Scope::read,
       {"limit", "cursor", "from", "to", "verdict", "attempts"},
       get_results},
      {"GET",
       "/api/v1/incidents",
       Scope::read,
       {"limit", "cursor", "open", "monitor"},
       get_incidents},
      {"GET", "/api/v1/incidents/{id}", Scope::read, {}, get_incident},
      {"POST", "/api/v1/incidents/{id}/acknowledge", Scope::write, {}, post_acknowledge},
      {"POST", "/api/v1/probe", Scope::write, {}, post_probe},
      {"GET", "/api/v1/presets", Scope::read, {}, get_presets},
      {"POST", "/api/v1/reload", Scope::admin, {}, post_reload},
      {"POST", "/api/v1/tokens", Scope::admin, {}, post_tokens},
      {"GET", "/api/v1/version", Scope::read, {}, get_version},
      {"GET", "/livez", Scope::none, {"verbose"}, get_livez},
      {"GET", "/readyz", Scope::none, {"verbose"}, get_readyz},
      {"GET", "/metrics", Scope::none, {}, get_metrics},
      {"GET", "/", Scope::none, {}, get_root},
  };
}

}  // namespace tocsin
