// The handlers of all routes; each resource has a file of its name (monitors.cpp, incidents.cpp,
// ...). The table is in routes.cpp.
#pragma once

#include "api/message.h"

namespace tocsin {

struct ApiContext;

void get_monitors(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_monitor(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_results(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_incidents(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_incident(ApiContext& api, const ApiRequest& request, const Respond& respond);
void post_acknowledge(ApiContext& api, const ApiRequest& request, const Respond& respond);
void post_probe(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_presets(ApiContext& api, const ApiRequest& request, const Respond& respond);
void post_reload(ApiContext& api, const ApiRequest& request, const Respond& respond);
void post_tokens(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_version(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_livez(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_readyz(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_metrics(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_root(ApiContext& api, const ApiRequest& request, const Respond& respond);

}  // namespace tocsin
