// GET version.
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

}  // namespace tocsin
