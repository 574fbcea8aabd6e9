// GET version, and GET / for who opens the address in a browser.
#include "api/handlers.h"
#include "api/json_writer.h"
#include "api/services.h"

namespace tocsin {

void get_version(ApiContext& api, const ApiRequest&, const Respond& respond) {
  JsonWriter json;
  json.begin_object().field("name", "tocsin").field("version", api.services.version);
  json.field("api", "v1").field("public_url", api.services.public_url).end_object();
  respond({.body = json.take()});
}

void get_root(ApiContext&, const ApiRequest&, const Respond& respond) {
  respond({.content_type = "text/plain; charset=utf-8",
           .body = "This is Tocsin, a TCP monitoring server.\n"
                   "API: /api/v1   health: /livez, /readyz?verbose   metrics: /metrics\n"});
}

}  // namespace tocsin
