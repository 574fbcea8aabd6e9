// GET presets: the port presets in their order.
#include "api/handlers.h"
#include "api/json_writer.h"
#include "model/preset.h"

namespace tocsin {

void get_presets(ApiContext&, const ApiRequest&, const Respond& respond) {
  JsonWriter json;
  json.begin_object().key("data").begin_list();
  for (const Preset& preset : presets()) {
    json.begin_object();
    json.field("id", preset.id).field("name", preset.name);
    json.count_field("port", preset.port).field("more", preset.more).field("tls", preset.tls);
    json.field("starttls", preset.starttls).field("repeats_in_tls", preset.repeats_in_tls);
    json.field("send", preset.send).field("expect", preset.expect);
    json.field("help", preset.help).end_object();
  }
  json.end_list().null_field("next_cursor").end_object();
  respond({.body = json.take()});
}

}  // namespace tocsin
