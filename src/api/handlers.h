// The handlers of all routes; each resource has a file of its name (monitors.cpp, incidents.cpp,
// ...). The table is in routes.cpp.
#pragma once

#include "api/message.h"

namespace tocsin {

struct ApiContext;

void get_monitors(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_monitor(ApiContext& api, const ApiRequest& request, const Respond& respond);
void post_monitors(ApiContext& api, const ApiRequest& request, const Respond& respond);
void post_batch(ApiContext& api, const ApiRequest& request, const Respond& respond);
void put_monitor(ApiContext& api, const ApiRequest& request, const Respond& respond);
void patch_monitor(ApiContext& api, const ApiRequest& request, const Respond& respond);
void delete_monitor(ApiContext& api, const ApiRequest& request, const Respond& respond);
void post_restore(ApiContext& api, const ApiRequest& request, const Respond& respond);
void post_clone(ApiContext& api, const ApiRequest& request, const Respond& respond);
void post_pause(ApiContext& api, const ApiRequest& request, const Respond& respond);
void post_resume(ApiContext& api, const ApiRequest& request, const Respond& respond);
void post_mute(ApiContext& api, const ApiRequest& request, const Respond& respond);
void post_unmute(ApiContext& api, const ApiRequest& request, const Respond& respond);
void post_run(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_tags(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_groups(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_summary(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_export(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_stats(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_result(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_heartbeats(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_results(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_incidents(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_incident(ApiContext& api, const ApiRequest& request, const Respond& respond);
void post_note(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_alerts(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_alert(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_system(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_monitor_schema(ApiContext& api, const ApiRequest& request, const Respond& respond);
void post_acknowledge(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_events(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_channels(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_channel(ApiContext& api, const ApiRequest& request, const Respond& respond);
void post_channels(ApiContext& api, const ApiRequest& request, const Respond& respond);
void put_channel(ApiContext& api, const ApiRequest& request, const Respond& respond);
void patch_channel(ApiContext& api, const ApiRequest& request, const Respond& respond);
void delete_channel(ApiContext& api, const ApiRequest& request, const Respond& respond);
void post_channel_test(ApiContext& api, const ApiRequest& request, const Respond& respond);
void post_channel_preview(ApiContext& api, const ApiRequest& request, const Respond& respond);
void post_probe(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_presets(ApiContext& api, const ApiRequest& request, const Respond& respond);
void post_reload(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_tokens(ApiContext& api, const ApiRequest& request, const Respond& respond);
void post_tokens(ApiContext& api, const ApiRequest& request, const Respond& respond);
void delete_token(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_setup(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_setup_link(ApiContext& api, const ApiRequest& request, const Respond& respond);
void post_setup(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_session(ApiContext& api, const ApiRequest& request, const Respond& respond);
void post_session(ApiContext& api, const ApiRequest& request, const Respond& respond);
void delete_session(ApiContext& api, const ApiRequest& request, const Respond& respond);
void post_password(ApiContext& api, const ApiRequest& request, const Respond& respond);
void post_users(ApiContext& api, const ApiRequest& request, const Respond& respond);
void put_user_password(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_version(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_openapi(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_api_docs(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_api_docs_file(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_docs(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_livez(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_readyz(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_metrics(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_root(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_asset(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_incident_link(ApiContext& api, const ApiRequest& request, const Respond& respond);
void get_error_page(ApiContext& api, const ApiRequest& request, const Respond& respond);

}  // namespace tocsin
